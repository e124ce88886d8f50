"""Step 6: where the chatbot will be reachable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_deploy.channels import PLANNED
from chatbots.channel_states import SYMBOLS
from common.widgets import Switch
from drafts.forms.list_input import ListInput
from drafts.forms.step import ListField, StepForm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.forms.boundfield import BoundField

WEBSITE = "deployment.channels.website"
POSITIONS = (
    ("bottom-right", gettext_lazy("Bottom right")),
    ("bottom-left", gettext_lazy("Bottom left")),
)


@dataclass(frozen=True)
class PlannedCard:
    """A channel that cannot be connected yet; ``wanted``: the draft asks for it all the same."""

    label: str
    sentence: str
    symbol: str
    wanted: bool


class DeployForm(StepForm):
    """The website's settings. Channels that cannot be connected yet have a card and no field."""

    deployment__channels__website__enabled = forms.BooleanField(
        label=gettext_lazy("Website widget"),
        widget=Switch,
        help_text=gettext_lazy("A chat button on your own pages, and a page of its own."),
    )
    deployment__channels__website__config__allowed_domains = ListField(
        label=gettext_lazy("Allowed domains"),
        help_text=gettext_lazy(
            "example.com is that site alone, *.example.com all its sub-domains. Other sites "
            "cannot use the widget."
        ),
        widget=ListInput({"placeholder": "example.com"}, maximum=30),
    )
    deployment__channels__website__config__widget_position = forms.ChoiceField(
        label=gettext_lazy("Position"),
        choices=POSITIONS,
        widget=forms.RadioSelect(attrs={"data-profile": "position"}),
    )

    @property
    def website(self) -> dict[str, BoundField]:
        """The website's fields by short names."""
        return {
            "enabled": self[f"{WEBSITE}.enabled"],
            "domains": self[f"{WEBSITE}.config.allowed_domains"],
            "position": self[f"{WEBSITE}.config.widget_position"],
        }

    def planned(self) -> list[PlannedCard]:
        """The cards of the channels that cannot be connected yet."""
        wanted = {str(c.get("type")) for c in self._channels() if c.get("enabled")}
        return [
            PlannedCard(
                str(channel.label),
                str(channel.sentence),
                SYMBOLS.get(channel.name, "plug"),
                channel.name in wanted,
            )
            for channel in PLANNED
        ]

    def summary(self) -> list[tuple[str, str]]:
        """What there will be after a deploy, whatever channels are chosen."""
        public = self.document.get("visibility") == "public"
        listed = _("For everybody, and search engines may list it. Needs the website widget.")
        unlisted = _("For whoever has the link. Needs the website widget.")
        return [
            (_("A version"), _("Kept for good, so that you can go back to it.")),
            (_("An API key"), _("For this chatbot only, shown once after the first deploy.")),
            (_("A page of its own"), listed if public else unlisted),
        ]

    def _channels(self) -> list[Mapping[str, Any]]:
        return list((self.document.get("deployment") or {}).get("channels") or ())
