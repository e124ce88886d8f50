"""Conversations and leads as they were recorded before a test."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.utils import timezone

from conversations.models import Conversation, Feedback, Lead, Message

if TYPE_CHECKING:
    from drafts.models import Entity


def begun(bot: Entity) -> Conversation:
    """A conversation in which nothing was said yet; see ``say``."""
    now = timezone.now()
    return Conversation.objects.create(
        workspace=bot.workspace,
        entity=bot,
        channel="website",
        session_id="s1",
        opening="Hello",
        created_at=now,
        last_message_at=now,
    )


def say(conversation: Conversation, *turns: tuple[str, str]) -> None:
    """Turns of a question and an answer, one a minute."""
    began = timezone.now() - timedelta(days=1)
    said = [
        Message(
            conversation=conversation,
            role=role,
            content=content,
            created_at=began + timedelta(minutes=turn, seconds=place),
        )
        for turn, contents in enumerate(turns)
        for place, (role, content) in enumerate(zip(("user", "assistant"), contents, strict=True))
    ]
    Message.objects.bulk_create(said)


def talk(bot: Entity, question: str, answer: str = "Yes.", **more: Any) -> Conversation:
    """A recorded conversation of one turn; ``days_ago`` says when."""
    at = timezone.now() - timedelta(days=more.pop("days_ago", 0))
    feedback, status = more.pop("feedback", None), more.pop("status", "whole")
    conversation = Conversation.objects.create(
        workspace=bot.workspace,
        entity=bot,
        session_id=uuid4().hex,
        opening=question,
        message_count=2,
        created_at=at,
        last_message_at=at,
        **{"channel": "website"} | more,
    )
    said: dict[str, Any] = {"conversation": conversation}
    Message.objects.create(role="user", content=question, created_at=at, **said)
    said |= {"latency_ms": 200, "prompt_tokens": 5, "status": status}
    later = at + timedelta(milliseconds=200)
    message = Message.objects.create(role="assistant", content=answer, created_at=later, **said)
    if feedback:
        Feedback.objects.create(message=message, value=feedback)
    return conversation


def known(conversation: Conversation, **fields: str) -> Lead:
    return Lead.objects.create(
        workspace=conversation.workspace,
        entity=conversation.entity,
        conversation=conversation,
        name=fields.get("name", ""),
        email=fields.get("email", ""),
        fields=fields,
        created_at=conversation.created_at,
    )
