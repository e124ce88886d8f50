"""The pages of a workspace's settings that a person may open: for the navigation beside them, and
for whoever looks for one by name. Apps above register theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.registry import Registry

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from workspaces.access import Actor

GROUP = gettext_lazy("Settings")


@dataclass(frozen=True)
class SettingsPage:
    """``views`` are the names of the pages that belong to it, its own first."""

    label: str | _StrPromise
    icon: str
    views: tuple[str, ...]
    admins_only: bool = False


@dataclass(frozen=True)
class Opened:
    """A settings page as a person may open it; ``is_current``: they have."""

    label: str
    url: str
    icon: str
    is_current: bool = False


def _own(*views: str) -> tuple[str, ...]:
    return tuple(f"workspaces:{view}" for view in views)


_PAGES = (
    SettingsPage(gettext_lazy("General"), "settings", _own("general", "rename", "delete")),
    SettingsPage(gettext_lazy("Members"), "users", _own("members", "invite")),
    SettingsPage(gettext_lazy("API keys"), "key-round", _own("keys", "issue-key")),
    SettingsPage(
        gettext_lazy("Credentials"),
        "lock",
        _own("credentials", "create-credential", "replace-credential", "delete-credential"),
    ),
)
_LAST = SettingsPage(gettext_lazy("Audit log"), "history", _own("audit"), admins_only=True)
# By app: the pages of apps above, which stand after those that every workspace has.
settings_pages: Registry[SettingsPage] = Registry("settings page")


def pages_for(actor: Actor, view: str = "") -> list[Opened]:
    """All of them; ``view`` is the name of the page that the person is on."""
    slug = actor.workspace.slug
    found = [
        Opened(str(page.label), reverse(page.views[0], args=[slug]), page.icon, view in page.views)
        for page in (*_PAGES, *settings_pages, _LAST)
        if actor.is_admin or not page.admins_only
    ]
    return [*found, Opened(_("Your account"), reverse("account"), "circle-user")]


def pages_named(actor: Actor, query: str) -> list[Opened]:
    """Those whose label holds ``query``; all of them when what they stand under does."""
    wanted, pages = query.casefold(), pages_for(actor)
    if wanted in GROUP.casefold():
        return pages
    return [page for page in pages if wanted in page.label.casefold()]
