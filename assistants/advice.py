"""What every kind deploys with but would be better without: warnings of the problem list.

Each function looks at the document (of a draft, so possibly incomplete) and yields a path and a
sentence. ``texts`` are those with placeholders, by their paths.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from assistants.placeholders import WELCOME
from assistants.unshown import named
from channels_deploy import channels
from conversations.prompt import names_in

if TYPE_CHECKING:
    from channels_deploy.channel import Described

Data = Mapping[str, Any]
Texts = Mapping[str, str]
Advice = Iterator[tuple[str, str]]


def undeclared(data: Data, texts: Texts, messages: Mapping[str, str]) -> Advice:
    """Names in texts that no variable has, in the words of ``messages`` by the texts' paths; in
    those for welcome messages where it has none."""
    declared = {item.get("name") for item in data.get("variables") or ()}
    welcome = _("The welcome message uses {{%(name)s}}, but no variable has this name")
    for path, text in texts.items():
        for name in names_in(text):
            if name not in declared:
                yield path, messages.get(path, welcome) % {"name": name}


def greeted_too_early(data: Data, texts: Texts) -> Advice:
    """The welcome message stands there before anything is asked, and a page need not tell."""
    used = names_in(texts[WELCOME], single=True)
    for item in data.get("variables") or ():
        if item.get("name") in used and item.get("default") in (None, ""):
            yield (
                WELCOME,
                _("The welcome message may be shown before %(name)s is known: give it a default")
                % {"name": item["name"]},
            )


def variables(data: Data, texts: Texts, unused: str) -> Advice:
    """Variables that nobody needs, told as ``unused``, and those that may stay empty."""
    items = [item for item in data.get("variables") or () if item.get("name")]
    used = names_in("\n".join(texts.values()), single=True)
    for item in items:
        name, path = item["name"], f"variables.{item['name']}"
        asked = item.get("collect_before_chat", False)
        if not asked and name not in used:
            yield path, unused % {"name": name}
        if item.get("required") and not asked and item.get("default") in (None, ""):
            yield (
                path,
                _("%(name)s is required but not asked for before the chat, so it may stay empty")
                % {"name": name},
            )


def welcome(data: Data) -> Advice:
    """There are no first words."""
    if not (data.get("appearance") or {}).get("welcome_message"):
        yield WELCOME, _("Welcome message not set")


def consent(data: Data) -> Advice:
    """Nobody says what the lead form is for."""
    lead = data.get("lead_capture") or {}
    if lead.get("enabled") and not lead.get("consent_text"):
        yield (
            "lead_capture.consent_text",
            _("The lead form does not say what the details are used for"),
        )


def reach(data: Data) -> Advice:
    """No channel is on, or some do only a part of their work: each is told of, those that share a
    cause together."""
    items = (data.get("deployment") or {}).get("channels") or ()
    enabled = {str(item["type"]): item for item in items if item.get("enabled")}
    if not enabled:
        yield channels.PATH, _("No channel is switched on: only the API will reach it")
    together: dict[str, list[Described]] = {}
    for channel in map(channels.described, channels.sorted_names(enabled)):
        limit = channel.limit(enabled[channel.name].get("config") or {})
        if limit and limit.cause:
            together.setdefault(limit.cause, []).append(channel)
        elif limit:
            yield channels.path_of(channel.name, limit.field), limit.sentence
    for cause, those in together.items():
        path = channels.path_of(those[0].name) if len(those) == 1 else channels.PATH
        yield path, _("%(channels)s: %(cause)s") % {"channels": named(those), "cause": cause}
