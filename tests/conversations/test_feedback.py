"""What a visitor thinks of an answer, whatever they press and how fast."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from django.db import connections
from django.utils import timezone

from conversations.models import Conversation, Feedback, Message
from conversations.visits import record_feedback
from tests.conversations.conftest import deployed

if TYPE_CHECKING:
    from workspaces.models import Workspace


NOW = timezone.now()


@pytest.mark.django_db(transaction=True)
def test_thumbs_pressed_at_once_leave_one_or_none(acme: Workspace) -> None:
    entity = deployed(acme)
    conversation = Conversation.objects.create(
        workspace=acme,
        entity=entity,
        channel="website",
        session_id="s",
        created_at=NOW,
        last_message_at=NOW,
    )
    answer = Message.objects.create(
        conversation=conversation, role="assistant", content="Hello", created_at=NOW
    )

    def press(value: str | None) -> None:
        try:
            record_feedback(entity, "s", answer.pk, value, channel="website")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(press, ("up", "down", None, "up") * 8))
    assert Feedback.objects.count() <= 1
