"""The shared parts of a configuration in a few lines, for the page of a deployed assistant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from assistants.schema import AssistantSchema


def shared_facts(configuration: AssistantSchema) -> list[tuple[str, str]]:
    """Names and values of what every kind is set to."""
    variables = ", ".join(variable.name for variable in configuration.variables)
    return [
        (_("Variables"), variables or _("None")),
        (_("Lead capture"), _("On") if configuration.lead_capture.enabled else _("Off")),
        (_("Limit"), _limit(configuration)),
    ]


def _limit(configuration: AssistantSchema) -> str:
    limiting = configuration.features.rate_limiting
    if not limiting.enabled:
        return _("None")
    return _("%(count)d messages an hour") % {"count": limiting.max_messages_per_hour}
