"""The pages of a workspace's settings that a person may open, for whoever looks for one by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from workspaces.access import Actor

GROUP = gettext_lazy("Settings")


@dataclass(frozen=True)
class SettingsPage:
    label: str
    url: str
    icon: str


# Pages that other apps keep here, for admins, in the order of the navigation.
more_settings: Registry[Callable[[Actor], SettingsPage]] = Registry("page of settings")


def pages_for(actor: Actor) -> list[SettingsPage]:
    """What ``workspaces/nav.html`` leads to."""
    names = [
        (_("General"), "general", "settings"),
        (_("Members"), "members", "users"),
        (_("API keys"), "keys", "key-round"),
        (_("Credentials"), "credentials", "lock"),
        *([(_("Audit log"), "audit", "history")] if actor.is_admin else []),
    ]
    found = [
        SettingsPage(label, reverse(f"workspaces:{name}", args=[actor.workspace.slug]), icon)
        for label, name, icon in names
    ]
    own = SettingsPage(_("Your account"), reverse("account"), "circle-user")
    return [*found, *more_pages(actor), own]


def more_pages(actor: Actor) -> list[SettingsPage]:
    """Those of them that other apps keep."""
    return [page_for(actor) for page_for in more_settings] if actor.is_admin else []


def pages_named(actor: Actor, query: str) -> list[SettingsPage]:
    """Those whose label holds ``query``; all of them when what they stand under does."""
    wanted, pages = query.casefold(), pages_for(actor)
    if wanted in GROUP.casefold():
        return pages
    return [page for page in pages if wanted in page.label.casefold()]
