"""A chatbot's row is one of two tables: changing and deleting it at once must not deadlock."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections

from common.problems import Problem
from drafts import creating, editing
from drafts.deploying import deploy
from drafts.deploying.rollback import rollback
from drafts.entities import remove
from drafts.models import Entity
from drafts.types import draft_types

if TYPE_CHECKING:
    from workspaces.access import Actor

ROUNDS = 4
DATA = {"name": "Robot", "system_prompt": "Help.", "model": "small-1"}


@pytest.mark.django_db(transaction=True)
def test_rolling_back_and_deleting_at_once_ends_with_none(alice: Actor) -> None:
    kind = draft_types.get("chatbot")
    for _round in range(ROUNDS):
        draft = creating.create(alice, kind, DATA)
        entity = deploy.deploy(alice, kind, draft.id).entity
        edit = creating.create_from_entity(alice, entity)
        editing.patch(alice, kind, edit.id, {"name": "Robot two"})
        deploy.deploy(alice, kind, edit.id)
        together = Barrier(2)

        def at_once(function: Any, *args: Any, together: Barrier = together) -> int:
            together.wait()
            try:
                function(*args)
            except Problem as problem:
                return problem.status
            finally:
                connections.close_all()
            return 200

        with ThreadPoolExecutor(2) as pool:
            back = pool.submit(at_once, rollback, alice, entity, 1)
            gone = pool.submit(at_once, remove, alice, entity)
            assert gone.result() == 200
            assert back.result() in {200, 404, 409}
    assert not Entity.objects.exists()
