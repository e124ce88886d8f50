"""What each kind of credential consists of: the fields of its form and the rules of its values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from common.problems import FieldError
from workspaces.models import Credential
from workspaces.models.credential import LONGEST_HOST

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from urllib.parse import SplitResult

    from django.utils.functional import _StrPromise

    Text = str | _StrPromise

MAX_VALUES = 20
MAX_LENGTH = 8000
SHOWN_OF_SECRET = 4
# A secret this short would be half given away by its last four characters.
SHORTEST_HINTED = 12
PORT_OF = {"http": 80, "https": 443}
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True)
class Value:
    """One named value. ``secret`` ones are never shown again."""

    name: str
    label: Text
    secret: bool = True
    required: bool = True
    help: Text = ""
    choices: tuple[tuple[str, Text], ...] = ()
    is_address: bool = False
    is_long: bool = False


@dataclass(frozen=True)
class CredentialKind:
    """``values`` in the order of the form, the main secret first. An ``open`` kind takes any other
    named values too: which ones its service wants is the service's affair."""

    name: str
    label: Text
    values: tuple[Value, ...]
    is_open: bool = False
    help: Text = ""

    @property
    def main(self) -> Value:
        return self.values[0]

    def problems(self, values: Mapping[str, str]) -> Iterator[FieldError]:
        """What is wrong with ``values``, by the path ``values.<name>``. Never quotes a value."""
        if len(values) > MAX_VALUES:
            yield FieldError("values", str(_("At most %d values can be kept.") % MAX_VALUES))
        for value in self.values:
            yield from _problems_of(value, values.get(value.name, ""))
        known = {value.name for value in self.values}
        for name in values.keys() - known:
            if not self.is_open or not _NAME.fullmatch(name):
                yield FieldError(f"values.{name[:40]}", str(_("This kind has no such value.")))
        for name, text in values.items():
            if len(text) > MAX_LENGTH:
                yield FieldError(f"values.{name[:40]}", str(_("This value is too long.")))
        if not any(values.values()) and not any(value.required for value in self.values):
            yield FieldError("values", str(_("Enter at least one value.")))

    def hint(self, values: Mapping[str, str]) -> str:
        """The end of the main secret, so that a person recognises which one is stored; empty when
        none is."""
        shown = {value.name for value in self.values if not value.secret}
        given = values.get(self.main.name) or next(
            (text for name, text in values.items() if text and name not in shown), ""
        )
        if not given:
            return ""
        return "••••" + (given[-SHOWN_OF_SECRET:] if len(given) >= SHORTEST_HINTED else "")

    def host(self, values: Mapping[str, str]) -> str:
        """The one host that these values may be sent to; empty: the kind's own service."""
        return _host(self._address(values))

    def target(self, values: Mapping[str, str]) -> tuple[str, int] | None:
        """The host and port that these values would be sent to; None: the kind's own service."""
        address = self._address(values)
        if not _host(address):
            return None
        url = _split(address)
        return url.hostname or "", url.port or PORT_OF[url.scheme]

    def _address(self, values: Mapping[str, str]) -> str:
        addresses = (values.get(value.name) for value in self.values if value.is_address)
        return next((text for text in addresses if text), "")


def _problems_of(value: Value, text: str) -> Iterator[FieldError]:
    path = f"values.{value.name}"
    if value.required and not text.strip():
        yield FieldError(path, str(_("Enter this value.")))
    if text and value.choices and text not in dict(value.choices):
        yield FieldError(path, str(_("Choose one of: %s.") % ", ".join(dict(value.choices))))
    if text and value.is_address and not _host(text):
        yield FieldError(path, str(_("Enter a web address such as https://api.example.com/v1.")))


def _host(address: str) -> str:
    """The host of a web address; empty when it is none, or carries a name and password."""
    if any(c.isspace() or c == "\\" for c in address):
        return ""
    try:
        url = _split(address)
        port = url.port
    except ValueError:
        return ""
    if url.scheme not in PORT_OF or url.username is not None or not url.hostname:
        return ""
    if len(url.hostname) > LONGEST_HOST:
        return ""
    return f"{url.hostname}:{port}" if port else url.hostname


def _split(address: str) -> SplitResult:
    """The parts of a web address; https where it names no scheme."""
    return urlsplit(address if "://" in address else f"https://{address}")


