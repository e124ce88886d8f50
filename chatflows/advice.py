"""What a chatflow deploys with but would be better without: the warnings of the problem list."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from assistants import advice as shared
from assistants import unshown as of_all
from assistants.draft_type import SHARED_LISTS
from assistants.placeholders import texts_of, welcomes
from assistants.widget_advice import widget
from channels_deploy import channels
from chatflows.checking import problems
from chatflows.checking.reach import Reach
from chatflows.checking.silence import silent_ends
from chatflows.checking.texts import written_in
from chatflows.drawn import drawing_of
from chatflows.expressions import ExpressionError
from chatflows.nodes.agent import AgentSettings
from chatflows.nodes.llm import LlmSettings
from chatflows.nodes.model import ModelSettings
from chatflows.nodes.trigger import CHAT
from chatflows.starts import starts_in
from chatflows.unshown import unshown
from conversations.prompt import single_braced
from inference.resolve import is_configured

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistants.advice import Advice, Data
    from chatflows.drawn import Drawing, DrawnNode
    from chatflows.expressions.syntax import Reference


def advice(data: Data) -> Advice:
    """Everything that would be better, in the order of the steps."""
    drawing, texts = drawing_of(data), texts_of(data, welcomes(data), SHARED_LISTS)
    for problem in problems(drawing):
        if problem.severity == "warning":
            yield problem.path, problem.message
    yield from _single_braces(drawing)
    yield from _models(drawing)
    yield from shared.undeclared(data, texts, {})
    yield from shared.greeted_too_early(data, texts)
    yield from shared.welcome(data)
    yield from shared.consent(data)
    yield from _reach(data, drawing)
    yield from widget(data)


def _reach(data: Data, drawing: Drawing) -> Advice:
    """As for every assistant, where one can chat with the flow at all."""
    starts = starts_in(data)
    if CHAT in starts or not starts:
        yield from shared.reach(data)
        yield from of_all.unshown(data)
        yield from unshown(data, drawing)
        yield from of_all.citations(data, drawing.of_kind("knowledge_base"))
        return
    items = (data.get("deployment") or {}).get("channels") or ()
    if any(item.get("enabled") for item in items):
        words = _("No start begins with a message in the chat: nobody gets an answer on a channel")
        yield channels.PATH, words


def _single_braces(drawing: Drawing) -> Advice:
    """Variables as the prompts of chatbots may have them, which here is text like any other."""
    for each in drawing.nodes.values():
        for written in written_in(each.node.settings, each.data):
            if written.language != "template":
                continue
            for name in single_braced(written.text):
                if name in drawing.variables:
                    words = _("Write {{%(name)s}}, with two braces: {%(name)s} stays as it is")
                    yield f"nodes.{each.id}.data.{written.path}", words % {"name": name}


def _models(drawing: Drawing) -> Advice:
    """A model that nobody chose where the server has none, and one that knows nothing of yours."""
    asking = [e for e in drawing.nodes.values() if isinstance(e.settings, ModelSettings)]
    for each in asking:
        settings = each.settings
        assert isinstance(settings, ModelSettings)
        if not settings.provider and not settings.credential_id and not is_configured():
            words = _(
                "No language model is configured: this node says only that the assistant is not "
                "available"
            )
            yield f"nodes.{each.id}.data.provider", words
            return
    reach = Reach(drawing)
    started = reach.started
    answering = list(_answering(drawing, reach))
    in_use = [each for each in answering if each.id in started] or answering
    if in_use and not any(each.id in started for each in drawing.of_kind("knowledge_base")):
        words = _("The model answers without a knowledge base: it knows nothing of yours")
        yield f"nodes.{in_use[0].id}", words


def _answering(drawing: Drawing, reach: Reach) -> Iterator[DrawnNode]:
    """Nodes whose model makes up what people are told, or would be if it were said. One that has
    tools looks things up."""
    unsaid = silent_ends(drawing, reach)
    read = {
        reference.path[0]
        for each in drawing.nodes.values()
        if each.node.speaks(each.settings)
        for reference in _references(each)
        if len(reference.path) == 1 or reference.path[1] == "text"
    }
    for each in drawing.nodes.values():
        match each.settings:
            case AgentSettings(tools=(), servers=()) | LlmSettings():
                if each.id in read | unsaid or each.node.speaks(each.settings):
                    yield each


def _references(each: DrawnNode) -> Iterator[Reference]:
    for written in written_in(each.node.settings, each.data):
        with suppress(ExpressionError):  # of which the problems tell
            yield from written.read()
