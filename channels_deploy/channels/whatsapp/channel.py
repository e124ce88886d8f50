"""The WhatsApp channel: a number of a business, whose messages Meta posts to a webhook of ours."""

from __future__ import annotations

import hmac
import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_deploy.channel import ChannelError
from channels_deploy.channels.whatsapp import api, events, examining
from channels_deploy.channels.whatsapp.errors import GraphError, window_closed
from channels_deploy.channels.whatsapp.messages import content
from channels_deploy.loose_json import objects_at
from channels_deploy.messenger import Messenger, NotAuthenticError, Reading
from channels_deploy.rivals import rival
from channels_deploy.service import unclear
from channels_deploy.webhooks import webhook_url
from common.http import json_object
from common.problems import forbidden
from common.schema import Schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from channels_deploy.dialects.part import Part
    from channels_deploy.finding import Finding
    from channels_deploy.messenger import Call
    from channels_deploy.models import Connection

SIGNATURE_HEADER = "x-hub-signature-256"
# What Meta wants to hear again of whoever is at an address. Digits, so that it is no page.
_CHALLENGE = re.compile(r"[0-9]{1,100}")


class WhatsAppSettings(Schema):
    """``phone_number`` is a note of whoever builds: which number it is, the credential says.
    ``webhook_url`` is set on deploy."""

    credential_id: str | None = None
    phone_number: str = ""
    webhook_url: str | None = None


