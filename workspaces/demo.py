"""A workspace to look around in, made on an empty database."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.db import connection, transaction

from workspaces.models import Membership, Role, User, Workspace

SLUG = "demo"
EMAIL = "demo@privexbot.local"
# Any number will do; it keeps two servers that start at once from both making the demo.
LOCK = 7_265_001


@dataclass(frozen=True)
class DemoLogin:
    """How to sign in to the demo workspace. Only the password's hash is stored: to show it again,
    the caller has to keep it."""

    email: str
    password: str


@transaction.atomic
def ensure_demo() -> DemoLogin | None:
    """Make the demo workspace and its owner; None when the database is not empty."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    if Workspace.objects.exists() or User.objects.exists():
        return None
    login = DemoLogin(EMAIL, secrets.token_urlsafe(9))
    user = User.objects.create_verified(login.email, login.password, name="Demo")
    workspace = Workspace.objects.create(name="Demo", slug=SLUG)
    Membership.objects.create(workspace=workspace, user=user, role=Role.OWNER)
    return login
