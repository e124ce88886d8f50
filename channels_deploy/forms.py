"""The step in which a kind's channels are switched on and set up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from channels_deploy import channels, widget_forms
from common.widgets import Switch
from drafts.forms.step import ItemList, StepForm

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.forms.boundfield import BoundField

    from channels_deploy.channel import Channel, Planned


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
        path = channels.path_of(channel.name)
        switch = forms.BooleanField(label=channel.label, widget=Switch, help_text=channel.help)
        yield f"{path}.enabled", switch
        for name, field in channel.fields().items():
            yield channels.path_of(channel.name, name), field


class ChannelsForm(StepForm):
    """The channels' settings. Channels that cannot be connected yet have a card and no field. What
    visitors see of the widget is on the website's card."""

    lists: ClassVar[tuple[ItemList, ...]] = widget_forms.LISTS

    def of_widget(self) -> list[BoundField]:
        """The fields for the widget as a whole."""
        return [self[name] for name in widget_forms.fields()]

    def cards(self) -> list[Card]:
        """The cards of the channels that can be switched on."""
        return [self._card(channel) for channel in channels.connectable()]

    def _card(self, channel: Channel) -> Card:
        path = channels.path_of(channel.name)
        fields = {name: self[channels.path_of(channel.name, name)] for name in channel.fields()}
        return Card(channel, self[f"{path}.enabled"], fields)

    def planned(self) -> list[PlannedCard]:
        """The cards of the channels that cannot be connected yet."""
        wanted = {str(c.get("type")) for c in self._channels() if c.get("enabled")}
        return [PlannedCard(channel, channel.name in wanted) for channel in channels.planned()]

    def _channels(self) -> list[Mapping[str, Any]]:
        return list((self.document.get("deployment") or {}).get("channels") or ())


# Each channel declares its own fields.
ChannelsForm.base_fields.update(_fields())
ChannelsForm.base_fields.update(widget_forms.fields())
