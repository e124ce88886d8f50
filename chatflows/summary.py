"""What a node does, in one line, for its card."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chatflows.wording import choice_label

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chatflows.drawn import DrawnNode

LONGEST = 120


def summary_of(each: DrawnNode, bases: Mapping[str, str]) -> str:
    """``bases`` are the names of knowledge bases by their ids."""
    if each.node.kind == "knowledge_base":
        said = bases.get(getattr(each.settings, "kb_id", ""), "")
    else:
        said = WORDS.get(each.node.kind, _nothing)(each.settings)
    text = " ".join(str(said or "").split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _nothing(settings: Any) -> str:
    del settings
    return ""


def _cases(settings: Any) -> str:
    count = len(settings.cases)
    return ngettext("%(count)d case", "%(count)d cases", count) % {"count": count}


def _seconds(settings: Any) -> str:
    return _("%(seconds)s s") % {"seconds": f"{settings.seconds:g}"}


WORDS: Mapping[str, Callable[[Any], str]] = {
    "trigger": lambda s: choice_label("trigger_type", s.trigger_type),
    "response": attrgetter("message"),
    "collect_input": attrgetter("question"),
    "buttons": attrgetter("message"),
    "handoff": attrgetter("message"),
    "llm": attrgetter("prompt"),
    "classifier": attrgetter("text"),
    "condition": attrgetter("condition"),
    "switch": _cases,
    "loop": lambda s: s.condition if s.mode == "while" else s.items,
    "parallel": attrgetter("items"),
    "delay": _seconds,
    "http": lambda s: f"{s.method} {s.url}",
    "variable": lambda s: f"{s.variable} = {s.value}",
    "template": attrgetter("template"),
    "comment": attrgetter("text"),
}
