"""A list of many flows asks the store and the database no more often than one of a single flow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone

from chatflows.cases import results
from chatflows.cases.batch import JOB
from chatflows.cases.results import PASSED, Result
from conversations import preview_pins
from drafts import creating, editing, jobs, overview
from drafts.types import draft_types
from tests.chatflows.cases.flows import case
from tests.chatflows.test_subflows import HELLO, SAY, deployed, document, runs
from tests.support.people import signed_in
from tests.support.round_trips import RoundTrips, round_trips

if TYPE_CHECKING:
    from drafts.draft import Draft
    from workspaces.access import Actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis_clean", "connections_returned")]
KIND, PAGE = "chatflow", "/w/acme/chatflows/"


def with_all_that_is_beside_it(bob: Actor, number: int) -> Draft:
    """The next version of a flow, which runs another one by now; with pins, test cases, results of
    them, and cases that are being run."""
    inner = deployed(bob, document(f"Inner {number}", HELLO))
    middle = deployed(bob, document(f"Middle {number}", runs(inner), SAY))
    flow = document(f"Flow {number}", runs(middle), SAY)
    live = deployed(bob, document(f"Flow {number}", HELLO))
    draft = creating.create_from_entity(bob, live)
    editing.patch(bob, draft_types.get(KIND), draft.id, flow | {"test_cases": [case("one", "Hi")]})
    preview_pins.pin(draft.id, "say", {"output": {"text": "Hi"}}, draft.expires_at)
    results.keep(bob.workspace_id, draft.id, "one", Result(PASSED, "an old one"))
    jobs.begin_if_idle(draft.id, JOB, {"left": ["one"], "playing": []}, 1)
    jobs.woken(draft.id, JOB)
    return draft


def judged(bob: Actor) -> RoundTrips:
    """Those of judging all of Bob's drafts, once what is remembered between requests is."""
    kind = draft_types.get(KIND)
    overview.draft_rows(bob, kind, overview.drafts_named(bob, kind))
    with round_trips() as trips:
        rows = overview.draft_rows(bob, kind, overview.drafts_named(bob, kind))
    # A pin, a case that is being run, no channel and no welcome.
    assert {(row.errors, row.warnings) for row in rows} == {(0, 4)}
    return trips


def opened(bob: Actor) -> tuple[RoundTrips, str]:
    """Those of the page that lists them, and the page."""
    client = signed_in(Client(), bob)
    client.get(PAGE)
    with round_trips() as trips:
        page: Any = client.get(PAGE)
    return trips, page.content.decode()


def test_twenty_drafts_take_as_many_questions_as_one(bob: Actor) -> None:
    first = with_all_that_is_beside_it(bob, 0)
    of_one, of_its_page = judged(bob), opened(bob)[0]
    drafts = [first, *(with_all_that_is_beside_it(bob, number) for number in range(1, 20))]
    assert judged(bob) == of_one
    of_all, page = opened(bob)
    assert sum(draft.id in page for draft in drafts) == len(drafts)
    assert of_all == of_its_page


def test_pins_live_on_while_their_drafts_are_listed(bob: Actor) -> None:
    draft = with_all_that_is_beside_it(bob, 0)
    until = timezone.now() + (draft.expires_at - draft.created_at) / 2
    assert preview_pins.pinned_in_each({draft.id: until, "other": until}) == {
        draft.id: frozenset({"say"}),
        "other": frozenset(),
    }
