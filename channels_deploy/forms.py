"""The step in which a kind's channels are switched on and set up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import forms

from channels_deploy import channels
from common.widgets import Switch
from drafts.forms.step import StepForm

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.forms.boundfield import BoundField

    from channels_deploy.channel import Channel


@dataclass(frozen=True)
class Card:
    """A channel that can be switched on, with its settings' fields by their names."""

    channel: Channel
    enabled: BoundField
    fields: Mapping[str, BoundField]


def _fields() -> Iterator[tuple[str, forms.Field]]:
    """The fields of every channel, by their paths."""
    for channel in channels.CHANNELS:
        path = channels.path_of(channel.name)
        switch = forms.BooleanField(label=channel.label, widget=Switch, help_text=channel.help)
        yield f"{path}.enabled", switch
        for name, field in channel.fields().items():
            yield channels.path_of(channel.name, name), field


class ChannelsForm(StepForm):
    """The channels' settings."""

    def cards(self) -> list[Card]:
        """One for each channel."""
        return [self._card(channel) for channel in channels.CHANNELS]

    def _card(self, channel: Channel) -> Card:
        path = channels.path_of(channel.name)
        fields = {name: self[channels.path_of(channel.name, name)] for name in channel.fields()}
        return Card(channel, self[f"{path}.enabled"], fields)


# Each channel declares its own fields.
ChannelsForm.base_fields.update(_fields())
