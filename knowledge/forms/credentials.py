"""Credentials as the builder's forms offer them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from knowledge.credentials.choices import credentials_of_kind, embedding_credentials

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workspaces.access import Actor
    from workspaces.models import Credential


def choices(actor: Actor | None, kind: str, chosen: str) -> list[tuple[str, str]]:
    """What can be chosen, and what was chosen and is gone."""
    return _with_chosen(credentials_of_kind(actor.workspace_id, kind) if actor else (), chosen)


def embedding_choices(actor: Actor | None, chosen: str) -> list[tuple[str, str]]:
    """``choices`` of what embedding models may be reached with."""
    return _with_chosen(embedding_credentials(actor) if actor else (), chosen)


def _with_chosen(found: Iterable[Credential], chosen: str) -> list[tuple[str, str]]:
    offered = [(str(each.pk), f"{each.name} {each.hint}".strip()) for each in found]
    gone = [] if chosen in ("", *dict(offered)) else [(chosen, _("Does not fit, or is gone"))]
    return [*offered, *gone]