def cleaned(values: Mapping[str, str]) -> dict[str, str]:
    """Without the blanks that copying adds, and without what is empty."""
    stripped = {name: text.strip() for name, text in values.items()}
    return {name: text for name, text in stripped.items() if text}


_Kind = Credential.Kind
KINDS: dict[str, CredentialKind] = {
    kind.name: kind
    for kind in (
        CredentialKind(
            _Kind.LLM.value,
            _Kind.LLM.label,
            (
                Value("api_key", _("API key"), required=False),
                Value(
                    "provider",
                    _("Provider"),
                    secret=False,
                    required=False,
                    choices=(
                        ("openai_compatible", _("OpenAI or compatible")),
                        ("secret_ai", _("Secret AI")),
                        ("anthropic", _("Anthropic")),
                    ),
                ),
                Value(
                    "base_url",
                    _("Address"),
                    secret=False,
                    required=False,
                    is_address=True,
                    help=_("Leave empty for the provider's own. The key is sent nowhere else."),
                ),
            ),
            help=_("The key of the service whose language model answers."),
        ),
        CredentialKind(
            _Kind.TELEGRAM.value,
            _Kind.TELEGRAM.label,
            (Value("bot_token", _("Bot token"), help=_("From @BotFather in Telegram.")),),
        ),
        CredentialKind(
            _Kind.DISCORD.value,
            _Kind.DISCORD.label,
            (
                Value("bot_token", _("Bot token"), help=_("From Discord's developer portal, Bot.")),
                Value(
                    "application_id",
                    _("Application ID"),
                    secret=False,
                    required=False,
                    help=_("May stay empty: the bot token says it."),
                ),
                Value(
                    "public_key",
                    _("Public key"),
                    secret=False,
                    required=False,
                    help=_("May stay empty: the bot token says it."),
                ),
            ),
        ),
        CredentialKind(
            _Kind.WHATSAPP.value,
            _Kind.WHATSAPP.label,
            (
                Value(
                    "access_token",
                    _("Access token"),
                    help=_("Of a system user, so that it does not expire within a day."),
                ),
                Value(
                    "app_secret",
                    _("App secret"),
                    help=_("App settings, Basic. Proves what Meta sends."),
                ),
                Value(
                    "phone_number_id",
                    _("Phone number ID"),
                    secret=False,
                    help=_("WhatsApp, API Setup: below the number that you send from."),
                ),
                Value(
                    "waba_id",
                    _("Business account ID"),
                    secret=False,
                    help=_("On the same page, beside it."),
                ),
            ),
            help=_("All four are in Meta's app dashboard. The IDs are numbers, not phone numbers."),
        ),
        CredentialKind(
            _Kind.HTTP.value,
            _Kind.HTTP.label,
            (
                Value("token", _("Token or password"), required=False),
                Value("username", _("User name"), secret=False, required=False),
                Value(
                    "header",
                    _("Header"),
                    secret=False,
                    required=False,
                    help=_("Leave empty to send the token as Authorization: Bearer."),
                ),
                Value(
                    "host",
                    _("Host"),
                    secret=False,
                    required=False,
                    is_address=True,
                    help=_("The only host that the token is sent to, such as api.example.com."),
                ),
            ),
            is_open=True,
            help=_("What requests of chatflows to other servers prove themselves with."),
        ),
        CredentialKind(
            _Kind.NOTION.value,
            _Kind.NOTION.label,
            (
                Value(
                    "token",
                    _("Integration secret"),
                    help=_("From notion.so/profile/integrations. It begins with ntn_ or secret_."),
                ),
            ),
            help=_("An internal integration. Pages are shared with it in Notion, one by one."),
        ),
        CredentialKind(
            _Kind.GOOGLE.value,
            _Kind.GOOGLE.label,
            (
                Value(
                    "service_account",
                    _("Service account key (JSON)"),
                    required=False,
                    is_long=True,
                    help=_("All of the file. Documents are shared with its client_email."),
                ),
                Value(
                    "access_token",
                    _("Or an access token"),
                    required=False,
                    help=_("Ends after an hour, so a service account is better."),
                ),
            ),
            help=_("Reads documents of Google Docs, never changes any."),
        ),
    )
}
