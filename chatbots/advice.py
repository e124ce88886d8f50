"""What a chatbot deploys with but would be better without: the warnings of the problem list.

Each function looks at the document (of a draft, so possibly incomplete) and yields a path and a
sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from channels_deploy import channels
from chatbots.placeholders import PROMPT, WELCOME, texts_of
from conversations.prompt import names_in
from inference.resolve import is_configured

Data = Mapping[str, Any]
Advice = Iterator[tuple[str, str]]


def advice(data: Data) -> Advice:
    """Everything that would be better, in the order of the steps."""
    for look in LOOKS:
        yield from look(data)


def _knowledge(data: Data) -> Advice:
    attached = data.get("knowledge_bases") or ()
    if not attached:
        yield "knowledge_bases", _("No knowledge bases configured")
    elif not any(item.get("enabled", True) for item in attached):
        yield "knowledge_bases", _("Every attached knowledge base is switched off")


def _model(data: Data) -> Advice:
    """Nobody chose a model, and the server has none to fall back to."""
    if data.get("provider") or data.get("credential_id"):
        return
    if not is_configured():
        attached = any(item.get("enabled", True) for item in data.get("knowledge_bases") or ())
        words = (
            _("No language model is configured: answers are quotes, with a note that says so")
            if attached
            else _("No language model is configured: visitors only get a note that says so")
        )
        yield "provider", words


def _undeclared(data: Data) -> Advice:
    declared = {item.get("name") for item in data.get("variables") or ()}
    messages = {
        PROMPT: _("The prompt uses {{%(name)s}}, but no variable has this name"),
        WELCOME: _("The welcome message uses {{%(name)s}}, but no variable has this name"),
    }
    for path, text in texts_of(data).items():
        for name in names_in(text):
            if name not in declared:
                yield path, messages[path] % {"name": name}


def _greeted_too_early(data: Data) -> Advice:
    """The welcome message stands there before anything is asked, and a page need not tell."""
    used = names_in(texts_of(data)[WELCOME], single=True)
    for item in data.get("variables") or ():
        if item.get("name") in used and item.get("default") in (None, ""):
            yield (
                WELCOME,
                _("The welcome message may be shown before %(name)s is known: give it a default")
                % {"name": item["name"]},
            )


def _variables(data: Data) -> Advice:
    items = [item for item in data.get("variables") or () if item.get("name")]
    used = names_in("\n".join(texts_of(data).values()), single=True)
    for item in items:
        name, path = item["name"], f"variables.{item['name']}"
        asked = item.get("collect_before_chat", False)
        if not asked and name not in used:
            yield (
                path,
                _("The variable %(name)s is not used in the prompt or the welcome message")
                % {"name": name},
            )
        if item.get("required") and not asked and item.get("default") in (None, ""):
            yield (
                path,
                _("%(name)s is required but not asked for before the chat, so it may stay empty")
                % {"name": name},
            )


def _welcome(data: Data) -> Advice:
    if not (data.get("appearance") or {}).get("welcome_message"):
        yield "appearance.welcome_message", _("Welcome message not set")


def _consent(data: Data) -> Advice:
    lead = data.get("lead_capture") or {}
    if lead.get("enabled") and not lead.get("consent_text"):
        yield (
            "lead_capture.consent_text",
            _("The lead form does not say what the details are used for"),
        )


def _channels(data: Data) -> Advice:
    items = (data.get("deployment") or {}).get("channels") or ()
    enabled = {item["type"]: item for item in items if item.get("enabled")}
    if not enabled:
        yield (
            channels.PATH,
            _("No channel is switched on: only the API will reach it"),
        )
    for name, item in enabled.items():
        if limit := channels.described(name).limit(item.get("config") or {}):
            yield channels.path_of(name, limit.field), limit.sentence


LOOKS: tuple[Callable[[Data], Advice], ...] = (
    _knowledge,
    _model,
    _undeclared,
    _greeted_too_early,
    _variables,
    _welcome,
    _consent,
    _channels,
)
