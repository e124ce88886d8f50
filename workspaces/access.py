"""The only door to a workspace: who asks, in which workspace, in which role.

What belongs to another workspace does not exist: every look-up takes an ``Actor`` and filters by
its workspace, so a foreign id is answered as an unknown one. Pages use ``member``, keys
``holder`` and ``manager``, streams ``actor_for_stream``.
"""

from workspaces.actor import Actor
from workspaces.key_access import actor_for_key, bearer_of, may_chat_with
from workspaces.key_doors import holder, manager
from workspaces.membership_access import member_of
from workspaces.models import Role
from workspaces.page_access import SignInRequiredError, actor_for, member, sign_in_first
from workspaces.stream_access import (
    actor_for_stream,
    admit_again,
    may_still_listen,
    still_allowed,
)

__all__ = [
    "Actor",
    "Role",
    "SignInRequiredError",
    "actor_for",
    "actor_for_key",
    "actor_for_stream",
    "admit_again",
    "bearer_of",
    "holder",
    "manager",
    "may_chat_with",
    "may_still_listen",
    "member",
    "member_of",
    "sign_in_first",
    "still_allowed",
]
