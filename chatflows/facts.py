"""A configuration in a few lines, for the page of a deployed chatflow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assistants.facts import shared_facts

if TYPE_CHECKING:
    from chatflows.schema import Chatflow


def facts_of(chatflow: Chatflow) -> list[tuple[str, str]]:
    """Names and values."""
    settings = chatflow.settings
    return [
        (_("Nodes"), str(len(chatflow.nodes))),
        (_("Connections"), str(len(chatflow.edges))),
        (_("Longest run"), _seconds(settings.timeout_seconds)),
        (_("Most rounds of a loop"), str(settings.max_iterations)),
        *shared_facts(chatflow),
    ]


def _seconds(count: int) -> str:
    return ngettext("%(count)d second", "%(count)d seconds", count) % {"count": count}
