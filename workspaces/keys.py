"""Issues, reads and revokes API keys: ``pxb_<prefix>_<secret>``, of which only a hash is kept."""

from __future__ import annotations

import hashlib
import re
import secrets
from hmac import compare_digest
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from common.plain_text import plain
from workspaces.audit import record
from workspaces.models import ApiKey, User
from workspaces.names import LONGEST_NAME

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from workspaces.actor import Actor
    from workspaces.models import Workspace

PREFIX_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
PREFIX_LENGTH = 10
SECRET_BYTES = 32
_RAW = re.compile(r"pxb_([a-z2-9]{10})_([A-Za-z0-9_-]{43})", re.ASCII)


def issue(
    workspace: Workspace,
    name: str,
    scope: str,
    subject_id: UUID | None = None,
    by: User | Actor | None = None,
    *,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """A new key and its text, which cannot be had again.

    ``by`` is whose rights the key is bounded by; None (the shell) stands for the workspace.
    """
    prefix, secret = text()
    key = ApiKey.objects.create(
        workspace=workspace,
        name=plain(name)[:LONGEST_NAME],
        prefix=prefix,
        digest=digest(secret),
        scope=scope,
        subject_id=subject_id,
        created_by=_maker(by),
        expires_at=expires_at,
    )
    return key, f"pxb_{prefix}_{secret}"


@transaction.atomic
def issue_by(
    actor: Actor,
    name: str,
    scope: str,
    subject_id: UUID | None = None,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """``issue`` on behalf of ``actor``, with a line in the audit log."""
    key, raw = issue(actor.workspace, name, scope, subject_id, actor, expires_at=expires_at)
    record(actor, "key.issued", key.name, prefix=key.prefix, scope=scope)
    return key, raw


@transaction.atomic
def revoke_by(actor: Actor, key: ApiKey) -> None:
    """``revoke`` on behalf of ``actor``, with a line in the audit log for whoever did it first."""
    if revoke(key):
        record(actor, "key.revoked", key.name, prefix=key.prefix)


def revoke(key: ApiKey) -> bool:
    """Stop the key for good; safe to run twice. Whether it was this call that did."""
    done = ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now())
    key.refresh_from_db(fields=["revoked_at"])
    return bool(done)


def revoke_made_by(workspace: Workspace, user: User) -> int:
    """Stop every key that ``user`` made in ``workspace``; how many there were."""
    mine = ApiKey.objects.filter(workspace=workspace, created_by=user, revoked_at=None)
    return mine.update(revoked_at=timezone.now())


def text() -> tuple[str, str]:
    """A new prefix, which is no secret, and a new secret, which has nothing to do with it."""
    prefix = "".join(secrets.choice(PREFIX_ALPHABET) for _ in range(PREFIX_LENGTH))
    return prefix, secrets.token_urlsafe(SECRET_BYTES)


def split(raw: str) -> tuple[str, str] | None:
    """Prefix and secret of a key's text; None when it has not the form of one."""
    match = _RAW.fullmatch(raw)
    return (match[1], match[2]) if match else None


def matches(key: ApiKey, secret: str) -> bool:
    return compare_digest(key.digest, digest(secret))


def digest(secret: str) -> str:
    """What is stored of a secret. It has 256 random bits, so a fast hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _maker(by: User | Actor | None) -> User | None:
    """A key made with a key belongs to whoever made that one."""
    if by is None or isinstance(by, User):
        return by
    return by.user or (by.api_key.created_by if by.api_key else None)
