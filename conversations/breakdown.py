"""What was counted, by channel and by model, and what the models cost."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q, Sum

from conversations.models import Message
from conversations.wording import channel_label

if TYPE_CHECKING:
    from decimal import Decimal

    from django.db.models import QuerySet

    from conversations.models import Conversation
    from conversations.pricing import Prices
    from inference.prices import Price


@dataclass(frozen=True)
class OfChannel:
    """``messages`` are those of visitors."""

    channel: str
    conversations: int
    messages: int

    @property
    def label(self) -> str:
        return channel_label(self.channel)


@dataclass(frozen=True)
class OfModel:
    """``price`` None: nobody said what the model costs. An answer for which several models were
    asked counts with the last of them."""

    model: str
    answers: int
    prompt_tokens: int
    completion_tokens: int
    price: Price | None

    @property
    def tokens(self) -> int:
        return self.prompt_tokens + self.completion_tokens

    @property
    def cost(self) -> Decimal | None:
        """US dollars; None without a price."""
        if self.price is None:
            return None
        return self.price.of(self.prompt_tokens, self.completion_tokens)


def by_channel(begun: QuerySet[Conversation], said: QuerySet[Message]) -> list[OfChannel]:
    """The channels on which something happened, the busiest first."""
    asked = said.filter(role=Message.Role.USER).order_by().values("conversation__channel")
    messages = dict(asked.annotate(n=Count("pk")).values_list("conversation__channel", "n"))
    counted = begun.order_by().values("channel").annotate(n=Count("pk"))
    conversations = Counter(dict(counted.values_list("channel", "n")))
    names = sorted(messages.keys() | conversations.keys())
    found = [OfChannel(name, conversations[name], messages.get(name, 0)) for name in names]
    return sorted(found, key=lambda each: (-each.messages, -each.conversations))


def by_model(said: QuerySet[Message], prices: Prices) -> list[OfModel]:
    """The models that answered, those with the most tokens first."""
    answered = said.filter(~Q(model=""), role=Message.Role.ASSISTANT).order_by().values("model")
    rows = answered.annotate(
        answers=Count("pk"), read=Sum("prompt_tokens"), written=Sum("completion_tokens")
    ).values_list("model", "answers", "read", "written")
    found = [OfModel(*row, prices.of(row[0])) for row in rows]
    return sorted(found, key=lambda each: (-each.tokens, each.model))
