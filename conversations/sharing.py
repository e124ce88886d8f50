"""A link to what was said in a preview: for people without an account, to read, for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from common.problems import gone, invalid, not_found
from common.timestamps import rfc3339
from conversations import preview_store

if TYPE_CHECKING:
    from datetime import datetime

    from conversations.preview import Door
    from conversations.preview_store import Session

SALT = "conversations.preview"
LONGEST = timedelta(days=7)


@dataclass(frozen=True)
class Shared:
    """What the link shows: the name that the draft had, and the session."""

    name: str
    session: Session


def share(door: Door, session_id: str) -> dict[str, str]:
    """The link and until when it works; raises ``Problem`` 422 when nothing was said yet."""
    session = door.session(session_id)
    if not session.messages:
        raise invalid(_("Nothing was said yet. Ask something first, then share the conversation."))
    draft = door.draft
    token = signing.dumps(
        [str(draft.workspace_id), draft.id, session.id, draft.name], salt=SALT, compress=True
    )
    path = reverse("conversations:shared", args=(token,))
    return {"url": f"{settings.PUBLIC_URL}{path}", "expires_at": _ends(door.expires_at)}


def _ends(draft_expires_at: datetime) -> str:
    return rfc3339(min(draft_expires_at, timezone.now() + LONGEST))


def open_shared(token: str) -> Shared:
    """Raises ``Problem`` 404 for a link that is not ours, 410 for one whose preview is over."""
    try:
        workspace_id, draft_id, session_id, name = signing.loads(token, salt=SALT, max_age=LONGEST)
    except signing.SignatureExpired:
        raise over() from None
    except (signing.BadSignature, ValueError):
        raise not_found() from None
    session = preview_store.load(UUID(workspace_id), draft_id, session_id)
    if not session.messages:
        raise over()
    return Shared(name, session)


def over() -> Any:
    return gone(_("This preview is over. Ask whoever sent the link for a new one."))
