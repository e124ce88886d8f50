"""Whether Discord made a call: it signs each with the key of the application."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from channels_deploy.messenger import NotAuthenticError

if TYPE_CHECKING:
    from channels_deploy.messenger import Call

SIGNATURE, TIMESTAMP = "x-signature-ed25519", "x-signature-timestamp"
# Seconds after which a call is somebody's who has overheard it.
OLDEST = 300
_SECONDS = re.compile(r"[0-9]{1,12}")


def check(public_key: str, call: Call) -> None:
    """Raises ``NotAuthenticError``, whatever is wrong: Discord sends bad signatures to see it."""
    timestamp = call.headers.get(TIMESTAMP, "")
    try:
        signature = bytes.fromhex(call.headers.get(SIGNATURE, ""))
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(signature, timestamp.encode() + call.body)
    except (InvalidSignature, ValueError):
        raise NotAuthenticError from None
    if not _SECONDS.fullmatch(timestamp) or time.time() - int(timestamp) > OLDEST:
        raise NotAuthenticError
