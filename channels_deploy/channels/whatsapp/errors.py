"""What Meta's errors mean: which go away by themselves, and what to tell people. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from channels_deploy.channel import ChannelError
from channels_deploy.loose_json import number_at, object_at
from channels_deploy.service import SERVER_FAULTS, TOO_MANY, UNAUTHORIZED

if TYPE_CHECKING:
    from collections.abc import Mapping

# How Meta calls the proof of the app secret, also where it refuses one.
PROOF = "appsecret_proof"
# The token is over, or was never one.
INVALID_TOKEN = frozenset({0, 102, 190})
WINDOW_CLOSED = 131047
# Too many messages from the number, or to one person: each wait is four times the one before.
CROWDED = frozenset({130429, 131056})
# Meta is down or busy, or the app, its user or the account has asked too much for a while.
FOR_NOW = CROWDED | {1, 2, 131000, 131016, 131057, 133004} | {4, 17, 341, 80007, 80008}
NO_PERMISSION = frozenset({3, 10, 131005, *range(200, 300)})
# The number or the account is not there (any more), or not for this token.
GONE = frozenset({(803, None), (100, 33)})
_CODE = re.compile(r"\(#\d+\)\s*")


class GraphError(ChannelError):
    """An error in Meta's own words. ``gone``: what was asked about is not there."""

    gone: bool = False


def error_of(given: Mapping[str, Any], status: int, retry_after: float | None) -> GraphError:
    """The error of an answer with that HTTP status."""
    code, subcode = number_at(given, "code"), number_at(given, "error_subcode")
    if code in INVALID_TOKEN or status == UNAUTHORIZED:
        return GraphError(_("Invalid access token"), unauthorized=True)
    if PROOF in str(given.get("message")):
        wrong = _("The app secret is not that of the access token's app.")
        return GraphError(wrong, permanent=True)
    told = code in FOR_NOW or given.get("is_transient") is True
    passes = told or status == TOO_MANY or status >= SERVER_FAULTS
    error = GraphError(
        words(given),
        permanent=not passes or code in NO_PERMISSION,
        retry_after=retry_after,
        pace=4 if code in CROWDED else 2,
    )
    error.gone = bool({(code, subcode), (code, None)} & GONE)
    return error


def words(given: Mapping[str, Any]) -> str:
    """What an error says, of an answer or of a message that failed afterwards; and what to do,
    where Meta does not say it."""
    code = number_at(given, "code")
    if code == WINDOW_CLOSED:
        return window_closed()
    details = object_at(given, "error_data").get("details")
    told = given.get("error_user_msg") or details or given.get("message") or given.get("title")
    text = _CODE.sub("", str(told or _("WhatsApp gave no reason.")), count=1)
    if code in NO_PERMISSION:
        needs = _("The access token needs %(one)s and %(other)s for the business account.")
        rights = {"one": "whatsapp_business_messaging", "other": "whatsapp_business_management"}
        return f"{text.rstrip('.')}. {needs % rights}"
    return text


def window_closed() -> str:
    return _(
        "WhatsApp takes no answer later than 24 hours after the person last wrote. They have to "
        "write again first."
    )
