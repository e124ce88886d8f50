"""Preview and live are one engine: the same configuration gives the same events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import async_to_sync
from django.db import InterfaceError, OperationalError
from psycopg_pool import PoolTimeout

from conversations.answering import _keep
from conversations.live import Asked, Prepared, prepare
from conversations.outcome import Outcome
from conversations.ports import ports_for
from conversations.preview import assistant_of as previewed
from conversations.releases import assistant_of as live
from conversations.runtime import answer
from conversations.turn import Done, Failed, Token, Turn, Utterance
from tests.conversations.conftest import PLAIN, deployed, draft_of, released
from tests.servers.model import Reply

if TYPE_CHECKING:
    from conversations.runtime import Assistant, Ports
    from conversations.turn import Event
    from tests.servers.model import ModelServer
    from workspaces.access import Actor

TURNS = [
    Turn("hi"),
    Turn("refund please", variables={"visitor_name": "Ana"}),
    Turn("and then?", (Utterance("user", "hi"), Utterance("assistant", "Hello."))),
]


async def _events(assistant: Assistant, ports: Ports, turn: Turn) -> list[Event]:
    return [event async for event in answer(assistant, turn, ports)]


@pytest.mark.django_db
@pytest.mark.parametrize("turn", TURNS, ids=lambda turn: turn.message)
@pytest.mark.parametrize(
    "reply",
    [Reply("Of course, [1] gladly."), Reply("no", status=401), Reply("One two", cut_after=1)],
    ids=["answer", "refusal", "broken"],
)
def test_preview_and_live_give_the_same_events(
    bob: Actor, parrot: ModelServer, turn: Turn, reply: Reply
) -> None:
    parrot.default = reply
    draft, entity = draft_of(bob), deployed(bob.workspace)
    first = _run(previewed(draft), bob, turn)
    second = _run(live(entity).assistant, bob, turn)
    assert first == second
    assert len([e for e in first if isinstance(e, Done | Failed)]) == 1
    assert parrot.chats[0].json == parrot.chats[-1].json


def _run(assistant: Assistant, actor: Actor, turn: Turn) -> list[Event]:
    return async_to_sync(_events)(assistant, ports_for(actor.workspace_id, assistant), turn)


@pytest.mark.django_db
def test_without_a_model_the_truth_is_told(bob: Actor, settings: Any) -> None:
    settings.LLM_BASE_URL = settings.SECRET_AI_API_KEY = settings.LLM_GGUF = ""
    *tokens, done = _run(previewed(draft_of(bob)), bob, Turn("hi"))
    assert all(isinstance(token, Token) for token in tokens)
    assert isinstance(done, Done)
    assert "No language model is configured" in done.message


@pytest.mark.django_db
def test_without_a_model_visitors_are_told_nothing_of_the_server(bob: Actor, settings: Any) -> None:
    settings.LLM_BASE_URL = settings.SECRET_AI_API_KEY = settings.LLM_GGUF = ""
    entity = deployed(bob.workspace)
    for public, words in ((True, "This assistant is not available"), (False, "LLM_BASE_URL")):
        prepared = prepare(entity, Asked("hi", public=public))
        assert isinstance(prepared, Prepared)
        *_tokens, done = async_to_sync(_events)(prepared.live.assistant, prepared.ports, Turn("hi"))
        assert isinstance(done, Done)
        assert words in done.message
        assert ("LLM_BASE_URL" in done.message) is not public


@pytest.mark.django_db
def test_a_credential_of_another_workspace_is_not_used(bob: Actor, parrot: ModelServer) -> None:
    foreign = "6f1c1e5e-7b1a-4c0e-9d53-000000000000"
    draft = draft_of(bob, credential_id=foreign, provider="openai_compatible")
    (failed,) = _run(previewed(draft), bob, Turn("hi"))
    assert isinstance(failed, Failed)
    assert failed.code == "not-configured"
    assert not parrot.requests


@pytest.mark.django_db
def test_a_new_version_is_live_at_once_and_an_old_one_is_parsed_once(bob: Actor) -> None:
    entity = deployed(bob.workspace)
    first = live(entity)
    assert live(entity) is first
    released(entity, PLAIN | {"system_prompt": "Another."})
    assert live(entity).release == 2


@pytest.mark.parametrize("error", [InterfaceError, OperationalError, PoolTimeout])
def test_what_was_said_stays_said_when_the_store_is_away(error: type[Exception]) -> None:
    class Away:
        async def keep(self, outcome: Outcome) -> None:
            raise error

    async_to_sync(_keep)(Away(), Outcome(Turn("hi"), "s1"))
