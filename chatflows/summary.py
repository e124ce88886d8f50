"""What a node does, in one line, for its row and its card."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chatflows.nodes.llm import MESSAGES
from chatflows.nodes.messages import USER
from chatflows.nodes.trigger import SCHEDULE
from chatflows.wording import choice_label

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chatflows.drawn import DrawnNode

LONGEST, LONGEST_NOTE = 120, 600


# By kind of node, the setting that names something by its id.
NAMING = {"knowledge_base": "kb_id", "subflow": "chatflow_id"}


def summary_of(each: DrawnNode, names: Mapping[str, str]) -> str:
    """``names`` are those of knowledge bases and chatflows by their ids."""
    if setting := NAMING.get(each.node.kind):
        said = names.get(getattr(each.settings, setting, ""), "")
    elif each.node.kind == "switch":
        said = _cases(each)
    else:
        said = WORDS.get(each.node.kind, _nothing)(each.settings)
    return _cut(_in_line(said), LONGEST)


def on_card(each: DrawnNode, names: Mapping[str, str]) -> str:
    """A note is read there, with its lines."""
    if each.node.kind != "comment":
        return summary_of(each, names)
    lines = str(WORDS["comment"](each.settings) or "").strip().splitlines()
    return _cut("\n".join(map(_in_line, lines)), LONGEST_NOTE)


def _in_line(said: Any) -> str:
    return " ".join(str(said or "").split())


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _nothing(settings: Any) -> str:
    del settings
    return ""


def _cases(each: DrawnNode) -> str:
    """With those that nobody has filled in yet."""
    cases = each.data.get("cases")
    count = len(cases) if isinstance(cases, (list, tuple)) else 0
    return ngettext("%(count)d case", "%(count)d cases", count) % {"count": count}


def _seconds(settings: Any) -> str:
    return _("%(seconds)s s") % {"seconds": f"{settings.seconds:g}"}


def starts_with(settings: Any) -> str:
    """What starts the flow, in a few words."""
    if settings.trigger_type == SCHEDULE:
        return _schedule(settings)
    return choice_label("trigger_type", settings.trigger_type)


def _schedule(settings: Any) -> str:
    words = {
        "hour": _("Every hour, %(minute)s minutes past (%(zone)s)"),
        "day": _("Every day at %(at)s (%(zone)s)"),
        "week": _("Every %(weekday)s at %(at)s (%(zone)s)"),
    }.get(settings.every, "%(cron)s (%(zone)s)")
    return words % {
        "minute": settings.at[-2:],
        "at": settings.at,
        "weekday": choice_label("weekday", settings.weekday),
        "cron": settings.cron or choice_label("every", "cron"),
        "zone": settings.timezone,
    }


def _asked(settings: Any) -> str:
    """What a model is asked: of a list of messages the newest of the user."""
    if settings.prompt_type != MESSAGES:
        return str(settings.prompt)
    texts = [str(each.text) for each in settings.messages if each.role == USER]
    return texts[-1] if texts else ""


WORDS: Mapping[str, Callable[[Any], str]] = {
    "trigger": starts_with,
    "response": attrgetter("message"),
    "collect_input": attrgetter("question"),
    "buttons": attrgetter("message"),
    "handoff": attrgetter("message"),
    "llm": _asked,
    "agent": lambda s: s.system_prompt or s.prompt,
    "classifier": attrgetter("text"),
    "condition": attrgetter("condition"),
    "loop": lambda s: s.condition if s.mode == "while" else s.items,
    "parallel": attrgetter("items"),
    "delay": _seconds,
    "http": lambda s: s.url and f"{s.method} {s.url}",
    "variable": lambda s: s.variable and f"{s.variable} = {s.value}",
    "template": attrgetter("template"),
    "comment": attrgetter("text"),
}