class WhatsApp(Messenger):
    name = "whatsapp"
    label = gettext_lazy("WhatsApp Business")
    short = "WhatsApp"
    icon = "phone"
    help = gettext_lazy("A business number that people write to.")
    settings = WhatsAppSettings
    credential_field = "credential_id"
    opens = gettext_lazy("Open in WhatsApp")
    proves_by_credential = True
    answerable_for = events.WINDOW

    def summary(self, connection: Connection) -> str:
        known = {"number": _number(connection.facts), "name": connection.facts.get("verified_name")}
        if known["name"]:
            return _("Answers on %(number)s, as %(name)s.") % known
        return _("Answers on %(number)s.") % known

    def recognise(self, values: Mapping[str, str]) -> str:
        number = api.number(values)
        api.addresses(values)
        shown = {
            "number": number.get("display_phone_number") or values.get("phone_number_id", ""),
            "name": number.get("verified_name") or "WhatsApp",
        }
        return _("WhatsApp takes the access token, for %(number)s (%(name)s).") % shown

    def account(self, values: Mapping[str, str]) -> dict[str, Any]:
        known = values.get("waba_id", "")
        return {"waba_id": known} if known else {}

    def look_up(self, connection: Connection, values: Mapping[str, str]) -> dict[str, Any]:
        number = api.number(values)
        facts = {
            "phone_number_id": values.get("phone_number_id", ""),
            "waba_id": values.get("waba_id", ""),
            "phone_number": str(number.get("display_phone_number") or ""),
            "verified_name": str(number.get("verified_name") or ""),
            "webhook_url": webhook_url(connection),
        }
        self._only_one(connection, facts)
        return facts

    def connect(self, connection: Connection, values: Mapping[str, str]) -> Mapping[str, Any]:
        address = connection.facts["webhook_url"]
        if address not in api.addresses(values):
            api.subscribe(values, address, connection.webhook_secret)
        facts: Mapping[str, Any] = connection.facts
        return facts

    def _only_one(self, connection: Connection, facts: Mapping[str, Any]) -> None:
        """All messages of a business account go to one address: whoever connects it second would
        silence the first."""
        other = rival(connection, "waba_id", facts["waba_id"])
        if other is None:
            return
        if other.facts.get("phone_number_id") == facts["phone_number_id"]:
            words = _("%(number)s answers for another bot already. Use another number.")
        else:
            words = _(
                "Another bot answers on %(other)s, of the same business account, whose messages "
                "Meta sends to one bot only. Use a number of another business account."
            )
        shown = {"number": _number(facts), "other": _number(other.facts)}
        raise ChannelError(words % shown, permanent=True)

    def examine(self, connection: Connection, values: Mapping[str, str]) -> Iterator[Finding]:
        yield from examining.number(api.number(values), connection.facts)
        yield examining.subscription(api.addresses(values), webhook_url(connection))
        yield from super().examine(connection, values)
        yield examining.window(connection)

    def withdraw(self, connection: Connection, values: Mapping[str, str]) -> None:
        try:
            # Somebody may have led the account's messages elsewhere meanwhile.
            if connection.facts.get("webhook_url") in api.addresses(values):
                api.unsubscribe(values)
        except GraphError as error:
            if not error.gone:
                raise

    def address(self, connection: Connection) -> str:
        """Meta's click to chat, which takes the digits alone."""
        digits = re.sub(r"\D", "", str(connection.facts.get("phone_number") or ""))
        return f"https://wa.me/{digits}" if digits else ""

    def result(self, connection: Connection) -> dict[str, Any]:
        noted = str(connection.config.get("phone_number") or "")
        return {
            "webhook_url": connection.facts.get("webhook_url", ""),
            "phone_number": connection.facts.get("phone_number") or noted,
            "verified_name": connection.facts.get("verified_name", ""),
        }

    def too_late(self) -> str:
        return window_closed()

    def check(self, connection: Connection, values: Mapping[str, str], call: Call) -> None:
        """Meta's question about the address carries a token of ours, what it posts its signature;
        to the former it expects 403 where it is wrong."""
        if call.method == "GET":
            given = call.query.get("hub.verify_token", "")
            known = hmac.compare_digest(given.encode(), connection.webhook_secret.encode())
            if not known or call.query.get("hub.mode") != "subscribe" or not _challenge(call):
                raise forbidden(_("This call does not prove who sent it."))
            return
        secret = values.get("app_secret", "")
        right = f"sha256={hmac.new(secret.encode(), call.body, sha256).hexdigest()}"
        given = call.headers.get(SIGNATURE_HEADER, "")
        if not secret or not hmac.compare_digest(given.encode(), right.encode()):
            raise NotAuthenticError

    def read(self, connection: Connection, call: Call) -> Reading:
        if call.method == "GET":
            return Reading(answer=_challenge(call))
        number_id = connection.facts.get("phone_number_id")
        told = events.values_of(json_object(call.body))
        mine = [value for value in told if events.number_id(value) == number_id]
        return Reading(
            arrived=tuple(each for value in mine for each in events.arrived(value)),
            reports=tuple(each for value in mine for each in events.reports(value)),
        )

    def begins_at_once(self, address: Mapping[str, Any]) -> bool:
        """Whoever answers has read the message."""
        return True

    def begin(self, values: Mapping[str, str], address: Mapping[str, Any]) -> None:
        """The message has been read, and somebody is typing."""
        receipt = {"status": "read", "message_id": address.get("message_id", "")}
        api.post(values, {**receipt, "typing_indicator": {"type": "text"}})

    def send(
        self,
        values: Mapping[str, str],
        address: Mapping[str, Any],
        part: Part,
        number: int,
        name: str,
    ) -> str:
        whom = {key: address[key] for key in ("to", "recipient") if address.get(key)}
        ours = {"recipient_type": "individual", "biz_opaque_callback_data": name}
        sent = objects_at(api.post(values, {**ours, **whom, **content(part)}), "messages")
        if not sent or not sent[0].get("id"):
            raise unclear(self.short)
        return str(sent[0]["id"])


def _challenge(call: Call) -> str:
    given = call.query.get("hub.challenge", "")
    return given if _CHALLENGE.fullmatch(given) else ""


def _number(facts: Mapping[str, Any]) -> str:
    return str(facts.get("phone_number") or facts.get("phone_number_id", ""))
