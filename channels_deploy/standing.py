"""How each channel of a draft stands, in words and colours for its card in the last step.

It is said by what the plan says of the channel, so that a card promises nothing that deploying
would not do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from channels_deploy.channel import Channel, Limit
    from drafts.channel_changes import ChannelChange


@dataclass(frozen=True)
class Standing:
    """``words`` are for a badge, ``why`` says in a sentence what is not plain from them.
    ``asks`` is whether something has to be filled in or mended, so that its settings are shown."""

    words: str
    tone: str
    icon: str
    why: str = ""
    asks: bool = False


def standing(
    channel: Channel, config: Mapping[str, Any], change: ChannelChange | None, fault: str = ""
) -> Standing:
    """``config`` are the draft's settings of ``channel``, ``change`` is what deploying would do to
    it (None where it neither is nor would be on), and ``fault`` what is wrong with the settings, so
    that nothing can be deployed."""
    if fault:
        return Standing(_("Needs a fix"), "red", "circle-alert", fault, asks=True)
    limit = channel.limit(config)
    if change is None:
        return _off(limit)
    if change.action == "remove" or _stays_off(change):
        return _going(change)
    if limit:
        words, why = _words(channel, limit), limit.remedy or limit.sentence
        return Standing(words, "amber", "triangle-alert", f"{why}.", asks=bool(limit.field))
    if change.limit:
        return Standing(change.limit.words, "amber", "triangle-alert", change.note, asks=True)
    words = _("Live") if change.action == "keep" else _("Ready to deploy")
    return Standing(words, "green", "circle-check", change.note)


def _off(limit: Limit | None) -> Standing:
    """Of a channel that is off, only what it lacks before it could do anything."""
    words = _("Off")
    if limit:
        words = _("Not configured") if limit.field else limit.words
    return Standing(words, "", "circle-dashed")


def _stays_off(change: ChannelChange) -> bool:
    return change.action == "keep" and bool(change.note)


def _going(change: ChannelChange) -> Standing:
    """Of a channel that a deploy takes back, or that a person did."""
    if change.note:
        return Standing(_("Switched off by hand"), "", "circle-pause", change.note)
    why = _("It is live. Deploying switches it off.")
    return Standing(_("Is switched off"), "red", "circle-pause", why)


def _words(channel: Channel, limit: Limit) -> str:
    """A channel without its credential is not set up at all."""
    lacks_all = bool(limit.field) and limit.field == channel.credential_field
    return _("Not configured") if lacks_all else limit.words
