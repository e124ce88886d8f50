"""Somebody who may only read a draft looks at it while others build."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drafts import editing

if TYPE_CHECKING:
    from collections.abc import Callable

    from drafts.draft import Draft
    from tests.builder.seat import Seat
    from workspaces.access import Actor

    Sit = Callable[..., Seat]


def test_a_reader_sees_what_others_change(
    seat: Sit, draft: Draft, alice: Actor, vera: Actor
) -> None:
    here = seat(vera)
    name = here.page.locator(here.field("name"))
    assert name.input_value() == "Robot"
    assert name.is_disabled()
    here.patch(alice, {"name": "Robot two", "notes": "Read me"})
    here.page.wait_for_function(
        "() => document.querySelector('#step-form [name=name]').value === 'Robot two'"
    )
    assert here.page.input_value(".builder-name") == "Robot two"
    assert here.page.input_value(here.field("notes")) == "Read me"
    assert name.is_disabled()


def test_a_reader_hears_that_the_draft_is_gone(
    seat: Sit, draft: Draft, alice: Actor, vera: Actor
) -> None:
    here = seat(vera)
    editing.abandon(alice, here.kind, here.draft_id)
    here.page.wait_for_selector("text=This draft is gone")
