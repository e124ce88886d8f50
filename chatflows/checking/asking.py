"""Where in a drawing nobody can be asked anything, and no person can take over: told of the nodes
that would, and of those that run other flows, which may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext as _

from assistants.named import BarredFlow, Needs
from chatflows.checking.problem import at_node
from chatflows.checking.reach import Reach
from chatflows.naming import name_of
from chatflows.nodes.subflow import SubflowSettings
from chatflows.nodes.trigger import SCHEDULE, WEBHOOK
from chatflows.starts import chat_starts, settings_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatflows.checking.problem import Problem
    from chatflows.drawn import Drawing, DrawnNode

# What a flow may take of people: an answer to what it asks, or somebody of the team.
ANSWER, PERSON = "answer", "person"


@dataclass(frozen=True)
class _Bar:
    """Why ``need`` is not met where a node stands: ``own`` says it of a node that has it, ``other``
    of a flow that a node runs, with ``{flow}`` for what that is called."""

    need: str
    severity: Literal["error", "warning"]
    own: str
    other: str

    def of(self, flow: str) -> str:
        return self.other.replace("{flow}", flow)


def asking(drawing: Drawing, reach: Reach) -> Iterator[Problem]:
    """The nodes that ask where they cannot, or that nobody hears."""
    bars = _Bars(drawing, reach)
    for each in drawing.nodes.values():
        need = _need_of(each)
        for bar in bars.at(each) if need else ():
            if bar.need == need:
                yield at_node(bar.severity, each.id, bar.own)


def barred(drawing: Drawing) -> Iterator[BarredFlow]:
    """The flows that are run where they could not do so either, should they ask."""
    bars = _Bars(drawing, Reach(drawing))
    for each in drawing.nodes.values():
        if isinstance(each.settings, SubflowSettings) and each.settings.chatflow_id:
            path = f"nodes.{each.id}.data.chatflow_id"
            for bar in bars.at(each):
                flow_id = each.settings.chatflow_id
                yield BarredFlow(path, flow_id, bar.need, bar.severity, bar.of)


def needs(drawing: Drawing) -> Needs:
    """What the flow takes of people where another one runs it, which begins with a message."""
    reach = Reach(drawing)
    chats = chat_starts(drawing)
    reached = reach.after(chats[0].id) if chats else frozenset[str]()
    nodes = [each for each in drawing.nodes.values() if each.id in reached]
    through = (e.settings for e in nodes if isinstance(e.settings, SubflowSettings))
    return Needs(
        frozenset(filter(None, map(_need_of, nodes))),
        tuple(dict.fromkeys(e.chatflow_id for e in through if e.chatflow_id and e.speaks)),
    )


def _need_of(each: DrawnNode) -> str:
    if each.node.hands_off:
        return PERSON
    return ANSWER if each.node.asks else ""


class _Bars:
    """What bars asking, by the place of a node."""

    def __init__(self, drawing: Drawing, reach: Reach) -> None:
        self.drawing, self.reach = drawing, reach
        self.starts = [(trigger, reach.after(trigger.id)) for trigger in drawing.of_kind("trigger")]

    def at(self, each: DrawnNode) -> list[_Bar]:
        """Where it is impossible, what else makes it pointless is left out."""
        owners = (self.drawing.nodes[owner] for owner, _handle in self.reach.around(each.id))
        owner = next((one for one in owners if not one.node.keeps_rounds), None)
        if owner is not None:
            return _run_by(name_of(owner))
        if isinstance(each.settings, SubflowSettings) and not each.settings.speaks:
            return _unheard()
        after = [trigger for trigger, reached in self.starts if each.id in reached]
        return [bar for trigger in after for bar in _started_by(trigger)]


def _run_by(name: str) -> list[_Bar]:
    asked = _("%(name)s runs this node, and in what it runs nobody can be asked anything.")
    person = _("%(name)s runs this node, and what it runs cannot wait for a person.")
    asked_by = _("{flow} asks something, and in what %(name)s runs nobody can be asked anything.")
    person_of = _("{flow} hands over to a person, and what %(name)s runs cannot wait for one.")
    named = {"name": name}
    return [
        _Bar(ANSWER, "error", asked % named, asked_by % named),
        _Bar(PERSON, "error", person % named, person_of % named),
    ]


def _unheard() -> list[_Bar]:
    """What a node runs without saying what is said: it says nothing of its own."""
    asked_by = _("{flow} asks something that nobody hears. Let what it says be said.")
    person_of = _(
        "{flow} hands over to a person, and nobody hears of it. Let what it says be said."
    )
    return [_Bar(ANSWER, "error", "", asked_by), _Bar(PERSON, "error", "", person_of)]


def _started_by(trigger: DrawnNode) -> list[_Bar]:
    settings = settings_of(trigger)
    if settings.trigger_type == SCHEDULE:
        return _scheduled()
    return (
        _called(at_once=settings.respond == "at_once") if settings.trigger_type == WEBHOOK else []
    )


def _scheduled() -> list[_Bar]:
    return [
        _Bar(
            ANSWER,
            "warning",
            _("When the schedule starts the flow, nobody is there to answer this."),
            _("When the schedule starts the flow, nobody is there to answer what {flow} asks."),
        ),
        _Bar(
            PERSON,
            "warning",
            _("When the schedule starts the flow, nobody is there whom a person could talk to."),
            _(
                "{flow} hands over to a person. When the schedule starts the flow, nobody is there "
                "whom they could talk to."
            ),
        ),
    ]


def _called(*, at_once: bool) -> list[_Bar]:
    """A caller that gets what is said can answer it with the next call; what people say comes
    later than any answer to a call."""
    asked = _Bar(
        ANSWER,
        "warning",
        _("The webhook answers its caller at once: nobody hears this question."),
        _("The webhook answers its caller at once: nobody hears what {flow} asks."),
    )
    person = _Bar(
        PERSON,
        "warning",
        _("Whoever calls the webhook does not hear what a person says."),
        _("{flow} hands over to a person. Whoever calls the webhook does not hear what they say."),
    )
    return [*([asked] if at_once else ()), person]
