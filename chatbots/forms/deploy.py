"""Step 6: where the chatbot will be reachable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

from channels_deploy import channels
from common.widgets import Switch
from drafts.forms.step import StepForm

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.forms.boundfield import BoundField

    from channels_deploy.channel import Channel, Planned

CHANNELS = "deployment.channels"


@dataclass(frozen=True)
class Card:
    """A channel that can be switched on, with its settings' fields by their names."""

    channel: Channel
    enabled: BoundField
    fields: Mapping[str, BoundField]


@dataclass(frozen=True)
class PlannedCard:
    """A channel that cannot be connected yet; ``wanted``: the draft asks for it all the same."""

    channel: Planned
    wanted: bool


def _fields() -> Iterator[tuple[str, forms.Field]]:
    """The fields of every channel that can be connected, by their paths."""
    for channel in channels.connectable():
        path = f"{CHANNELS}.{channel.name}"
        switch = forms.BooleanField(label=channel.label, widget=Switch, help_text=channel.help)
        yield f"{path}.enabled", switch
        for name, field in channel.fields().items():
            yield f"{path}.config.{name}", field


class DeployForm(StepForm):
    """The channels' settings. Channels that cannot be connected yet have a card and no field."""

    def cards(self) -> list[Card]:
        """The cards of the channels that can be switched on."""
        return [self._card(channel) for channel in channels.connectable()]

    def _card(self, channel: Channel) -> Card:
        path = f"{CHANNELS}.{channel.name}"
        fields = {name: self[f"{path}.config.{name}"] for name in channel.fields()}
        return Card(channel, self[f"{path}.enabled"], fields)

    def planned(self) -> list[PlannedCard]:
        """The cards of the channels that cannot be connected yet."""
        wanted = {str(c.get("type")) for c in self._channels() if c.get("enabled")}
        return [PlannedCard(channel, channel.name in wanted) for channel in channels.planned()]

    def summary(self) -> list[tuple[str, str]]:
        """What there will be after a deploy, whatever channels are chosen."""
        public = self.document.get("visibility") == "public"
        listed = _("For everybody, and search engines may list it. Needs the website widget.")
        unlisted = _("For whoever has the link. Needs the website widget.")
        return [
            (_("A version"), _("Kept for good, so that you can go back to it.")),
            (_("An API key"), _("For this chatbot only, shown once after the first deploy.")),
            (_("A hosted page"), listed if public else unlisted),
        ]

    def _channels(self) -> list[Mapping[str, Any]]:
        return list((self.document.get("deployment") or {}).get("channels") or ())


# Each channel declares its own fields.
DeployForm.base_fields.update(_fields())
