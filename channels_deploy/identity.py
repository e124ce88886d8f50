"""Who a visitor is, as the website says; what its server has signed is believed."""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated, Any

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import AfterValidator, BeforeValidator, ConfigDict

from channels_deploy import identity_token
from channels_deploy.door import WEBSITE
from common.plain_text import storable
from common.problems import forbidden, invalid, not_found
from conversations.bodies import Body, parsed
from workspaces.audit import record

if TYPE_CHECKING:
    from channels_deploy.models import Connection
    from drafts.models import Entity
    from workspaces.access import Actor

LONGEST = 200


def _text(value: object) -> str:
    """A text, whatever a page gives for one: a number in digits, nothing for what is none."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if isinstance(value, str) or is_number else ""


def _shortened(value: object) -> str:
    return _text(value)[:LONGEST]


def _not_too_long(value: str) -> str:
    if len(value) > LONGEST:
        raise ValueError(_("user_id and hash have at most 200 characters"))
    return value


Signed = Annotated[str, BeforeValidator(_text), AfterValidator(_not_too_long)]
Told = Annotated[str, BeforeValidator(_shortened)]


class Identity(Body):
    """``identityToken`` is a JWT that says all there is to know, and the rest is passed over beside
    it; ``hash`` the hexadecimal HMAC-SHA256 of ``user_id``. Both are made with the connection's
    secret.

    What else a page tells of a person, or in another form, is passed over: its visitors could do
    nothing about an error.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    user_id: Signed = ""
    hash: Signed = ""
    identityToken: Annotated[str, BeforeValidator(_text)] = ""  # noqa: N815 (the page's word)
    name: Told = ""
    email: Told = ""


def has_secret(entity: Entity) -> bool:
    """Whether the website's server was given a secret to sign with."""
    return entity.connections.filter(channel=WEBSITE).exclude(identity_seed="").exists()


@transaction.atomic
def new_secret(actor: Actor, entity: Entity) -> str:
    """A secret for the website's server, to be shown this once; the one before is void at once."""
    rows = entity.connections.select_for_update(of=("self",))
    row = rows.filter(channel=WEBSITE).first()
    if row is None:
        raise not_found(_("This bot is not on a website."))
    action = "identity_secret.replaced" if row.identity_seed else "identity_secret.made"
    row.identity_seed = secrets.token_urlsafe(24)
    # What was found of the channel holds on, whose ``updated_at`` says of which state it is.
    row.save(update_fields=["identity_seed"])
    record(actor, action, entity.name)
    return row.identity_secret


def signature(connection: Connection, user_id: str) -> str:
    """What the website's server has to send along with ``user_id``, once there is a secret."""
    secret = connection.identity_secret.encode()
    return hmac.new(secret, user_id.encode(), sha256).hexdigest()


def visitor_of(
    connection: Connection, given: dict[str, Any] | None, vouched_for: str = ""
) -> dict[str, Any]:
    """What is to be kept of the visitor; raises ``Problem`` 403 for a wrong signature, 422 for an
    identity without any known field: those are misspelt, and nobody else would notice.

    ``vouched_for`` is the user whose conversation the visitor has open: it goes on although the
    token that began it has expired.
    """
    if given is None:
        return {}
    if not Identity.model_fields.keys() & given.keys():
        raise invalid(_("Say who the visitor is, by user_id, name or email, or give variables."))
    identity = parsed(Identity, given)
    if identity.identityToken:
        return _of_token(connection, identity.identityToken, vouched_for)
    verified = bool(identity.hash)
    if verified and not _fits(connection, identity):
        raise forbidden(_("The signature does not fit the user. Check the secret that signs it."))
    return {name: value for name, value in _facts(identity).items() if value} | (
        {"verified": verified} if identity.user_id else {}
    )


def _of_token(connection: Connection, token: str, vouched_for: str) -> dict[str, Any]:
    audiences = (str(connection.entity_id), connection.public_key)
    read = identity_token.read(token, connection.identity_secret, audiences)
    claims = read.claims
    user_id = _text(claims.get("sub")) or _text(claims.get("user_id"))
    # Shortened to what can be stored, it might be another user's.
    if not user_id or len(user_id) > LONGEST or storable(user_id) != user_id:
        raise forbidden(
            _("The identity token must name the user (sub), in at most 200 characters.")
        )
    if read.has_expired and user_id != vouched_for:
        raise identity_token.expired()
    facts = {name: storable(_shortened(claims.get(name))) for name in ("name", "email")}
    told = {name: value for name, value in facts.items() if value}
    return {"user_id": user_id, **told, "verified": True}


def _fits(connection: Connection, identity: Identity) -> bool:
    if not connection.identity_secret:
        return False
    right = signature(connection, identity.user_id)
    return hmac.compare_digest(right.encode(), identity.hash.encode())


def _facts(identity: Identity) -> dict[str, str]:
    return {"user_id": identity.user_id, "name": identity.name, "email": identity.email}
