"""Signatures of Standard Webhooks, of calls that come in and of those that go out: HMAC-SHA256 over
a call's id, its time and its body."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
PREFIX, VERSION = "whsec_", "v1"
# Seconds that the clocks of sender and server may differ, with the way between them.
TOLERANCE = 300
LONGEST_ID = 255
LONGEST_TIMESTAMP = 12


class SignatureError(Exception):
    """The call is not signed as it must be; the message may be told to whoever called."""


def check(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> None:
    """Raises ``SignatureError`` unless one of the signatures was made with ``secret``, of this
    ``body``, within ``TOLERANCE`` of ``now`` (seconds since 1970)."""
    call_id, moment = headers.get(ID, ""), headers.get(TIMESTAMP, "")
    given = headers.get(SIGNATURE, "")
    if not (call_id and moment and given):
        raise SignatureError(f"Sign the call: {ID}, {TIMESTAMP} and {SIGNATURE} are needed.")
    if len(call_id) > LONGEST_ID:
        raise SignatureError(f"{ID} is longer than {LONGEST_ID} characters.")
    if not (moment.isascii() and moment.isdigit() and len(moment) <= LONGEST_TIMESTAMP):
        raise SignatureError(f"{TIMESTAMP} must be in seconds since 1970.")
    if abs(now - int(moment)) > TOLERANCE:
        raise SignatureError(f"{TIMESTAMP} is more than {TOLERANCE // 60} minutes off.")
    expected = signed(secret, call_id, moment, body)
    if not any(hmac.compare_digest(expected.encode(), one.encode()) for one in given.split()):
        raise SignatureError("The signature does not fit.")


def signed_headers(secret: str, call_id: str, now: float, body: bytes) -> dict[str, str]:
    """The headers that prove a call of ours; ``now`` is in seconds since 1970."""
    moment = str(int(now))
    return {ID: call_id, TIMESTAMP: moment, SIGNATURE: signed(secret, call_id, moment, body)}


def new_secret() -> str:
    """A secret that nobody can guess, as Standard Webhooks writes them: 256 bits."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signed(secret: str, call_id: str, moment: str, body: bytes) -> str:
    """The signature of a call."""
    content = b".".join((call_id.encode(), moment.encode(), body))
    digest = hmac.new(_key(secret), content, hashlib.sha256).digest()
    return f"{VERSION},{base64.b64encode(digest).decode()}"


def _key(secret: str) -> bytes:
    """The bytes of a secret: behind the prefix they are in Base64, else it is taken as it is."""
    if secret.startswith(PREFIX):
        try:
            return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
        except binascii.Error:
            pass
    return secret.encode()
