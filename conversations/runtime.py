"""One engine for preview and live: ``answer`` runs a configuration, wherever it is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from common.registry import Registry

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from conversations.languages import Language
    from conversations.turn import Event, Passage, Turn
    from inference.client import ModelClient

# How many assistants may run in the midst of one another, below the outermost.
DEEPEST = 3


class Retriever(Protocol):
    """Finds the passages of knowledge bases that bear on a question."""

    async def retrieve(
        self, question: str, bases: tuple[Mapping[str, Any], ...]
    ) -> tuple[Passage, ...]: ...


@dataclass(frozen=True)
class ModelChoice:
    """Which model a configuration asks for. ``provider`` None lets the server choose."""

    provider: str | None = None
    model: str = ""
    credential_id: str | None = None


@dataclass(frozen=True)
class Ports:
    """Everything an assistant may reach. Preview and live differ here and nowhere below.

    ``models`` are those of its choices; ``secrets`` the values of the other credentials that it
    names, by their ids, without those that are gone. ``others`` are the live assistants that it
    may run in its midst, by the ids of their entities, with those that these may run; ``models``
    and ``secrets`` are theirs too. ``own_id`` is that of its own entity, if it has one. ``given``
    is what parts of the assistant are said to give, by their names, instead of being asked: only
    previews have any.
    """

    models: Mapping[ModelChoice, ModelClient]
    retriever: Retriever
    secrets: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    others: Mapping[str, Assistant] = field(default_factory=dict)
    own_id: str = ""
    given: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def of(self, choice: ModelChoice) -> ModelClient:
        """The model that was chosen; raises ``KeyError`` for none of the assistant's choices."""
        return self.models[choice]


@dataclass(frozen=True)
class MemoryLimits:
    """How much of a conversation an assistant wants to see: the newest that fit in both."""

    max_messages: int = 10
    max_tokens: int = 4000


@dataclass(frozen=True)
class Profile:
    """What a visitor's browser may know of an assistant: the whole of it, and nothing else.

    ``collect`` are the fields asked for before the chat, ``lead`` the lead form (None: no form):
    each field is ``{"name", "type", "label", "required", "options", "default"}``, and one of the
    lead form has the ``variable`` that tells the same (empty: none). ``launcher_text`` stands
    beside the launcher; ``invitations`` are the messages that come up on a page before
    anybody opens the chat: ``{"id", "text", "quick_replies", "page_match", "page", "when",
    "seconds", "percent", "repeat"}``.
    """

    name: str
    title: str = ""
    welcome_message: str = ""
    suggested_prompts: tuple[str, ...] = ()
    placeholder: str = ""
    avatar_url: str = ""
    theme: str = "light"
    primary_color: str = "#4F46E5"
    position: str = "bottom-right"
    feedback: bool = True
    citations: bool = True
    follow_ups: bool = True
    collect: tuple[Mapping[str, Any], ...] = ()
    lead: Mapping[str, Any] | None = None
    launcher_text: str = ""
    invitations: tuple[Mapping[str, Any], ...] = ()


class Assistant(Protocol):
    """One configured assistant, whatever its kind. Made once per release and kept.

    ``kind`` is that of the entities that it is made of. ``model_choices`` are all the models that
    it may ask, ``credentials`` what else it may use, by their ids, ``runs`` the ids of the entities
    that it may run in its midst, of its own kind. ``variables`` are the names of
    all that it may know of a visitor, with what people call each; ``listed`` says whether search
    engines may list its page.
    """

    kind: str
    model_choices: tuple[ModelChoice, ...]
    credentials: tuple[str, ...]
    runs: tuple[str, ...]
    memory: MemoryLimits
    profile: Profile
    variables: Mapping[str, str]
    messages_per_hour: int | None
    listed: bool

    def respond(self, turn: Turn, ports: Ports) -> AsyncIterator[Event]: ...

    def language_for(self, *wanted: str) -> Language | None:
        """The language to speak with a visitor who wants one of these, the dearest first; None
        where nobody says anything."""
        ...

    def profile_in(self, language: Language | None) -> Profile:
        """The profile in that language."""
        ...

    def greeting(self, known: Mapping[str, Any], language: Language | None = None) -> Profile:
        """The same with the first words for a visitor of whom ``known`` is known."""
        ...

    def told_in(self, state: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the visitor was asked for and told, by name, of what the assistant keeps."""
        ...


# By kind: from a configuration (plain JSON data, possibly of an incomplete draft) to an assistant.
assistants: Registry[Callable[[Mapping[str, Any]], Assistant]] = Registry("assistant")


def answer(assistant: Assistant, turn: Turn, ports: Ports) -> AsyncIterator[Event]:
    """Answer ``turn`` as ``assistant``.

    Yields ``Token``, ``Cited`` and ``Traced`` events and ends with exactly one ``Done`` or
    ``Failed``. ``Said`` may come before ``Done``, so that an answer is kept while suggestions are
    still made.
    """
    return assistant.respond(turn, ports)
