"""What people write to businesses on WhatsApp, and what Meta tells apps of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.servers.channel_server import PATIENCE, ChannelServer, Delivery
from tests.servers.whatsapp_business import Business, Sent
from tests.servers.whatsapp_payloads import (
    PERSON,
    Apart,
    addressed,
    as_bytes,
    event,
    grouped,
    of_messages,
    of_statuses,
    signature,
    text,
    user_id_of,
    wamid,
)

if TYPE_CHECKING:
    from tests.servers.whatsapp_forms import Json

SENDER = "facebookexternalua"
# "With decreasing frequency, for up to seven days."
WAITS = (0, 60, 300, 900, 3600, 6 * 3600, *[24 * 3600] * 6)


class WhatsAppPeople(ChannelServer):
    """``known`` are the ids of all messages, ``senders`` those who sent the ones to businesses."""

    hastens = 1_000_000.0

    def reset(self) -> None:
        super().reset()
        self.businesses: list[Business] = []
        self.known: set[str] = set()
        self.senders: dict[str, str] = {}
        self.business = self.another("Jasper's Market")

    def another(self, name: str) -> Business:
        """One more business."""
        self.businesses.append(Business(name, len(self.businesses) + 1))
        return self.businesses[-1]

    def write(self, words: str, sender: str = PERSON, **how: Any) -> Delivery:
        """Somebody writes a text; ``how`` goes to ``receive``."""
        return self.receive(self.message(text(words), sender), **how)

    def message(self, content: Json, sender: str = PERSON, id_: str = "", on: str = "") -> Json:
        """Something that somebody sends (``text``, ``image`` ...), perhaps in answer to a message
        of the business."""
        about = {"id": id_ or wamid(), "timestamp": str(int(self.now()))}
        made = addressed(sender) | about | content
        self.known.add(made["id"])
        self.senders[made["id"]] = sender
        return made | ({"context": {"from": self.business.display_number, "id": on}} if on else {})

    def receive(
        self, *messages: Json, business: Business | None = None, apart: Apart = "messages"
    ) -> Delivery:
        """Deliver messages, all at once; which opens the window for answers to them."""
        business = business or self.business
        for each in messages:
            business.written[each["from_user_id"]] = self.now()
        values = [of_messages(business.metadata, group) for group in grouped(messages, apart)]
        return self.tell(event(business.waba_id, values, apart), business)

    def report(self, sent: Sent, *statuses: str, apart: Apart = "messages") -> Delivery:
        """Tell the app what became of a message: ``sent``, ``delivered``, ``read``; of one with an
        error that it failed."""
        business = next(each for each in self.businesses if sent in each.sent)
        usual = ["failed"] if sent.error else ["sent", "delivered", "read"]
        told = [sent.status(each, self.now()) for each in statuses or usual]
        values = [of_statuses(business.metadata, group) for group in grouped(told, apart)]
        return self.tell(event(business.waba_id, values, apart), business)

    def tell(self, body: Json, business: Business | None = None) -> Delivery:
        """Deliver an event, signed, and again until it arrives."""
        business = business or self.business
        assert business.address, "The app gave no address."
        assert business.is_subscribed, "The app did not subscribe."
        raw = as_bytes(body)
        signed = {"X-Hub-Signature-256": signature(business.app_secret, raw)}
        return self.deliver(business.address, raw, signed | {"User-Agent": SENDER}, WAITS)

    def again(self, delivery: Delivery, business: Business | None = None) -> Delivery:
        """Deliver the same bytes once more, as Meta does now and then."""
        return self.tell(json.loads(delivery.body), business)

    def until_said(self, count: int = 1, to: str = PERSON, seconds: float = PATIENCE) -> list[str]:
        """What was sent to somebody as soon as it is so many messages."""

        def said() -> list[str]:
            return [each.text for each in self.sent if each.user_id == user_id_of(to)]

        with self._changed:
            done = self._changed.wait_for(lambda: len(said()) >= count, seconds)
        assert done, f"only {said()} was sent"
        return said()

    @property
    def sent(self) -> list[Sent]:
        """What all businesses sent."""
        return [each for business in self.businesses for each in business.sent]
