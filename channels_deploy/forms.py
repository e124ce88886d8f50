"""The step in which a kind's channels are switched on and set up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from channels_deploy import channels, widget_forms
from channels_deploy.widget_names import PATH
from common.widgets import Switch
from drafts.forms.parts import in_summary
from drafts.forms.step import ItemList, StepForm

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

    @property
    def values(self) -> str:
        """What its settings are, in one line."""
        return " · ".join(filter(None, map(in_summary, self.fields.values())))


def _fields() -> Iterator[tuple[str, forms.Field]]:
    """The fields of every channel, by their paths."""
    for channel in channels.CHANNELS:
        path = channels.path_of(channel.name)
        described = f"channel-{channel.name}-standing field-{path}.enabled_helptext"
        switch = forms.BooleanField(
            label=channel.label,
            widget=Switch({"aria-describedby": described}),
            help_text=channel.help,
        )
        yield f"{path}.enabled", switch
        for name, field in channel.fields().items():
            yield channels.path_of(channel.name, name), field


class ChannelsForm(StepForm):
    """The channels' settings. What visitors see of the widget is on the website's card."""

    lists: ClassVar[tuple[ItemList, ...]] = widget_forms.LISTS

    def originals(self) -> dict[str, Any]:
        """The texts for all visitors, by the fields of a translation; a kind adds its own: those of
        its look, and of each variable that is asked before the chat its label."""
        return {"launcher_text": self.value_of(f"{PATH}.launcher_text")}

    def of_widget(self) -> list[BoundField]:
        """The fields for the widget as a whole."""
        return [self[name] for name in widget_forms.fields()]

    def cards(self) -> list[Card]:
        """One for each channel."""
        return [self._card(channel) for channel in channels.CHANNELS]

    def _card(self, channel: Channel) -> Card:
        path = channels.path_of(channel.name)
        fields = {name: self[channels.path_of(channel.name, name)] for name in channel.fields()}
        return Card(channel, self[f"{path}.enabled"], fields)


# Each channel declares its own fields.
ChannelsForm.base_fields.update(_fields())
ChannelsForm.base_fields.update(widget_forms.fields())
