"""The website channel: the chat widget on the site's own pages, and the hosted page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from channels_deploy import script
from channels_deploy.channel import Channel

if TYPE_CHECKING:
    from channels_deploy.models import Connection
    from drafts.models import Entity

# What the launcher shows before the first visitor opens it, when the look is not the usual one.
USUAL = {"primary_color": "#4F46E5", "theme": "light", "position": "bottom-right"}


class Website(Channel):
    """Live as soon as its row is written: the page that holds the script calls us."""

    name = "website"
    label = _("Website widget")
    immediate = True

    def connect(self, connection: Connection) -> dict[str, Any]:
        return {}

    def withdraw(self, connection: Connection) -> None:
        """Nothing outside knows of it."""

    def result(self, connection: Connection) -> dict[str, Any]:
        entity = connection.entity
        assert entity is not None
        return {
            "embed_code": embed_code(connection),
            "embed_code_pinned": pinned_embed_code(connection),
            "allowed_domains": list(connection.config.get("allowed_domains") or ()),
            "hosted_url": hosted_url(entity),
            "public_key": connection.public_key,
        }


def hosted_url(entity: Entity) -> str:
    """The address of the entity's own page."""
    return f"{settings.PUBLIC_URL}{reverse('channels_deploy:hosted', args=[entity.slug])}"


def embed_code(connection: Connection) -> str:
    """Two tags for a page; the script is always the newest."""
    return f'{_settings_tag(connection)}\n<script src="{script.url()}" async></script>'


def pinned_embed_code(connection: Connection) -> str:
    """Two tags for a page that only runs a script it has checked: it stays at today's version."""
    built = script.built()
    return (
        f'{_settings_tag(connection)}\n<script src="{script.pinned_url()}"'
        f' integrity="{built.integrity}" crossorigin="anonymous" async></script>'
    )


def _settings_tag(connection: Connection) -> str:
    values = {"botId": str(connection.entity_id), "key": connection.public_key}
    values |= {name: value for name, value in _look(connection).items() if value != USUAL[name]}
    inside = ", ".join(f"{name}: {_quoted(value)}" for name, value in values.items())
    return f"<script>window.privexbotConfig = {{{inside}}};</script>"


def _look(connection: Connection) -> dict[str, str]:
    """The launcher's look in the live release, as far as it says so."""
    entity = connection.entity
    release = entity.live_release if entity else None
    appearance = (release.configuration.get("appearance") if release else None) or {}
    return {
        "primary_color": appearance.get("primary_color", USUAL["primary_color"]),
        "theme": appearance.get("theme", USUAL["theme"]),
        "position": connection.config.get("widget_position", USUAL["position"]),
    }


def _quoted(value: str) -> str:
    """``value`` as a JavaScript string that cannot end its tag."""
    return "'" + json.dumps(value)[1:-1].replace("'", "\\'").replace("<", "\\u003c") + "'"
