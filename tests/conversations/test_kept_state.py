"""What an assistant keeps from message to message, and what it had kept before the last one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from conversations.outcome import Outcome
from conversations.recording import Recorder
from conversations.sessions import past_of
from conversations.turn import Done, Turn
from tests.conversations.conftest import deployed

if TYPE_CHECKING:
    from drafts.models import Entity
    from workspaces.models import Workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def entity(acme: Workspace) -> Entity:
    return deployed(acme)


def turn(entity: Entity, state: dict[str, Any] | None, *, again: bool = False) -> None:
    """A turn of the one session, as it is recorded."""
    past = past_of(entity, "api", "s1", 10)
    following = past.next("" if again else "Hi", regenerate=again)
    outcome = Outcome(Turn(following.question), "s1", regenerates=again)
    outcome.trace.append({"event": "node_started", "node_id": "a\0"})
    outcome.finish(Done("Hello", state=state))
    outcome.end()
    Recorder(
        workspace_id=entity.workspace_id,
        entity_id=entity.pk,
        channel="api",
        release=1,
        conversation_id=past.conversation_id,
        replaces=UUID(following.replaces) if following.replaces else None,
    ).record(outcome)


def kept(entity: Entity, *, again: bool = False) -> Any:
    past = past_of(entity, "api", "s1", 10)
    return past.next("" if again else "Hi", regenerate=again).state


def test_what_is_kept_is_given_with_the_next_message(entity: Entity) -> None:
    turn(entity, {"n": 1})
    assert kept(entity) == {"n": 1}
    turn(entity, {"n": 2})
    assert kept(entity) == {"n": 2}


def test_an_assistant_that_keeps_nothing_new_is_given_what_it_had(entity: Entity) -> None:
    turn(entity, {"n": 1})
    turn(entity, None)
    assert kept(entity) == {"n": 1}


def test_an_answer_that_is_given_again_begins_where_the_first_one_did(entity: Entity) -> None:
    turn(entity, {"n": 1})
    turn(entity, {"n": 2})
    assert kept(entity, again=True) == {"n": 1}
    turn(entity, {"n": 3}, again=True)
    assert kept(entity, again=True) == {"n": 1}
    assert kept(entity) == {"n": 3}


def test_what_a_database_cannot_hold_is_left_out(entity: Entity) -> None:
    turn(entity, {"said\0": ["a\0b"]})
    assert kept(entity) == {"said": ["ab"]}
