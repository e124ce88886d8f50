"""Access to Google's APIs: a token that was stored, or one that a service account's key gets us."""

from __future__ import annotations

import time
from base64 import urlsafe_b64encode
from typing import TYPE_CHECKING, Any

import orjson
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings
from django.utils.translation import gettext as _

from knowledge.remote.asking import Manners, Service
from knowledge.remote.errors import RefusedError, RemoteError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SCOPE = "https://www.googleapis.com/auth/drive.readonly"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
# Google gives no longer ones.
SECONDS = 3600


def access_token(values: Mapping[str, str], is_stopped: Callable[[], bool]) -> str:
    """A token of a credential's ``values``. Raises as ``Service`` does."""
    if values.get("service_account"):
        return _exchanged(_assertion(values["service_account"]), is_stopped)
    if values.get("access_token"):
        return values["access_token"]
    raise RemoteError(_("The credential holds neither a service account's key nor a token."))


def _exchanged(assertion: str, is_stopped: Callable[[], bool]) -> str:
    manners = Manners("Google", settings.GOOGLE_TOKEN_URL, _code_of)
    with Service(manners, is_stopped) as service:
        try:
            given = {"grant_type": GRANT, "assertion": assertion}
            token = service.json("POST", "", data=given).get("access_token")
        except RefusedError as error:
            raise RemoteError(_refused(error)) from error
    if not isinstance(token, str) or not token:
        raise RemoteError(_("Google answered something that cannot be understood."))
    return token


def _refused(error: RefusedError) -> str:
    if error.code == "invalid_grant":
        return _(
            "Google does not take the service account's key: it was deleted or its account was "
            "switched off, or this server's clock is wrong."
        )
    return _("Google does not take the service account's key. Store a new one.")


def _assertion(key_file: str) -> str:
    """A signed statement of who we are, as the file that Google gave for the account has it."""
    account = _account(key_file)
    now = int(time.time())
    header = {"alg": "RS256", "typ": "JWT", "kid": str(account.get("private_key_id", ""))}
    claims = {
        "iss": account["client_email"],
        "scope": SCOPE,
        "aud": settings.GOOGLE_TOKEN_URL,
        "iat": now,
        "exp": now + SECONDS,
    }
    signed = b".".join(_base64(orjson.dumps(part)) for part in (header, claims))
    signature = _private_key(account["private_key"]).sign(signed, PKCS1v15(), SHA256())
    return b".".join((signed, _base64(signature))).decode()


def _account(key_file: str) -> dict[str, Any]:
    try:
        account = orjson.loads(key_file)
    except orjson.JSONDecodeError:
        raise _unusable() from None
    if not isinstance(account, dict):
        raise _unusable()
    if not all(isinstance(account.get(name), str) for name in ("client_email", "private_key")):
        raise _unusable()
    return account


def _private_key(pem: str) -> RSAPrivateKey:
    try:
        key = load_pem_private_key(pem.encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise _unusable() from None
    if not isinstance(key, RSAPrivateKey):
        raise _unusable()
    return key


def _unusable() -> RemoteError:
    return RemoteError(
        _("The stored key is not the JSON file of a Google service account. Store all of the file.")
    )


def _base64(data: bytes) -> bytes:
    return urlsafe_b64encode(data).rstrip(b"=")


def _code_of(body: Any) -> str:
    return str(body.get("error") or "") if isinstance(body, dict) else ""
