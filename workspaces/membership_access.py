"""From a person and a workspace's address to an actor."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.http import Http404

from common.plain_text import mixes_scripts
from workspaces.actor import Actor
from workspaces.models import Membership, Role

if TYPE_CHECKING:
    from workspaces.models import User


# In and around e-mail addresses.
_MISLEADING = frozenset("@<>")
# By Unicode's categories: brackets, and quotes that open or close. By name: all other quotes, and
# the marks that look like one.
_PAIRED = frozenset({"Ps", "Pe", "Pi", "Pf"})
_QUOTES = re.compile(r"QUOTATION MARK|^APOSTROPHE|PRIME$|^(GRAVE|ACUTE) ACCENT")
# As in O'Brien.
_APOSTROPHES = re.compile(r"(?<=[^\W\d_])['\u2019](?=[^\W\d_])")


def member_of(user: User, slug: str) -> Actor:
    """``user`` as a member of the workspace ``slug``; raises ``Http404`` for all others."""
    namesakes = Membership.objects.filter(
        workspace=OuterRef("workspace"), user__name__iexact=user.name
    ).exclude(user=user)
    membership = (
        Membership.objects.filter(user=user, workspace__slug=slug)
        .select_related("workspace")
        .annotate(has_namesake=Exists(namesakes))
        .first()
    )
    if membership is None:
        raise Http404("There is no such workspace.")
    label = _label(user, has_namesake=membership.has_namesake)
    return Actor(membership.workspace, Role(membership.role), label, user=user)


def _label(user: User, *, has_namesake: bool) -> str:
    """The name, with the e-mail address where it could be taken for somebody else's: people choose
    their names themselves, even a colleague's name or e-mail address, or one that reads as a key's.
    """
    is_doubtful = has_namesake or mixes_scripts(user.name) or _may_mislead(user.name)
    return f"{user.name} ({user.email})" if user.name and is_doubtful else str(user)


def _may_mislead(name: str) -> bool:
    """Whether it holds what e-mail addresses hold or what stands around the name of a key."""
    return any(
        char in _MISLEADING
        or unicodedata.category(char) in _PAIRED
        or _QUOTES.search(unicodedata.name(char, ""))
        for char in _APOSTROPHES.sub("", name)
    )
