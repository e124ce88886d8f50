"""A bot that people talk to, somebody's endpoint, and what workers do, done on the spot."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from celery import current_app
from django.db import transaction
from django.test import Client
from django.utils import timezone

from conversations.models import Conversation
from conversations.outcome import Outcome
from conversations.recording import Recorder
from conversations.turn import Turn
from tests.conversations.conftest import deployed
from webhooks import subscribing, tasks
from webhooks.models import EventDelivery, Subscription
from webhooks.subscribing import Wanted
from workspaces import keys
from workspaces.models import ApiKey

if TYPE_CHECKING:
    from collections.abc import Callable

    from drafts.models import Entity
    from tests.servers.receiver import Hook, ReceiverServer
    from workspaces.access import Actor
    from workspaces.models import Workspace

ASKS = {"lead_capture": {"enabled": True, "timing": "end_of_chat"}}
EVERY = ("conversation.created", "message.created", "lead.created", "handoff.requested")
Tasks = list[tuple[str, tuple[Any, ...]]]


@pytest.fixture
def bot(acme: Workspace) -> Entity:
    return deployed(acme, **ASKS)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Tasks:
    """What workers are asked for. There is no broker, and what waits for a commit need not."""
    tasks_asked: Tasks = []

    def send_task(name: str, args: tuple[Any, ...] = (), **_options: Any) -> None:
        tasks_asked.append((name, args))

    def on_commit(call: Callable[[], None], **_options: Any) -> None:
        call()

    monkeypatch.setattr(current_app, "send_task", send_task)
    monkeypatch.setattr(transaction, "on_commit", on_commit)
    return tasks_asked


@dataclass
class Desk:
    """Alice's bot, an endpoint of hers (``hook``, on ``receiver``), and one worker."""

    bot: Entity
    alice: Actor
    receiver: ReceiverServer
    hook: Hook
    asked: Tasks

    def webhook(self, *events: str, by: Actor | None = None, **more: Any) -> Subscription:
        """A webhook that leads to the endpoint, which checks its signatures from then on."""
        wanted = Wanted(events or EVERY, self.hook.url, **more)
        made, self.hook.secret = subscribing.create(by or self.alice, wanted)
        return made

    def say(
        self, session: str = "s-1", text: str = "Hi", bot: Entity | None = None, **more: Any
    ) -> Conversation:
        """One turn with the bot."""
        return say(bot or self.bot, session, text, **more)

    def answers(self, status: int, nth: int = 0, **more: Any) -> None:
        """What the endpoint answers from now on, or the ``nth`` time; 200: as it should."""
        self.receiver.rules.clear()
        if status != 200:
            self.receiver.rule(self.hook.path, "status", nth=nth, status=status, **more)

    def sweep(self) -> None:
        """The sweep, and all that follows from it."""
        tasks.sweep()
        self.work()

    def work(self) -> None:
        """Do what workers were asked for, and all that follows from it."""
        while self.asked:
            name, args = self.asked.pop(0)
            if name == "webhooks.tasks.deliver":
                tasks.deliver(*args)
            else:
                tasks.pass_on()

    def later(self) -> None:
        """The same when the time until the next attempts has passed."""
        waiting = EventDelivery.objects.filter(status="pending")
        waiting.update(next_attempt_at=timezone.now())
        Subscription.objects.update(held_until=None)
        self.sweep()

    @property
    def told(self) -> list[dict[str, Any]]:
        """The events that arrived, whatever they were answered."""
        return [each.json for each in self.receiver.calls]

    @property
    def row(self) -> Subscription:
        return Subscription.objects.get()

    @property
    def delivery(self) -> EventDelivery:
        return EventDelivery.objects.get()


@pytest.fixture
def desk(bot: Entity, alice: Actor, receiver: ReceiverServer, asked: Tasks) -> Desk:
    return Desk(bot, alice, receiver, receiver.hook(""), asked)


def say(bot: Entity, session: str = "s-1", text: str = "Hi", **more: Any) -> Conversation:
    """One turn with a bot."""
    found = Conversation.objects.filter(session_id=session).first()
    recorder = Recorder(
        *(bot.workspace_id, bot.pk, "website", 1), conversation_id=found.pk if found else None
    )
    recorder.record(Outcome(Turn(text), session, parts=["Hello"], status="whole", **more))
    return Conversation.objects.get(session_id=session)


@dataclass
class Program:
    """Calls the API with a key."""

    key: str

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        return Client().generic(
            method,
            f"/api/v1/{path}",
            "" if body is None else json.dumps(body),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.key}"},
        )

    @property
    def row(self) -> ApiKey:
        return ApiKey.objects.get(prefix=self.key.split("_")[1])


@pytest.fixture
def api(alice: Actor, redis_clean: None) -> Program:
    """Alice's manage key."""
    return Program(keys.issue(alice.workspace, "Zapier", "manage", by=alice)[1])


@pytest.fixture
def evil_api(mallory: Actor, redis_clean: None) -> Program:
    return Program(keys.issue(mallory.workspace, "Mallory", "manage", by=mallory)[1])
