"""How far each channel of a deployed chatbot is, in words and colours for the pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from channels_deploy import channels
from drafts.types import ChannelLimit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

SYMBOLS = {
    "website": "globe",
    "telegram": "send",
    "discord": "message-circle",
    "whatsapp": "phone",
    "zapier": "zap",
}
# Status: words, tone, icon.
LOOKS: Mapping[str, tuple[str | _StrPromise, str, str]] = {
    "success": (gettext_lazy("Live"), "green", "circle-check"),
    "pending": (gettext_lazy("Connecting"), "blue", "loader-circle"),
    "error": (gettext_lazy("Failed"), "red", "circle-alert"),
    "disabled": (gettext_lazy("Off"), "", "circle-pause"),
}


OWN_PAGE_ONLY = gettext_lazy("Own page only")
DOMAINS = "deployment.channels.website.config.allowed_domains"


def limits(configs: Mapping[str, Mapping[str, Any]]) -> dict[str, ChannelLimit]:
    """The enabled channels that would do only a part of their work; see ``DraftType.limits``."""
    skipped = _("Skipped: cannot be connected yet")
    found = {n: ChannelLimit(skipped, idle=True) for n in configs if channels.planned(n)}
    website = configs.get("website")
    if website is not None and not website["allowed_domains"]:
        found["website"] = ChannelLimit(str(OWN_PAGE_ONLY), remedy=_("Add a domain"), path=DOMAINS)
    return found


@dataclass(frozen=True)
class ChannelState:
    """One channel as a page shows it; ``result`` is its part of the deployment answer."""

    name: str
    label: str
    result: Mapping[str, Any]

    @property
    def status(self) -> str:
        return str(self.result.get("status", "disabled"))

    @property
    def symbol(self) -> str:
        return SYMBOLS.get(self.name, "plug")

    @property
    def is_planned(self) -> bool:
        """Whether no release can connect it yet."""
        return not self.result and channels.planned(self.name) is not None

    @property
    def is_limited(self) -> bool:
        """Whether it is on and no website may use it: only its own page answers."""
        on = self.name == "website" and self.status == "success"
        return on and not self.result.get("allowed_domains")

    @property
    def _look(self) -> tuple[str | _StrPromise, str, str]:
        if self.is_planned:
            return gettext_lazy("Not available yet"), "", "clock"
        if self.is_limited:
            return OWN_PAGE_ONLY, "amber", "triangle-alert"
        return LOOKS[self.status]

    @property
    def status_words(self) -> str:
        return str(self._look[0])

    @property
    def words(self) -> str:
        """For a narrow place: the channel's name, and its status unless it is simply live."""
        short = self.name.capitalize()
        plain = self.status == "success" and not self.is_limited
        return short if plain else f"{short}: {self.status_words}"

    @property
    def tone(self) -> str:
        return self._look[1]

    @property
    def icon(self) -> str:
        return self._look[2]

    @property
    def can_retry(self) -> bool:
        return self.status in {"error", "pending"}

    @property
    def sentence(self) -> str:
        """What there is to know: an error in the channel's own words, or where it answers."""
        if self.result.get("error"):
            return str(self.result["error"])
        if self.is_planned:
            return _("This version of PrivexBot cannot connect it yet.")
        if not self.result:
            return _("Switched off.")
        if self.name == "website":
            return _domains(self.result.get("allowed_domains") or ())
        return str(self.result.get("bot_username") or self.result.get("webhook_url") or "")


def states(results: Mapping[str, Mapping[str, Any]]) -> list[ChannelState]:
    """The channels in ``results``, in the order in which channels are shown."""
    return [state for state in all_states(results) if state.name in results]


def all_states(results: Mapping[str, Mapping[str, Any]]) -> list[ChannelState]:
    """Every channel there is, used or not."""
    known = [(channel.name, str(channel.label)) for channel in channels.CHANNELS]
    known += [(channel.name, str(channel.label)) for channel in channels.PLANNED]
    return [ChannelState(name, label, results.get(name, {})) for name, label in known]


def _domains(domains: tuple[str, ...]) -> str:
    if not domains:
        return _("No domain is allowed: only its own page works.")
    more = ngettext("%(count)d domain: %(domains)s", "%(count)d domains: %(domains)s", len(domains))
    return more % {"count": len(domains), "domains": ", ".join(domains)}
