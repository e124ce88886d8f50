"""Meta's Graph API, as far as WhatsApp needs it: a number, its business account, messages."""

from __future__ import annotations

import hmac
import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.utils.translation import gettext as _

from channels_deploy.channel import ChannelError
from channels_deploy.channels.whatsapp.errors import PROOF, error_of
from channels_deploy.loose_json import object_at, objects_at
from channels_deploy.service import (
    SERVER_FAULTS,
    TOO_MANY,
    UNAUTHORIZED,
    Service,
    repeatable,
    unclear,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from channels_deploy.messenger import UnclearError
    from channels_deploy.service import Reply

FIELDS = "display_phone_number,verified_name,quality_rating,status"
# What a header can hold.
_TOKEN = re.compile(r"[!-~]+")
_service = Service("WhatsApp")


def number(values: Mapping[str, str]) -> Mapping[str, Any]:
    """What Meta knows of the number. Raises ``ChannelError``."""
    return certainly(values, "GET", _number_id(values), fields=FIELDS)


def addresses(values: Mapping[str, str]) -> set[str]:
    """Where the business account's messages go instead of to the addresses of its apps."""
    apps = objects_at(certainly(values, "GET", _subscriptions(values)), "data")
    found = [app.get("override_callback_uri") for app in apps]
    return {str(address) for address in found if address}


def subscribe(values: Mapping[str, str], address: str, verify_token: str) -> None:
    """Have the business account's messages sent to ``address``, which Meta tries at once."""
    wanted = {"override_callback_uri": address, "verify_token": verify_token}
    certainly(values, "POST", _subscriptions(values), wanted)


def unsubscribe(values: Mapping[str, str]) -> None:
    certainly(values, "DELETE", _subscriptions(values))


def post(values: Mapping[str, str], message: Mapping[str, Any]) -> Mapping[str, Any]:
    """Hand over a message, or the receipt of one. Raises as ``call``."""
    product = {"messaging_product": "whatsapp"}
    return call(values, "POST", f"{_number_id(values)}/messages", product | dict(message))


def call(
    values: Mapping[str, str],
    method: str,
    path: str,
    body: Mapping[str, Any] | None = None,
    **query: str,
) -> Mapping[str, Any]:
    """Raises ``ChannelError`` with Meta's own words, ``UnclearError`` where it may have been
    carried out. Each call proves that the app secret is that of the token's app: with another one
    nothing that Meta sends could be believed, and an app may insist on it."""
    token, secret = values.get("access_token", ""), values.get("app_secret", "")
    if not _TOKEN.fullmatch(token):
        raise ChannelError(_("Invalid access token"), unauthorized=True)
    proof = hmac.new(secret.encode(), token.encode(), sha256).hexdigest()
    asked = urlencode({**query, PROOF: proof}, safe=",")
    headers = {"Authorization": f"Bearer {token}"}
    reply = _service.ask(method, f"{settings.WHATSAPP_API_URL}/{path}?{asked}", body, headers)
    if reply.ok:
        return reply.data
    raise _refusal(reply)


certainly = repeatable(call)


def _refusal(reply: Reply) -> ChannelError | UnclearError:
    told = object_at(reply.data, "error")
    if told or reply.status == UNAUTHORIZED:
        return error_of(told, reply.status, reply.retry_after())
    if reply.status >= SERVER_FAULTS:  # not Meta's application, but something before it
        return unclear("WhatsApp")
    return ChannelError(
        _("WhatsApp answered %d.") % reply.status,
        permanent=reply.status != TOO_MANY,
        retry_after=reply.retry_after(),
    )


def _number_id(values: Mapping[str, str]) -> str:
    return quote(values.get("phone_number_id", ""), safe="")


def _subscriptions(values: Mapping[str, str]) -> str:
    return f"{quote(values.get('waba_id', ''), safe='')}/subscribed_apps"
