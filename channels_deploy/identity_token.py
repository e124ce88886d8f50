"""What a website's server says of a visitor in a signed token (a JWT, RFC 7519)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import jwt
from django.utils import timezone
from django.utils.translation import gettext as _

from common.problems import Problem, forbidden

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

# The one way of signing that the secret is for: what the token itself asks for counts for nothing.
ALGORITHM = "HS256"
LONGEST_TOKEN = 4096
# A token that somebody finds in a log or a copied page is worth nothing the day after.
FURTHEST = timedelta(hours=24)
# So far the clocks of two servers may be apart.
LEEWAY = timedelta(seconds=60)
# What malformed tokens bring about in the library besides its own errors.
UNREADABLE = (jwt.InvalidTokenError, ValueError, TypeError, OverflowError, RecursionError)


@dataclass(frozen=True)
class Token:
    """A token whose signature is right. ``claims`` are as they were signed; ``has_expired``: they
    were true once."""

    claims: Mapping[str, Any]
    has_expired: bool


def read(token: str, secret: str, audiences: Collection[str]) -> Token:
    """The token; raises ``Problem`` 403, in words for whoever makes it, unless ``secret`` signed
    it, it ends (``exp``) within a day, and is for one of ``audiences`` where it says for whom."""
    if not secret:
        raise forbidden(_("There is no identity secret yet, so no identity token is accepted."))
    if len(token) > LONGEST_TOKEN:
        raise forbidden(_("The identity token is too long: it has at most 4,096 characters."))
    claims, has_expired = _decoded(token, secret), False
    try:
        _decoded(token, secret, in_time=True)
    except jwt.ExpiredSignatureError:
        has_expired = True
    _check_audience(claims.get("aud"), audiences)
    if int(claims["exp"]) > (timezone.now() + FURTHEST + LEEWAY).timestamp():
        raise forbidden(_("The identity token lasts too long: exp is at most 24 hours ahead."))
    return Token(claims, has_expired)


def expired() -> Problem:
    """Told apart from other refusals: the page can ask its server for another one."""
    words = _("The identity token has expired. Get a new one from your server.")
    return Problem(403, "Not allowed", words, "identity-token-expired")


def _decoded(token: str, secret: str, *, in_time: bool = False) -> dict[str, Any]:
    """The claims; an expired token is only refused where they must be ``in_time``."""
    options = {"require": ["exp"], "verify_aud": False, "verify_sub": False, "verify_exp": in_time}
    try:
        return jwt.decode(
            token,
            secret,
            algorithms=[ALGORITHM],
            options=options,  # type: ignore[arg-type]  # its TypedDict is closed
            leeway=LEEWAY,
        )
    except jwt.ExpiredSignatureError:
        raise
    except UNREADABLE as error:
        raise forbidden(_reason(error)) from None


def _reason(error: Exception) -> str:
    match error:
        case jwt.InvalidSignatureError():
            return _("The identity token's signature is wrong. Check the secret that signs it.")
        case jwt.InvalidAlgorithmError():
            return _("The identity token must be signed with HS256.")
        case jwt.MissingRequiredClaimError():
            return _("The identity token must say until when it is good (exp).")
        case jwt.ImmatureSignatureError():
            return _("The identity token is not good yet (iat, nbf). Check your server's clock.")
    return _("The identity token cannot be read. It must be a JWT.")


def _check_audience(said: Any, audiences: Collection[str]) -> None:
    given = said if isinstance(said, list) else [said]
    if said is not None and not any(each in audiences for each in given):
        raise forbidden(_("The identity token is for somebody else (aud)."))
