"""What a run tells while it goes on: steps for whoever builds, words for whoever chats."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as field_
from typing import TYPE_CHECKING, Any, Literal

from chatflows.executor.effects import Effects
from conversations.turn import Token, Usage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatflows.executor.flow import FlowNode
    from chatflows.executor.repeats import Repeat

# Where a step stands in the log, whatever ran beside it: places in the order of the graph, with the
# number of the round after each loop.
Place = tuple[int, ...]
# Where the places of a run begin that follows another one in the same turn: no flow is so large.
ANEW = 10_000
Status = Literal["ok", "waiting", "failed", "handled", "stopped", "reused", "pinned"]


@dataclass(frozen=True, slots=True)
class StepStarted:
    """The run has come to a node. ``started_at`` is in seconds since the run began.

    Of a node of another flow, which runs in the midst of this one, ``node_id`` is
    ``subflow1/llm1``, which no node of this flow can be called; ``label``, which is what people
    call the node, and ``place`` begin with those of the node that runs it. ``repeats`` say which
    time it was, of what a node such as a loop runs itself, the outermost first, as far as ``label``
    does not.
    """

    node_id: str
    kind: str
    place: Place
    started_at: float
    label: str = ""
    repeats: tuple[Repeat, ...] = ()


@dataclass(frozen=True, slots=True)
class StepFinished:
    """A node is done (``ok``), waits for the next message (``waiting``), or has failed: the run
    ended with that, or what another node ran (``failed``), or it went on as the node's settings say
    (``handled``). It was called off before it was done, by a limit or by what failed elsewhere
    (``stopped``). Or it was not asked at all: it gave what it is said to have given before
    (``reused``), or was told to give (``pinned``).

    ``handle`` is where it was left, ``model`` the one that it asked, ``effects`` what it did
    besides; ``read`` is what its conditions read, by path. ``error`` says where it is, in words;
    ``field`` and ``column`` say it as ``NodeError`` does. ``duration`` is in seconds. ``each`` is
    the node itself, of whichever flow.
    """

    node_id: str
    kind: str
    place: Place
    status: Status
    started_at: float
    duration: float
    input: Mapping[str, Any] = field_(default_factory=dict)
    output: Mapping[str, Any] | None = None
    handle: str = ""
    error: str = ""
    usage: Usage = field_(default_factory=Usage)
    label: str = ""
    model: str = ""
    effects: Effects = field_(default_factory=Effects)
    each: FlowNode | None = None
    repeats: tuple[Repeat, ...] = ()
    field: str = ""
    column: int = 0
    read: Mapping[str, Any] = field_(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ended:
    """The run has come to its end, or ``waits``. ``state`` is plain JSON for the next message: what
    the variables are and, if it waits, where it goes on from. ``is_unheard``: its message was
    passed on by what had waited for it, and nothing was said to it."""

    state: Mapping[str, Any]
    waits: bool = False
    is_unheard: bool = False


@dataclass(frozen=True, slots=True)
class Broken:
    """The run ended with a fault. ``node_id`` is empty where it is nobody's; ``message`` is for
    whoever builds, ``code`` as in ``conversations.turn.Failed``."""

    message: str
    node_id: str = ""
    field: str = ""
    column: int = 0
    code: str = "upstream-failed"


RunEvent = StepStarted | StepFinished | Token | Ended | Broken
