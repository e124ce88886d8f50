"""A chatbot's row is one of two tables: changing and deleting it at once must not deadlock."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from drafts import creating, editing
from drafts.deploying import deploy
from drafts.deploying.rollback import rollback
from drafts.entities import remove
from drafts.models import Entity
from drafts.types import draft_types
from tests.support.at_once import at_once

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
        back, gone = at_once(partial(rollback, alice, entity, 1), partial(remove, alice, entity))
        assert gone is None
        assert not isinstance(back, int) or back in {404, 409}
    assert not Entity.objects.exists()
