"""What a model is sent: instructions with the variables filled in, passages, as much of the
conversation as fits, and the question. Shared by every kind of assistant."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from common.names import NAME
from inference.client import ChatMessage
from inference.grounding import Source, block

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from conversations.runtime import MemoryLimits
    from conversations.turn import Passage, Turn, Utterance

# {{ name }} or {name}; with a brace more on either side it is somebody else's syntax.
_PLACEHOLDER = re.compile(rf"(?<!\{{)(?:\{{\{{\s*({NAME})\s*\}}\}}|\{{({NAME})\}})(?!\}})")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_CITATION = re.compile(r"\[(\d{1,3})\]")
VALUE_LENGTH = 500
BYTES_PER_TOKEN = 4
TOKENS_PER_MESSAGE = 4


def compose(
    instructions: str,
    turn: Turn,
    *,
    variables: Mapping[str, object] = MappingProxyType({}),
    memory: MemoryLimits | None = None,
    passages: Sequence[Passage] = (),
) -> tuple[ChatMessage, ...]:
    """The whole prompt. ``variables`` holds every declared name; ``memory`` None forgets."""
    sources = block(Source(p.number, p.title, p.text, p.note) for p in passages)
    parts = (render(instructions, variables), opening(turn), sources)
    system = "\n\n".join(part for part in parts if part)
    history = fit(turn.history, memory) if memory else ()
    return (
        *((ChatMessage("system", system),) if system else ()),
        *(ChatMessage(said.role, said.content) for said in history),
        ChatMessage("user", turn.message),
    )


def opening(turn: Turn) -> str:
    """What the assistant said before the visitor's first message. Told in the instructions: many
    models want the visitor to speak first."""
    if len(turn.history) != 1 or turn.history[0].role != "assistant":
        return ""
    return f"You began this conversation by saying to the visitor:\n{turn.history[0].content}"


def as_it_is(value: str, before: str) -> str:
    """How ``render`` writes a value where no other way is asked for."""
    del before
    return value


def render(
    template: str,
    variables: Mapping[str, object],
    written: Callable[[str, str], str] = as_it_is,
) -> str:
    """``template`` with ``{{name}}`` and ``{name}`` replaced by what ``variables`` holds.

    One pass: what is inserted is never looked at again, and a name that ``variables`` does not
    hold stays as it is written. ``written`` makes of a value, and of all that the template has
    before it, what is inserted.
    """

    def value(match: re.Match[str]) -> str:
        name = match[1] or match[2]
        if name not in variables:
            return match[0]
        return written(as_text(variables[name]), template[: match.start()])

    return _PLACEHOLDER.sub(value, template)


def with_names(template: str, names: Mapping[str, str]) -> str:
    """``template`` with other names in its placeholders, by the ones they have; all else stays."""

    def placeholder(match: re.Match[str]) -> str:
        name = match[1] or match[2]
        return match[0].replace(name, names.get(name, name))

    return _PLACEHOLDER.sub(placeholder, template)


def names_in(template: str, *, single: bool = False) -> tuple[str, ...]:
    """The names that ``render`` fills in where it knows them, each once, in order: those written
    ``{{name}}``, and with ``single`` those written ``{name}``, which may be ordinary text."""
    found = (m[1] or (m[2] if single else "") for m in _PLACEHOLDER.finditer(template))
    return tuple(dict.fromkeys(filter(None, found)))


def single_braced(template: str) -> tuple[str, ...]:
    """The names that stand in it as ``{name}``, each once, in order."""
    found = (m[2] or "" for m in _PLACEHOLDER.finditer(template))
    return tuple(dict.fromkeys(filter(None, found)))


def as_text(value: object) -> str:
    """A variable's value on one line, so that a visitor's text cannot pass for a new section."""
    text = "" if value is None else str(value)
    return _UNPRINTABLE.sub(" ", text).strip()[:VALUE_LENGTH]


def fit(history: Sequence[Utterance], memory: MemoryLimits) -> tuple[Utterance, ...]:
    """The newest of ``history`` within both limits, starting with something the visitor said."""
    kept: list[Utterance] = []
    room = memory.max_tokens
    for said in reversed(history[-memory.max_messages :]):
        room -= tokens(said.content)
        if room < 0:
            break
        kept.append(said)
    while kept and kept[-1].role != "user":
        kept.pop()
    return tuple(reversed(kept))


def tokens(text: str) -> int:
    """About how many tokens a message is, whatever the model's tokenizer and the language."""
    return len(text.encode()) // BYTES_PER_TOKEN + TOKENS_PER_MESSAGE


def cited(answer: str, passages: Iterable[Passage]) -> tuple[Passage, ...]:
    """The passages whose number ``answer`` names in brackets, in the order it names them."""
    known = {passage.number: passage for passage in passages}
    numbers = dict.fromkeys(int(number) for number in _CITATION.findall(answer))
    return tuple(known[number] for number in numbers if number in known)
