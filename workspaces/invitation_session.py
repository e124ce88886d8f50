"""Remembers in a session that it was shown the link of an invitation.

The session holds the invitation's id: the token itself is kept nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workspaces import inviting

if TYPE_CHECKING:
    from django.http import HttpRequest

    from workspaces.models import Invitation

KEY = "invitation"


def remember(request: HttpRequest, invitation: Invitation) -> None:
    request.session[KEY] = str(invitation.pk)


def invitation_in(request: HttpRequest) -> Invitation | None:
    """The open invitation that this session holds."""
    return inviting.open_by_id(request.session.get(KEY))


def forget(request: HttpRequest) -> None:
    request.session.pop(KEY, None)
