"""What goes into the runtime and what comes out: a turn in, events out. Knows no framework."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from conversations.languages import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conversations.languages import Language

# Characters of an answer that pages show: hostile Markdown takes seconds from 50 kB on.
LONGEST_ANSWER = 16_000


@dataclass(frozen=True)
class Utterance:
    """One message of the conversation so far."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True)
class Occasion:
    """What an assistant is started by where it is no message in the chat: its ``name``, such as
    ``webhook``, and plain JSON that came with it. ``told`` is what people read in the place of a
    message, where there is none."""

    name: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    told: str = ""


@dataclass(frozen=True)
class Turn:
    """One message to answer: the text, what was said before (oldest first), what is known.

    ``follow_ups`` is False where nobody would see suggestions, so that none are asked for.
    ``state`` is what the assistant kept after the last message, as plain JSON. With an ``occasion``
    the message may be empty. ``with_person`` is what was said, the oldest first, while a person had
    the conversation last. ``language`` is the visitor's, as far as the widget speaks it.
    """

    message: str
    history: tuple[Utterance, ...] = ()
    variables: Mapping[str, Any] = field(default_factory=dict)
    channel: str = "api"
    follow_ups: bool = True
    state: Mapping[str, Any] = field(default_factory=dict)
    occasion: Occasion | None = None
    with_person: tuple[Utterance, ...] = ()
    language: Language = ENGLISH

    @property
    def told(self) -> str:
        """What people read as the question."""
        return self.message or (self.occasion.told if self.occasion else "")


@dataclass(frozen=True)
class Passage:
    """A piece of knowledge that was in the prompt and may be cited as ``[number]``. ``found`` are
    the words of it that fit the question, which may stand anywhere in ``text``; visitors are shown
    them. ``note`` is what the people who keep it say about it; the model reads it, visitors do
    not."""

    number: int
    text: str
    title: str
    url: str = ""
    document_id: str = ""
    chunk_id: str = ""
    score: float = 0.0
    found: str = ""
    note: str = ""


@dataclass(frozen=True)
class Token:
    """The next piece of the answer's text."""

    text: str


@dataclass(frozen=True)
class Cited:
    """The answer referred to this passage."""

    passage: Passage


@dataclass(frozen=True)
class Usage:
    """Tokens as the provider counted them; zeros when it does not say."""

    prompt_tokens: int = 0
    completion_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
        )

    @property
    def total_tokens(self) -> int:
        return self.prompt_tokens + self.completion_tokens


@dataclass(frozen=True)
class Introduced:
    """What whoever chats told of themselves for a lead: ``fields`` by the names of
    ``conversations.lead_fields``, and the words that they agreed to, if there were any."""

    fields: Mapping[str, str]
    consent: str = ""

    def after(self, before: Introduced | None) -> Introduced:
        """Together with what was told before it."""
        if before is None:
            return self
        words = dict.fromkeys(filter(None, (before.consent, self.consent)))
        return Introduced({**before.fields, **self.fields}, "\n".join(words))


@dataclass(frozen=True)
class Done:
    """The answer is whole. ``sources`` are the names of what was consulted; ``state`` is what the
    assistant wants to be given with the next message (None: what it was given). ``handoff`` says
    why a person is to go on with the conversation (None: none is). ``unanswered`` is why it may be
    no answer to what was asked: a knowledge base was asked and had nothing about it, or the model
    used nothing of what it had. ``introduced`` is what was told for a lead (None: nothing).

    ``cards`` (``{"title", "text", "image_url", "link": {"label", "url"} | None}``) and ``links``
    (``{"label", "url"}``) are in the message too, as Markdown: they are for channels that can show
    more than text. Their addresses begin with ``https://``; an image's may be empty.
    """

    message: str
    citations: tuple[Passage, ...] = ()
    follow_ups: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    usage: Usage = Usage()
    model: str = ""
    state: Mapping[str, Any] | None = None
    handoff: str | None = None
    cards: tuple[Mapping[str, Any], ...] = ()
    links: tuple[Mapping[str, str], ...] = ()
    unanswered: Literal["", "not_found", "not_used"] = ""
    introduced: Introduced | None = None


@dataclass(frozen=True)
class Traced:
    """Something that went on inside, for whoever builds: its ``name`` and plain JSON. What is
    ``kept`` stays with the answer, for whoever looks into the conversation. ``whole`` is the same
    without anything cut, from which a draft's run can be done again. What begins and what ends have
    the same ``id``; ``broken_off`` tells the end of what has begun, where the answer is stopped
    before it comes."""

    name: str
    data: Mapping[str, Any]
    kept: bool = True
    whole: Mapping[str, Any] | None = None
    id: str = ""
    broken_off: Callable[[], Traced] | None = None


@dataclass(frozen=True)
class Said:
    """The answer is whole and can be kept; only its suggestions take longer. Comes before ``Done``
    where there is something to wait for."""

    answer: Done


@dataclass(frozen=True)
class Failed:
    """The answer could not be given, or not to its end. ``code`` is one of ``upstream-failed``,
    ``upstream-timeout``, ``rate-limit``, ``not-configured``, or ``run-timeout`` and
    ``run-limit`` for limits of its own; ``message`` is for the person who chats and holds no
    secret; ``partial`` is what had been said."""

    code: str
    message: str
    partial: str = ""
    retry_after: int | None = None


Event = Token | Cited | Traced | Said | Done | Failed
