"""The website channel: the chat widget on the site's own pages, and the hosted page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from pydantic import AfterValidator, Field

from channels_deploy import script
from channels_deploy.channel import Channel, Limit
from channels_deploy.finding import fine, warning
from channels_deploy.public_address import Needs
from common.domains import DomainError, normalise
from common.schema import Schema
from conversations.releases import assistant_of
from conversations.runtime import Profile
from drafts.forms.list_input import ListField, ListInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from channels_deploy.channel import Config
    from channels_deploy.finding import Finding
    from channels_deploy.models import Connection
    from drafts.models import Entity

# What the launcher shows before the first visitor opens it, when it is not the usual.
LOOK = ("primary_color", "theme", "position")
USUAL = Profile("")
MOST_DOMAINS = 30


def _domain(text: str) -> str:
    try:
        return normalise(text)
    except DomainError as error:
        raise ValueError(f"“{text}”: {error}") from error


Domain = Annotated[str, AfterValidator(_domain)]


class DomainsField(ListField):
    """A list of domains; of an address that is typed into it, the domain is kept. The box is left
    alone until the page is opened again: somebody may be at the path of the address just now."""

    def clean(self, value: Any) -> list[str]:
        return [_domain_of(text) for text in super().clean(value)]


def _domain_of(text: str) -> str:
    """The domain of ``text`` where that is an address, else ``text`` as it was typed."""
    if "/" not in text:
        return text
    try:
        return normalise(text if "://" in text else f"https://{text}")
    except ValueError:
        return text  # the schema says what is wrong with it


class WebsiteSettings(Schema):
    widget_position: Literal["bottom-right", "bottom-left"] = "bottom-right"
    allowed_domains: tuple[Domain, ...] = Field(default=(), max_length=MOST_DOMAINS)


class Website(Channel):
    """Live as soon as its row is written: the page that holds the script calls us."""

    name = "website"
    label = gettext_lazy("Website widget")
    short = gettext_lazy("Website")
    icon = "globe"
    help = gettext_lazy("A chat button on your own pages, and a hosted page.")
    settings = WebsiteSettings
    immediate = True
    needs = Needs(https=False)
    opens = gettext_lazy("Open the hosted page")
    card = "channels_deploy/cards/website.html"

    def fields(self) -> dict[str, forms.Field]:
        return {
            "allowed_domains": DomainsField(
                label=gettext_lazy("Allowed domains"),
                help_text=gettext_lazy(
                    "example.com is that site alone, *.example.com all its sub-domains. Other "
                    "sites cannot use the widget, nor can pages that come over http."
                ),
                widget=ListInput(
                    {"placeholder": "example.com"}, maximum=MOST_DOMAINS, unordered=True
                ),
            ),
            "widget_position": forms.ChoiceField(
                label=gettext_lazy("Position"),
                choices=(
                    ("bottom-right", gettext_lazy("Bottom right")),
                    ("bottom-left", gettext_lazy("Bottom left")),
                ),
                widget=forms.RadioSelect(attrs={"data-profile": "position"}),
            ),
        }

    def limit(self, config: Config) -> Limit | None:
        if _domains(config):
            return None
        disabled = _("No domain is allowed, so the widget is disabled on websites")
        return Limit(_("Hosted page only"), disabled, _("Add a domain"), "allowed_domains")

    def breaking(self, old: Config, new: Config) -> Iterator[str]:
        for domain in sorted({*_domains(old)} - {*_domains(new)}):
            yield _("The widget stops working on %(domain)s.") % {"domain": domain}

    def reach(self, config: Config) -> str:
        domains = _domains(config)
        if not domains:
            return _("No domain is allowed: only the hosted page works.")
        more = ngettext(
            "%(count)d domain: %(domains)s", "%(count)d domains: %(domains)s", len(domains)
        )
        return more % {"count": len(domains), "domains": ", ".join(domains)}

    def connect(self, connection: Connection, values: Mapping[str, str]) -> dict[str, Any]:
        return {}

    def examine(self, connection: Connection, values: Mapping[str, str]) -> Iterator[Finding]:
        checked, reach = _("Domains"), self.reach(connection.config)
        if _domains(connection.config):
            yield fine(checked, reach)
        else:
            yield warning(checked, reach, _("Add the domains of your pages."), "edit")

    def withdraw(self, connection: Connection, values: Mapping[str, str]) -> None:
        """Nothing outside knows of it."""

    def address(self, connection: Connection) -> str:
        assert connection.entity is not None
        return hosted_url(connection.entity)

    def result(self, connection: Connection) -> dict[str, Any]:
        entity = connection.entity
        assert entity is not None
        return {
            "embed_code": embed_code(connection),
            "embed_code_pinned": pinned_embed_code(connection),
            "embed_code_single": single_tags(connection),
            "shows_early": shows_early(connection),
            "allowed_domains": _domains(connection.config),
            "hosted_url": hosted_url(entity),
            "public_key": connection.public_key,
        }


def _domains(config: Config) -> list[str]:
    return list(config.get("allowed_domains") or ())


def hosted_url(entity: Entity) -> str:
    """The address of the entity's hosted page."""
    return f"{settings.PUBLIC_URL}{reverse('channels_deploy:hosted', args=[entity.slug])}"


def embed_code(connection: Connection) -> str:
    """The tags for a page: its settings, and the scripts that are always the newest."""
    tags = (f'<script src="{script.url(name)}" async></script>' for name in _scripts(connection))
    return "\n".join((_settings_tag(connection), *tags))


def pinned_embed_code(connection: Connection) -> str:
    """The same for a page that only runs scripts it has checked: they stay at today's version."""
    tags = (_pinned(name) for name in _scripts(connection))
    return "\n".join((_settings_tag(connection), *tags))


def _pinned(name: str) -> str:
    return (
        f'<script src="{script.pinned_url(name)}"'
        f' integrity="{script.built(name).integrity}" crossorigin="anonymous" async></script>'
    )


def single_tags(connection: Connection) -> str:
    """The same without a tag for the settings, for a page that runs no inline script."""
    key = connection.public_key
    tags = (
        f'<script src="{script.url(n)}" data-key="{key}" async></script>'
        for n in _scripts(connection)
    )
    return "\n".join(tags)


def _scripts(connection: Connection) -> list[str]:
    """The chat's script, and that of what comes before it where the live release has any."""
    return [script.WIDGET, *([script.LAUNCH] if shows_early(connection) else [])]


def shows_early(connection: Connection) -> bool:
    """Whether the live release shows anything on a page before somebody opens the chat."""
    assert connection.entity is not None
    profile = assistant_of(connection.entity).assistant.profile
    return bool(profile.launcher_text or profile.invitations)


def _settings_tag(connection: Connection) -> str:
    values = {"botId": str(connection.entity_id), "key": connection.public_key}
    values |= _look(connection)
    inside = ", ".join(f"{name}: {_quoted(value)}" for name, value in values.items())
    return f"<script>window.privexbotConfig = {{{inside}}};</script>"


def _look(connection: Connection) -> Mapping[str, str]:
    """What is unusual about the launcher's look in the live release."""
    assert connection.entity is not None
    profile = assistant_of(connection.entity).assistant.profile
    look = {name: (getattr(profile, name), getattr(USUAL, name)) for name in LOOK}
    return {name: value for name, (value, usual) in look.items() if value != usual}


def _quoted(value: str) -> str:
    """``value`` as a JavaScript string that cannot end its tag."""
    return "'" + json.dumps(value)[1:-1].replace("'", "\\'").replace("<", "\\u003c") + "'"
