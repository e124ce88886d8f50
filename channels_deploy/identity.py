"""Who a visitor is, as the website says; what its server has signed is believed."""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated, Any

from django.utils.translation import gettext as _
from pydantic import Field

from common.problems import forbidden
from conversations.bodies import Body, parsed

if TYPE_CHECKING:
    from channels_deploy.models import Connection

Short = Annotated[str, Field(max_length=200)]


class Identity(Body):
    """``hash`` is the hexadecimal HMAC-SHA256 of ``user_id`` with the connection's secret."""

    user_id: Short = ""
    hash: Short = ""
    name: Short = ""
    email: Short = ""


def signature(connection: Connection, user_id: str) -> str:
    """What the website's server has to send along with ``user_id``."""
    secret = connection.identity_secret.encode()
    return hmac.new(secret, user_id.encode(), sha256).hexdigest()


def visitor_of(connection: Connection, given: dict[str, Any] | None) -> dict[str, Any]:
    """What is to be kept of the visitor; raises ``Problem`` 403 for a wrong signature."""
    if not given:
        return {}
    identity = parsed(Identity, given)
    verified = bool(identity.hash)
    if verified and not hmac.compare_digest(
        signature(connection, identity.user_id).encode(), identity.hash.encode()
    ):
        raise forbidden(_("The signature does not fit the user. Check the secret that signs it."))
    return {name: value for name, value in _facts(identity).items() if value} | (
        {"verified": verified} if identity.user_id else {}
    )


def _facts(identity: Identity) -> dict[str, str]:
    return {"user_id": identity.user_id, "name": identity.name, "email": identity.email}
