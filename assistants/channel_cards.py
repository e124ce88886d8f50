"""The cards of the last step: each channel's settings, and whether it can go live with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from channels_deploy import channels, widget_names
from channels_deploy.channels.website import Website
from channels_deploy.standing import standing
from drafts.deploying.planning import planned_channels

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assistants.draft_type import AssistantDraft
    from channels_deploy.channel import Channel
    from channels_deploy.forms import Card, ChannelsForm
    from channels_deploy.standing import Standing
    from drafts.draft import Draft
    from drafts.issue import Issue


@dataclass(frozen=True)
class StandingCard:
    """A card with how its channel stands; ``is_open`` when its settings are what matters now."""

    card: Card
    standing: Standing
    is_open: bool


def cards(
    form: ChannelsForm,
    draft_type: AssistantDraft[Any],
    draft: Draft,
    *,
    errors: Iterable[Issue],
    focus: str = "",
) -> list[StandingCard]:
    """One for each channel. ``focus`` is the path of what somebody came for."""
    errors = list(errors)
    coming = draft_type.read(draft.data)
    planned = planned_channels(draft_type, draft, coming)
    found = []
    for card in form.cards():
        channel = card.channel
        config = coming.deployment.of(channel.settings).model_dump(mode="json")
        fault = next((each.message for each in errors if _concerns(channel, each.path)), "")
        stands = standing(channel, config, planned.get(channel.name), fault)
        found.append(StandingCard(card, stands, stands.asks or _concerns(channel, focus)))
    return found


def _concerns(channel: Channel, path: str) -> bool:
    """Whether ``path`` leads to what is set on the channel's card: on the website's, that is the
    widget too."""
    own = [channels.path_of(channel.name)]
    if channel.name == Website.name:
        own.append(widget_names.PATH)
    return any(f"{path}.".startswith(f"{each}.") for each in own)
