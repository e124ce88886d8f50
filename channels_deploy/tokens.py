"""What a visitor's browser holds: a signed, short-lived pass to one conversation.

It says which conversation of which assistant, for which origin, and who the visitor is. Nothing
is stored for it, and nothing but the widget's addresses looks at it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core import signing

if TYPE_CHECKING:
    from collections.abc import Mapping

SALT = "privexbot.website.pass"
LIFETIME = timedelta(minutes=30)
# For so long an old pass still opens its own conversation again, with a new one.
RENEWABLE = timedelta(days=30)


@dataclass(frozen=True)
class Pass:
    """``visitor`` is what the site says of the person; ``user_id`` changes with the person.
    ``language`` is that of the page or the browser."""

    key: str
    session_id: str
    origin: str
    visitor: Mapping[str, Any] = field(default_factory=dict)
    language: str = ""

    @property
    def user_id(self) -> str:
        return str(self.visitor.get("user_id", ""))


def issue(given: Pass) -> str:
    """``given`` as a token, good for ``LIFETIME``."""
    return signing.dumps(asdict(given), salt=SALT)


def read(token: str, key: str, origin: str, *, within: timedelta = LIFETIME) -> Pass | None:
    """The pass, if it is ours, for this key and origin, and not older than ``within``."""
    try:
        found = Pass(**signing.loads(token, salt=SALT, max_age=within))
    except (signing.BadSignature, TypeError):  # another version's pass has other fields
        return None
    return found if (found.key, found.origin) == (key, origin) else None
