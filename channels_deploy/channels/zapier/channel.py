"""The Zapier channel: Zaps post messages with an API key, and may name where the answer goes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_deploy.channel import ChannelError
from channels_deploy.channels.zapier.bodies import arrived
from channels_deploy.messenger import Messenger, NotAuthenticError, Reading, UnclearError
from channels_deploy.service import SERVER_FAULTS, TOO_MANY
from common import outbound
from common.problems import Problem, forbidden
from common.retry_after import seconds
from common.schema import Schema
from workspaces.access import may_chat_with
from workspaces.key_memory import remembered_actor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from channels_deploy.channel import Config
    from channels_deploy.dialects.part import Part
    from channels_deploy.messenger import Call
    from channels_deploy.models import Connection

# Seconds, from the look-up of a callback's name to the status that it answers.
PATIENCE = 15.0


class ZapierSettings(Schema):
    """``webhook_url`` is set on deploy."""

    webhook_url: str | None = None


class Zapier(Messenger):
    """Live with the deploy: whoever has a key and the address may call."""

    name = "zapier"
    label = gettext_lazy("Zapier webhook")
    short = "Zapier"
    icon = "zap"
    help = gettext_lazy("Zaps post messages here, and are told what happens.")
    settings = ZapierSettings
    immediate = True

    def reach(self, config: Config) -> str:
        return _("Zaps post messages with an API key.")

    def recognise(self, values: Mapping[str, str]) -> str:
        """Zapier proves itself with keys of ours, so there is no credential to try."""
        return ""

    def connect(self, connection: Connection, values: Mapping[str, str]) -> dict[str, Any]:
        return {}

    def withdraw(self, connection: Connection, values: Mapping[str, str]) -> None:
        """Nothing outside knows of it."""

    def result(self, connection: Connection) -> dict[str, Any]:
        place = reverse("channels_deploy:webhook-by-key", args=[self.name, connection.entity_id])
        return {
            "webhook_url": f"{settings.PUBLIC_URL}{place}",
            "auth_test_url": f"{settings.PUBLIC_URL}/api/v1/me",
            "hooks_url": f"{settings.PUBLIC_URL}/api/v1/hooks",
        }

    def check(self, connection: Connection, values: Mapping[str, str], call: Call) -> None:
        """A key of the workspace that opens another bot is told so with 403: of every 401, Zapier
        makes a prompt to enter a key anew."""
        kind, _blank, key = call.headers.get("authorization", "").partition(" ")
        given = key.strip() if kind.lower() == "bearer" else call.headers.get("x-api-key", "")
        try:
            actor = remembered_actor(given)
        except Problem as problem:
            raise NotAuthenticError from problem
        entity = connection.entity
        if entity is None or actor.workspace_id != entity.workspace_id:
            raise NotAuthenticError
        if not may_chat_with(actor, entity.pk):
            raise forbidden(_("This API key is another bot's."))

    def read(self, connection: Connection, call: Call) -> Reading:
        if call.method != "POST":
            return Reading(answer={"status": "ready"})
        message = arrived(call)
        told = {"status": "accepted", "id": message.id, "session_id": message.chat}
        return Reading((message,), answer=told)

    def hears(self, address: Mapping[str, Any]) -> bool:
        return bool(address.get("callback_url"))

    def repeats(self, address: Mapping[str, Any], number: int) -> bool:
        """What is sent has an id, by which a program knows it again."""
        return True

    def send(
        self,
        values: Mapping[str, str],
        address: Mapping[str, Any],
        part: Part,
        number: int,
        name: str,
    ) -> str:
        body = {"id": name, "text": part.text, "channel": self.name}
        try:
            status, wait = asyncio.run(_answer(str(address["callback_url"]), body))
        except outbound.BlockedError as error:
            raise ChannelError(str(error), permanent=True) from None
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.InvalidURL):
            raise ChannelError(_("The callback address cannot be reached.")) from None
        except (TimeoutError, httpx.HTTPError):
            raise UnclearError(_("The callback address did not answer.")) from None
        if httpx.codes.is_success(status):
            return ""
        words = _("The callback address answered %d.") % status
        may_pass = status >= SERVER_FAULTS or status == TOO_MANY
        raise ChannelError(words, permanent=not may_pass, retry_after=wait)


async def _answer(url: str, body: Mapping[str, Any]) -> tuple[int, float | None]:
    """The status that the address answers, and the seconds for which it wants to be left alone. The
    rest is not read: it may be very much, packed very small, or never end."""
    async with (
        asyncio.timeout(PATIENCE),
        outbound.async_client() as client,
        client.stream("POST", url, json=body) as response,
    ):
        wait = seconds(response.headers.get("Retry-After", ""))
        return response.status_code, wait
