"""What was said in the workspace of the scene: live conversations, and one in a preview."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.utils import timezone

from conversations import preview_store, sharing
from conversations.models import Conversation, Feedback, Lead, Message
from conversations.preview import open_door
from drafts.types import draft_types

if TYPE_CHECKING:
    from drafts.draft import Draft
    from drafts.models import Entity
    from workspaces.access import Actor

SAID = (
    ("user", "Are you open on Sunday? I would like to bring a bike in."),
    (
        "assistant",
        "Not on **Sunday**. On other days:\n\n- 9:00 to 12:00\n- 13:00 to 18:00",
    ),
)


def shared_preview(owner: Actor, draft: Draft) -> str:
    """The address of a preview's conversation that was shared."""
    door = open_door(owner, draft_types.get("chatbot"), draft.id)
    messages = [
        {"id": str(number), "role": role, "content": text, "at": time.time() + number}
        | {"status": "whole", "citations": []}
        for number, (role, text) in enumerate(SAID)
    ]
    session = door.session("shown")
    preview_store.append(session, messages, replaces=None, expires_at=door.expires_at)
    return urlsplit(sharing.share(door, "shown")["url"]).path


OPENINGS = (
    "Are you open on Sunday?",
    "Where is my order? It should have come on Tuesday and I leave town tomorrow morning.",
    "Do you repair electric bikes?",
    "Thanks",
)


def converse(entity: Entity) -> list[Conversation]:
    """A few days of conversations, the first of them with a lead and a rating."""
    found = [_conversation(entity, opening, day) for day, opening in enumerate(OPENINGS)]
    first = found[0]
    lead = {"name": "Ada Lovelace", "email": "ada@example.com"}
    Lead.objects.create(
        workspace=entity.workspace,
        entity=entity,
        conversation=first,
        fields=lead | {"phone": "+44 20 7946 0000"},
        created_at=first.created_at,
        **lead,
    )
    Feedback.objects.create(message=first.messages.get(role="assistant"), value="up")
    return found


def _conversation(entity: Entity, opening: str, day: int) -> Conversation:
    at = timezone.now() - timedelta(days=day)
    conversation = Conversation.objects.create(
        workspace=entity.workspace,
        entity=entity,
        channel="website",
        session_id=f"visitor-{day}",
        visitor={"page": "https://example.com/contact"},
        opening=opening,
        message_count=2,
        created_at=at,
        last_message_at=at,
    )
    Message.objects.create(conversation=conversation, role="user", content=opening, created_at=at)
    Message.objects.create(
        conversation=conversation,
        role="assistant",
        content=SAID[1][1],
        release=1,
        latency_ms=840,
        prompt_tokens=310,
        completion_tokens=42,
        created_at=at + timedelta(seconds=1),
    )
    return conversation
