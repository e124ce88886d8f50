"""What a node is: settings, the handles it is left by, and what it does when a run comes to it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Generic, Literal, TypeVar

from pydantic import Field

from chatflows.executor.graph import BODY, ERROR, MAIN
from chatflows.expressions.values import is_too_deep
from chatflows.expressions.weight import weight_of
from common.schema import Schema, key
from common.words import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from uuid import UUID

    from pydantic import BaseModel

    from chatflows.executor.call import Call
    from chatflows.executor.repeats import Repeated


@dataclass(frozen=True)
class Language:
    """Marks a setting that is written in the language of expressions: as a ``template``, or as one
    whole ``condition``."""

    name: Literal["template", "condition"]


# Of a list with nothing in it: what ``OnlyFor`` has for it, as documents and as boxes hold it.
NOTHING = ("", "[]")


@dataclass(frozen=True, init=False)
class OnlyFor:
    """Marks a setting that plays a part only where others, by name, have one of some values."""

    others: tuple[tuple[str, tuple[str, ...]], ...]

    def __init__(self, *others: tuple[str, tuple[str, ...]]) -> None:
        object.__setattr__(self, "others", others)

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Whether it plays a part where the others have ``values``."""
        return all((values.get(name) or "") in fit for name, fit in self.others)


@dataclass(frozen=True)
class Source:
    """Marks a setting that is written in a language for machines, such as JSON."""


@dataclass(frozen=True)
class Adds:
    """Marks a list of small objects: what the button says that adds one, such as “Add a case”."""

    words: str


TemplateText = Annotated[str, Language("template")]
ConditionText = Annotated[str, Language("condition")]
# The id of a way on that people make, such as a case or a button; others are the nodes' own.
HandleId = Annotated[str, key(r"(?!(?:else|other|error|body)$)[A-Za-z0-9_-]{1,40}")]


class Settings(Schema):
    """What people set of every node; in a flow's document these are flat in the node's ``data``."""

    label: str = Field(default="", max_length=80, title="Name")

    def http_credentials(self) -> Iterator[tuple[str, UUID]]:
        """The credentials that its requests are sent with, each with the setting that names it."""
        yield from ()

    @property
    def goes_on(self) -> bool:
        """Whether a run goes on where the node fails: what is wrong is its ``error`` then."""
        return False


