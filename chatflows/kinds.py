"""The kinds of nodes as people see them: what they are called, what they are for, how they look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from chatflows.nodes import BY_KIND
from chatflows.nodes.trigger import GIVES

if TYPE_CHECKING:
    from collections.abc import Container

    from django.utils.functional import _StrPromise

    Text = str | _StrPromise


@dataclass(frozen=True)
class Kind:
    """``most``: a flow has at most so many (0: any number). ``tone`` is one of the canvas's
    colours. ``words`` are what else people search for when they want it."""

    name: str
    label: Text
    group: Text
    icon: str
    tone: str
    help: Text
    most: int = 0
    words: Text = ""


TALK, MODELS, LOGIC, DATA = _("Talking"), _("Models and knowledge"), _("Logic"), _("Data")
KINDS = (
    Kind(
        "trigger",
        _("Start"),
        TALK,
        "circle-play",
        "green",
        _("Where a flow begins."),
        most=len(GIVES),
        words=_("begin trigger webhook schedule cron"),
    ),
    Kind(
        "response",
        _("Response"),
        TALK,
        "message-square",
        "green",
        _("Says something."),
        words=_("message answer reply say text send"),
    ),
    Kind(
        "collect_input",
        _("Question"),
        TALK,
        "text-cursor-input",
        "green",
        _("Asks for something, checks the answer and waits for it."),
        words=_("form input ask collect field email phone"),
    ),
    Kind(
        "buttons",
        _("Buttons"),
        TALK,
        "mouse-pointer-click",
        "green",
        _("Lets people pick a way."),
        words=_("quick replies choices options menu"),
    ),
    Kind(
        "handoff",
        _("Human handoff"),
        TALK,
        "headset",
        "green",
        _("Hands the conversation to your team, who answer in the inbox."),
        words=_("human agent person team live chat transfer escalate"),
    ),
    Kind(
        "llm",
        _("LLM"),
        MODELS,
        "sparkles",
        "indigo",
        _("Asks a language model."),
        words=_("ai model gpt prompt generate chat completion"),
    ),
    Kind(
        "agent",
        _("Agent"),
        MODELS,
        "bot",
        "indigo",
        _("A model that uses tools."),
        words=_("tools functions assistant mcp"),
    ),
    Kind(
        "classifier",
        _("Intent"),
        MODELS,
        "tag",
        "indigo",
        _("A model tells which of several ways fits what was said."),
        words=_("classifier classify intent route router categories"),
    ),
    Kind(
        "knowledge_base",
        _("Knowledge base"),
        MODELS,
        "book-open",
        "indigo",
        _("Looks something up in a knowledge base."),
        words=_("rag retrieval search documents"),
    ),
    Kind(
        "condition",
        _("Condition"),
        LOGIC,
        "git-branch",
        "amber",
        _("Two ways, by a condition."),
        words=_("if else branch decision filter"),
    ),
    Kind(
        "switch",
        _("Switch"),
        LOGIC,
        "list-filter",
        "amber",
        _("Several ways, by conditions."),
        words=_("case route router branch if else"),
    ),
    Kind(
        "loop",
        _("Loop"),
        LOGIC,
        "repeat",
        "amber",
        _("Repeats nodes, one round after the other."),
        words=_("for each while repeat iterate"),
    ),
    Kind(
        "parallel",
        _("Parallel"),
        LOGIC,
        "layers",
        "amber",
        _("Repeats nodes for all items of a list at the same time."),
        words=_("map for each batch iterate concurrent"),
    ),
    Kind(
        "delay",
        _("Delay"),
        LOGIC,
        "timer",
        "amber",
        _("Waits a moment."),
        words=_("wait sleep pause timer"),
    ),
    Kind(
        "subflow",
        _("Chatflow"),
        LOGIC,
        "workflow",
        "amber",
        _("Runs another chatflow, and goes on with what comes of it."),
        words=_("subflow call workflow reuse"),
    ),
    Kind(
        "http",
        _("HTTP request"),
        DATA,
        "globe",
        "blue",
        _("Asks another server."),
        words=_("api rest webhook fetch call curl tool"),
    ),
    Kind(
        "variable",
        _("Variable"),
        DATA,
        "variable",
        "blue",
        _("Remembers something."),
        words=_("set assign store memory save"),
    ),
    Kind(
        "comment",
        _("Note"),
        LOGIC,
        "sticky-note",
        "slate",
        _("For whoever builds."),
        words=_("comment sticky annotation"),
    ),
    Kind(
        "template",
        _("Template"),
        DATA,
        "braces",
        "blue",
        _("Puts texts and values together."),
        words=_("format text compose transform json code"),
    ),
)
BY_NAME = {kind.name: kind for kind in KINDS}


def fresh_id(kind: str, taken: Container[str]) -> str:
    """An id that no node has: the kind's name with the lowest number that is free."""
    number = 1
    while f"{kind}{number}" in taken:
        number += 1
    return f"{kind}{number}"


def kind_of_id(node_id: str) -> str:
    """The kind in an id that ``fresh_id`` made."""
    return node_id.rstrip("0123456789")


def new_node(node_id: str) -> dict[str, Any]:
    """A node as it is added by its id alone."""
    kind = kind_of_id(node_id)
    return {"type": kind if kind in BY_KIND else "template"}
