"""Where the assistant will be reachable."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from assistants.profile import label_of
from assistants.schema import Variable
from channels_deploy.forms import ChannelsForm
from channels_deploy.widget_forms import LABELS

# Of the look.
TRANSLATED = ("title", "welcome_message", "suggested_prompts", "placeholder")


class DeployForm(ChannelsForm):
    """The channels' settings, and what else a deploy makes."""

    def originals(self) -> dict[str, Any]:
        look = {name: self.value_of(f"appearance.{name}") for name in TRANSLATED}
        asked = (each for each in self.value_of("variables") if each.get("collect_before_chat"))
        labels = {
            f"{LABELS}{each['name']}": label_of(Variable.model_construct(**each)) for each in asked
        }
        return super().originals() | look | labels

    def summary(self) -> list[tuple[str, str]]:
        """What there will be after a deploy, whatever channels are chosen."""
        public = self.document.get("visibility") == "public"
        listed = _("For everybody, and search engines may list it. Needs the website widget.")
        unlisted = _("For whoever has the link. Needs the website widget.")
        return [
            (_("A version"), _("Kept for good, so that you can go back to it.")),
            *self._key(),
            (_("A hosted page"), listed if public else unlisted),
        ]

    def _key(self) -> list[tuple[str, str]]:
        """The first deploy makes one; others leave the keys as they are."""
        if self.entity_id:
            return []
        words = _("For this %(kind)s only, shown once after the deploy.")
        return [(_("An API key"), words % {"kind": str(self.draft_type.label).lower()})]