def fitting(schema: type[BaseModel], given: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the values ``given`` for ``schema`` that play a part beside the others."""
    values = {name: info.default for name, info in schema.model_fields.items()} | dict(given)
    idle = {
        name
        for name, info in schema.model_fields.items()
        if not all(e.holds(values) for e in info.metadata if isinstance(e, OnlyFor))
    }
    return {name: value for name, value in given.items() if name not in idle}


OnError = Literal["stop", "branch", "continue"]


class FallibleSettings(Settings):
    """The same of nodes that can fail through no fault of their own: what they reach, or what they
    run, does.

    ``on_error``: the run ends with the error (``stop``), goes on through the node's ``error``
    handle (``branch``), or as if nothing had been found (``continue``).
    """

    on_error: OnError = Field(default="stop", title="When it fails")

    @property
    def goes_on(self) -> bool:
        return self.on_error != "stop"


class ReachingSettings(FallibleSettings):
    """The same of nodes that reach outside. ``retries`` are tries after the first."""

    timeout_seconds: int = Field(default=30, ge=1, le=60, title="Longest wait, in seconds")
    retries: int = Field(default=0, ge=0, le=5, title="Tries after the first")


SettingsT = TypeVar("SettingsT", bound=Settings)


@dataclass(frozen=True, slots=True)
class Result:
    """A node has done its work. ``output`` is plain JSON, read elsewhere as ``{{node.…}}``."""

    output: Mapping[str, Any] = field(default_factory=dict)
    handle: str = MAIN


@dataclass(frozen=True, slots=True)
class Waiting:
    """The node goes on when the next message of the conversation comes; ``state`` is plain JSON
    that it is given back then."""

    state: Mapping[str, Any] = field(default_factory=dict)


class NodeError(Exception):
    """A node cannot do its work. The message is for whoever builds the flow and holds no secret.

    ``field`` is the setting at fault, ``column`` where in it. ``permanent``: trying again does not
    help. ``code`` is one of those of ``conversations.turn.Failed``.
    """

    def __init__(
        self,
        message: str,
        *,
        field: str = "",
        column: int = 0,
        permanent: bool = True,
        code: str = "upstream-failed",
    ) -> None:
        super().__init__(message)
        self.field = field
        self.column = column
        self.permanent = permanent
        self.code = code


# Characters of what a node gives, or a variable has.
LARGEST = 4 * 1024 * 1024


def checked_size(value: object) -> int:
    """How much ``value`` is, as ``weight_of`` has it; raises ``NodeError`` for what a node or a
    variable is to hold and nothing could keep."""
    if (weight := weight_of(value, LARGEST)) > LARGEST:
        words = f"This is larger than {LARGEST // 1024**2} MB."
        raise NodeError(words, code="run-limit")
    if is_too_deep(value):
        raise NodeError(_("This is nested too deep: lists and objects within one another."))
    return weight


class Node(ABC, Generic[SettingsT]):
    """A kind of node. There is one object of each, without state of its own: what a run knows is in
    the ``Call``.

    ``main`` names what of the output ``{{node}}`` alone stands for, ``outputs`` all that it always
    has. ``endings`` are handles that may lead nowhere, ``fallbacks`` those that may too where
    nobody then waits for an answer in vain. ``asks``: it may wait for the next message;
    ``hands_off``: after a person of the team has talked. ``passes_on``: that message is not for it
    alone, so where nothing that comes after it answers, the flow begins anew with it. ``repeats``:
    what hangs on its ``body`` handle is run as often as it wants. ``repeated`` is what people call
    a time that it runs something itself. ``keeps_rounds``: nodes that it
    runs may ask, and it goes on with their round when the answer comes. ``after_rounds`` are
    settings that are worked out after each round, and so may read what the nodes of its body gave.
    ``has_input``: edges may lead to it.

    ``version`` is that of the shape of its settings. Where a change of ``settings`` would misread
    what was stored before, count it up by one and append a function to ``upgrades``: it is given
    the settings of a node (plain JSON) as the version before wrote them, and gives them as the new
    one has them. So ``upgrades[0]`` leads from 1 to 2. It is pure and never raises: what a draft
    holds may be incomplete, and of any type; it stays for ever, since releases are never changed.
    A setting that is only added, with a default, needs neither.
    """

    kind: ClassVar[str]
    settings: ClassVar[type[Settings]]
    main: ClassVar[str] = "text"
    outputs: ClassVar[tuple[str, ...]] = ()
    endings: ClassVar[tuple[str, ...]] = (MAIN,)
    fallbacks: ClassVar[tuple[str, ...]] = ()
    asks: ClassVar[bool] = False
    hands_off: ClassVar[bool] = False
    passes_on: ClassVar[bool] = False
    repeats: ClassVar[bool] = False
    repeated: ClassVar[Repeated] = "round"
    keeps_rounds: ClassVar[bool] = False
    after_rounds: ClassVar[tuple[str, ...]] = ()
    has_input: ClassVar[bool] = True
    version: ClassVar[int] = 1
    upgrades: ClassVar[tuple[Callable[[dict[str, Any]], dict[str, Any]], ...]] = ()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if len(cls.upgrades) != cls.version - 1:
            raise TypeError(f"{cls.__name__} needs an upgrade from each version to the next")

    @abstractmethod
    async def run(self, call: Call[SettingsT]) -> Result | Waiting:
        """Do the node's work; raises ``NodeError``."""

    def handles(self, settings: SettingsT) -> tuple[str, ...]:
        """What it can be left by, without ``error``."""
        del settings
        return (MAIN,)

    def nothing(self) -> Result:
        """What it gives where it has failed and the run goes on as if it had found nothing, and by
        which of its handles."""
        return Result()

    def bodies(self, settings: SettingsT) -> tuple[str, ...]:
        """The handles whose nodes it runs itself, as often as it wants."""
        del settings
        return (BODY,) if self.repeats else ()

    def label_of(self, settings: SettingsT, handle: str) -> str:
        """What people call one of its handles."""
        del settings
        return handle

    def speaks(self, settings: SettingsT) -> bool:
        """Whether it says something to whoever chats."""
        del settings
        return self.asks

    def gives(self, settings: SettingsT) -> tuple[str, ...] | None:
        """The names of its output, for ``{{node.…}}``; None where it can be anything besides."""
        del settings
        return self.outputs

    def schema_of(self, settings: SettingsT) -> Mapping[str, Any] | None:
        """The JSON schema of its output, where that is known deeper than by names."""
        del settings
        return None

    def gives_inside(self, settings: SettingsT, handle: str) -> Mapping[str, tuple[str, ...]]:
        """All that the nodes of one of its bodies read of it, in the place of its output: names,
        with what each of them has. Empty where they read its output."""
        del settings, handle
        return {}

    def all_handles(self, settings: SettingsT) -> tuple[str, ...]:
        """What edges may begin at."""
        failing = isinstance(settings, FallibleSettings) and settings.on_error == "branch"
        return (*self.bodies(settings), *self.handles(settings), *((ERROR,) if failing else ()))
