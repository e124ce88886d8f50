"""A draft type that does not fit itself is refused at start-up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from drafts.checks import draft_types_are_sound, problems
from tests.drafts.notes import NoteDraft

if TYPE_CHECKING:
    from drafts.step import Step


def codes(*steps: Step, **more: object) -> list[str | None]:
    wrong = NoteDraft()
    wrong.steps = steps
    for name, value in more.items():
        setattr(wrong, name, value)
    return [problem.id for problem in problems(wrong)]


FIRST, *REST = NoteDraft.steps


def test_the_registered_kinds_are_sound() -> None:
    assert draft_types_are_sound() == []
    assert list(problems(NoteDraft())) == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [(FIRST.fields[1:], "drafts.E001"), ((*FIRST.fields, "typo"), "drafts.E001")],
)
def test_steps_and_schema_have_the_same_fields(fields: tuple[str, ...], code: str) -> None:
    assert codes(replace(FIRST, fields=fields), *REST) == [code]


def test_a_field_belongs_to_one_step() -> None:
    assert "drafts.E002" in codes(FIRST, replace(FIRST, name="again"), *REST)


@pytest.mark.parametrize("name", ["undo", "deploy-now", "export"])
def test_a_step_cannot_take_the_address_of_an_action(name: str) -> None:
    assert codes(replace(FIRST, name=name), *REST) == ["drafts.E003"]


def test_a_keyed_list_is_a_list_of_the_schema() -> None:
    assert codes(FIRST, *REST, keyed_lists={"typo.inside": "id"}) == ["drafts.E004"]
