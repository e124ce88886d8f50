"""Businesses as Meta keeps them: a number, its token and secret, and what it sent to whom."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from tests.servers.whatsapp_forms import as_status_error
from tests.servers.whatsapp_payloads import user_id_of

if TYPE_CHECKING:
    from tests.servers.whatsapp_forms import Json

DAY = 24 * 3600
# Messages to one person: so many at once, and then one in so many seconds.
BURST, PAIR_WAIT = 45, 6
PER_SECOND = 80


@dataclass
class Sent:
    """A message of a business. ``error`` is the code by which it fails afterwards, if it does."""

    id: str
    phone_number_id: str
    to: str
    body: Json
    at: float
    error: int = 0

    @property
    def user_id(self) -> str:
        return user_id_of(self.to)

    @property
    def text(self) -> str:
        """Its words, of whichever type it is."""
        held = self.body.get(self.body.get("type", "text")) or {}
        told: Any = held.get("body", "")
        return str(told.get("text", "") if isinstance(told, dict) else told)

    def status(self, status: str, now: float) -> Json:
        """What the app is told became of it."""
        own = {"id": self.id, "status": status, "timestamp": str(int(now)), **self._recipient()}
        opaque = {k: v for k, v in self.body.items() if k == "biz_opaque_callback_data"}
        errors = {"errors": [as_status_error(self.error or 131000)]} if status == "failed" else {}
        return {**own, **opaque, **errors}

    def _recipient(self) -> Json:
        number = {} if self.to == self.user_id else {"recipient_id": self.to}
        return {**number, "recipient_user_id": self.user_id}


@dataclass
class Business:
    """A business with one number. ``callback`` is where its app wants deliveries, ``override`` what
    a subscription says instead; deliveries come once it ``is_subscribed``. An app that
    ``wants_proof`` insists on it with every call."""

    name: str
    number: int
    callback: str = ""
    override: str = ""
    is_subscribed: bool = False
    has_expired: bool = False
    may: bool = True
    wants_proof: bool = False
    quality: str = "GREEN"
    status: str = "CONNECTED"
    written: dict[str, float] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)

    @property
    def waba_id(self) -> str:
        return f"1022901293{self.number:05}"

    @property
    def phone_number_id(self) -> str:
        return f"1065403522{self.number:05}"

    @property
    def display_number(self) -> str:
        return f"155507{self.number:05}"

    @property
    def token(self) -> str:
        return f"EAAtest{self.number:05}{'Zc0nst4nt' * 6}"

    @property
    def app_secret(self) -> str:
        return f"{self.number:05}{'0123456789abcdef' * 2}"[:32]

    @property
    def secrets(self) -> Json:
        """What its owner types where the business is to be used."""
        return {
            "access_token": self.token,
            "app_secret": self.app_secret,
            "phone_number_id": self.phone_number_id,
            "waba_id": self.waba_id,
        }

    @property
    def proof(self) -> str:
        """With which a caller that has the token shows that it has the secret too."""
        return hmac.new(self.app_secret.encode(), self.token.encode(), sha256).hexdigest()

    @property
    def address(self) -> str:
        return self.override or self.callback

    @property
    def metadata(self) -> Json:
        return {
            "display_phone_number": self.display_number,
            "phone_number_id": self.phone_number_id,
        }

    def as_number(self) -> Json:
        return {
            "verified_name": self.name,
            "code_verification_status": "VERIFIED",
            "display_phone_number": f"+1 555-07{self.number:05}",
            "quality_rating": self.quality,
            "status": self.status,
            "platform_type": "CLOUD_API",
            "throughput": {"level": "STANDARD"},
            "id": self.phone_number_id,
        }

    def as_app(self) -> Json:
        app = {"link": "https://www.facebook.com/games/?app_id=6708438", "name": "PrivexBot"}
        override = {"override_callback_uri": self.override} if self.override else {}
        return {"whatsapp_business_api_data": {**app, "id": "670843887433847"}, **override}

    def refuses(self, to: str, kind: str, now: float) -> int:
        """The code of the error by which a message to somebody fails now; 0: by none."""
        if sum(now - each.at < 1 for each in self.sent) >= PER_SECOND:
            return 130429
        if self._lent(to, now) > BURST - 1:
            return 131056
        is_open = now - self.written.get(user_id_of(to), -DAY) < DAY
        return 0 if is_open or kind == "template" else 131047

    def _lent(self, to: str, now: float) -> float:
        """How many messages to somebody were sent ahead of their time."""
        lent, before = 0.0, 0.0
        for each in self.sent:
            if each.user_id == user_id_of(to):
                lent = max(0, lent - (each.at - before) / PAIR_WAIT) + 1
                before = each.at
        return max(0, lent - (now - before) / PAIR_WAIT)
