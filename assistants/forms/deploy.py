"""Where the assistant will be reachable."""

from __future__ import annotations

from django.utils.translation import gettext as _

from channels_deploy.forms import ChannelsForm


class DeployForm(ChannelsForm):
    """The channels' settings, and what else a deploy makes."""

    def summary(self) -> list[tuple[str, str]]:
        """What there will be after a deploy, whatever channels are chosen."""
        public = self.document.get("visibility") == "public"
        listed = _("For everybody, and search engines may list it. Needs the website widget.")
        unlisted = _("For whoever has the link. Needs the website widget.")
        key = _("For this %(kind)s only, shown once after the first deploy.")
        return [
            (_("A version"), _("Kept for good, so that you can go back to it.")),
            (_("An API key"), key % {"kind": str(self.draft_type.label).lower()}),
            (_("A hosted page"), listed if public else unlisted),
        ]
