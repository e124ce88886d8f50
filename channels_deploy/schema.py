"""What a draft of any kind says about where its entity will be reachable.

Made of the channels' own settings: an entry's ``config`` is those of its ``type``.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from pydantic import Field, create_model

from channels_deploy.channels import CHANNELS
from channels_deploy.widget_schema import WidgetSettings
from common.schema import Schema, once_each

if TYPE_CHECKING:
    from channels_deploy.channel import Described

SettingsT = TypeVar("SettingsT", bound=Schema)


class Entry(Schema):
    """One channel of a document."""

    type: str
    enabled: bool = False
    config: Schema = Schema()


def _entry(channel: Described) -> type[Entry]:
    return create_model(
        f"{type(channel).__name__}Channel",
        __base__=Entry,
        type=(Literal[channel.name], ...),  # type: ignore[arg-type]
        config=(channel.settings, channel.settings()),
    )


if TYPE_CHECKING:
    AnyEntry = Entry
else:
    AnyEntry = Annotated[reduce(or_, map(_entry, CHANNELS)), Field(discriminator="type")]


class ChannelSettings(Schema):
    """Where an entity will be reachable, and what visitors see of the widget, whatever page it is
    on. ``api_keys`` stays empty: keys are made on deploy."""

    channels: Annotated[
        tuple[AnyEntry, ...], once_each("type", "The channel {} is listed twice")
    ] = ()
    widget: WidgetSettings = WidgetSettings()
    api_keys: tuple[Any, ...] = Field(default=(), max_length=0)

    def enabled(self) -> dict[str, dict[str, Any]]:
        """The settings of the channels that are switched on, by channel."""
        entries = (entry for entry in self.channels if entry.enabled)
        return {entry.type: entry.config.model_dump(mode="json") for entry in entries}

    def of(self, settings: type[SettingsT]) -> SettingsT:
        """The settings of the channel whose they are, or its usual ones; on or off."""
        given = (entry.config for entry in self.channels)
        return next((each for each in given if isinstance(each, settings)), settings())
