"""Somebody loses the right to a preview while it answers: the answer ends there."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient, Client

from conversations import admission, preview_store
from tests.conversations.conftest import Api, draft_of, events
from tests.servers.model import Reply
from tests.support.people import signed_in
from tests.support.waiting import comes_true
from workspaces import keys
from workspaces.models import ApiKey, Membership, Role

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from drafts.draft import Draft
    from tests.servers.model import ModelServer
    from workspaces.access import Actor

pytestmark = pytest.mark.django_db(transaction=True)

LONG = Reply(chunks=("word ",) * 1000, token_ms=20)
SILENT = Reply("Too late.", first_token_ms=20_000)


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "EVERY", 0.2)


@pytest.fixture
def draft(bob: Actor) -> Draft:
    return draft_of(bob)


async def ended(response: Any, parrot: ModelServer, change: Callable[[], Any]) -> dict[str, Any]:
    """How the answer ends when ``change`` happens in the middle of it."""
    assert response.status_code == 200
    reading = asyncio.ensure_future(events(response))
    assert await comes_true(lambda: bool(parrot.chats))
    await asyncio.sleep(0.1)
    await sync_to_async(change)()
    async with asyncio.timeout(5):
        last, error = (await reading)[-1]
    assert last == "error"
    assert await comes_true(lambda: parrot.dropped == 1)
    return error


def remove(actor: Actor) -> None:
    Membership.objects.get(user=actor.user).delete()


def demote(actor: Actor) -> None:
    Membership.objects.filter(user=actor.user).update(role=Role.VIEWER)


def deactivate(actor: Actor) -> None:
    assert actor.user
    actor.user.is_active = False
    actor.user.save(update_fields=["is_active"])


async def asked(actor: Actor, draft: Draft) -> Any:
    """The answer's stream, as the builder's panel gets it."""
    client = AsyncClient()
    client.cookies = (await sync_to_async(signed_in)(Client(), actor)).cookies
    return await client.post(
        f"/w/acme/chatbots/draft/{draft.id}/preview/messages",
        {"message": "Tell me all.", "session_id": "s1"},
        content_type="application/json",
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [(remove, "not-found"), (demote, "forbidden"), (deactivate, "unauthenticated")],
)
async def test_an_answer_in_the_panel_ends_for_who_may_not_build_any_more(
    bob: Actor, draft: Draft, parrot: ModelServer, change: Callable[[Actor], None], code: str
) -> None:
    parrot.reply(LONG)
    error = await ended(await asked(bob, draft), parrot, lambda: change(bob))
    assert error["code"] == code
    assert not preview_store.load(bob.workspace_id, draft.id, "s1").messages


async def test_a_model_that_says_nothing_is_not_waited_for(
    bob: Actor, draft: Draft, parrot: ModelServer
) -> None:
    parrot.reply(SILENT)
    error = await ended(await asked(bob, draft), parrot, lambda: remove(bob))
    assert error["code"] == "not-found"


async def test_an_answer_over_the_api_ends_with_its_key(
    draft: Draft, api: Api, parrot: ModelServer
) -> None:
    parrot.reply(LONG)
    path = f"/api/v1/chatbots/draft/{draft.id}/preview"
    response = await api.post(path, {"message": "hi"}, Accept="text/event-stream")
    error = await ended(response, parrot, lambda: keys.revoke(ApiKey.objects.get()))
    assert error["code"] == "unauthenticated"


async def test_an_answer_that_is_just_whole_is_not_kept_for_who_was_taken_out(
    bob: Actor, draft: Draft, parrot: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "EVERY", 60)
    parrot.reply(Reply("Short.", first_token_ms=600))
    response = await asked(bob, draft)
    reading = asyncio.ensure_future(events(response))
    await asyncio.sleep(0.2)
    await sync_to_async(remove)(bob)
    assert [name for name, _data in await reading] == ["token", "error"]
    assert not preview_store.load(bob.workspace_id, draft.id, "s1").messages


async def test_whoever_leaves_ends_the_model_s_work_and_keeps_what_was_said(
    bob: Actor, draft: Draft, parrot: ModelServer
) -> None:
    parrot.reply(LONG)
    reading = asyncio.ensure_future(events(await asked(bob, draft)))
    await asyncio.sleep(0.5)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    assert await comes_true(lambda: parrot.dropped == 1)
    _question, answer = preview_store.load(bob.workspace_id, draft.id, "s1").messages
    assert answer["status"] == "stopped"
    assert answer["content"].startswith("word")


async def test_who_waits_long_for_the_database_asks_it_less_often(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(admission, "EVERY", 0.01)
    looks = 0

    def admit() -> None:
        nonlocal looks
        looks += 1
        time.sleep(0.1)

    async def frames() -> AsyncGenerator[Any]:
        await asyncio.sleep(0.5)
        yield ("done", {})

    assert len([frame async for frame in admission.while_admitted(frames(), admit)]) == 1
    assert looks <= 2
