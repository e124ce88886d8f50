"""What stops working for those who use the live assistant, in sentences for the deploy dialog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from channels_deploy import channels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistants.schema import AssistantSchema


def breaking(live: AssistantSchema, coming: AssistantSchema) -> Iterator[str]:
    """One sentence for each thing that worked and will not. The plan itself tells of channels."""
    before, after = live.deployment.enabled(), coming.deployment.enabled()
    for channel in channels.CHANNELS:
        if channel.name in before and channel.name in after:
            yield from channel.breaking(before[channel.name], after[channel.name])
    for name in sorted(_demanded(coming) - _demanded(live)):
        yield _("API clients should send the variable %(name)s.") % {"name": name}


def _demanded(configuration: AssistantSchema) -> set[str]:
    """Required variables without a default."""
    return {v.name for v in configuration.variables if v.required and v.default in (None, "")}
