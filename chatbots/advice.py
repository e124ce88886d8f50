"""What a chatbot deploys with but would be better without: the warnings of the problem list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from assistants import advice as shared
from assistants.draft_type import SHARED_LISTS
from assistants.placeholders import texts_of, welcomes
from assistants.unshown import citations, unshown
from assistants.widget_advice import widget
from inference.resolve import is_configured

if TYPE_CHECKING:
    from assistants.advice import Advice, Data

PROMPT = "system_prompt"


def placeholders(data: Data) -> tuple[str, ...]:
    """The paths of the texts that call variables by their names."""
    return (PROMPT, *welcomes(data))


def advice(data: Data) -> Advice:
    """Everything that would be better, in the order of the steps."""
    texts = texts_of(data, placeholders(data), SHARED_LISTS)
    prompt = _("The prompt uses {{%(name)s}}, but no variable has this name")
    unused = _("The variable %(name)s is not used in the prompt or the welcome message")
    yield from _knowledge(data)
    yield from _model(data)
    yield from shared.undeclared(data, texts, {PROMPT: prompt})
    yield from shared.greeted_too_early(data, texts)
    yield from shared.variables(data, texts, unused)
    yield from shared.welcome(data)
    yield from shared.consent(data)
    yield from shared.reach(data)
    yield from widget(data)
    yield from unshown(data)
    yield from citations(data, _asked(data))


def _asked(data: Data) -> list[object]:
    """The knowledge bases that are attached and switched on."""
    attached = data.get("knowledge_bases") or ()
    return [item for item in attached if item.get("enabled", True)]


def _knowledge(data: Data) -> Advice:
    attached = data.get("knowledge_bases") or ()
    if not attached:
        yield "knowledge_bases", _("No knowledge bases configured")
    elif not _asked(data):
        yield "knowledge_bases", _("Every attached knowledge base is switched off")


def _model(data: Data) -> Advice:
    """Nobody chose a model, and the server has none to fall back to."""
    if data.get("provider") or data.get("credential_id"):
        return
    if not is_configured():
        words = (
            _("No language model is configured: answers are quotes of the knowledge bases")
            if _asked(data)
            else _(
                "No language model is configured: visitors read that the assistant is not available"
            )
        )
        yield "provider", words
