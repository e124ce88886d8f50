"""Credentials as the builder's forms offer them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from knowledge.credentials import credentials_of_kind

if TYPE_CHECKING:
    from workspaces.access import Actor


def choices(actor: Actor | None, kind: str, chosen: str) -> list[tuple[str, str]]:
    """What can be chosen, and what was chosen and is gone."""
    found = credentials_of_kind(actor.workspace_id, kind) if actor else ()
    offered = [(str(each.pk), f"{each.name} {each.hint}".strip()) for each in found]
    gone = [] if chosen in ("", *dict(offered)) else [(chosen, _("No longer there"))]
    return [*offered, *gone]
