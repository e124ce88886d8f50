"""Test questions are kept, asked and exported in the order in which they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drafts.access import open_draft
from drafts.types import draft_types
from knowledge.questions import csv_file

if TYPE_CHECKING:
    from tests.knowledge.client import KnowledgeApi
    from workspaces.access import Actor

OVERRIDE, ISOLATE = "\u202e", "\u2066"
TURNED = {"question": f"How {OVERRIDE}long?", "expected": f"Three{ISOLATE} days.\nNot more."}
PLAIN = ("How long?", "Three days.\nNot more.")


def test_what_turns_a_text_round_is_not_kept(api: KnowledgeApi, alice: Actor) -> None:
    draft_id = api.new_draft(test_questions=[{"id": "q_1", **TURNED}])
    patch = {"data": {"test_questions": {"q_2": {"id": "q_2", **TURNED}}}}
    assert api.patch(f"/draft/{draft_id}", patch).status_code == 200
    csv = f"question,expected\n{TURNED['question']} Again?,{ISOLATE}Three days.\n"
    draft = open_draft(alice, draft_types.get("kb"), draft_id)
    assert csv_file.bring(alice, draft, csv.encode()) == 1
    assert csv_file.bring(alice, draft, csv.encode()) == 0, "it is there already"

    draft = open_draft(alice, draft_types.get("kb"), draft_id)
    kept = [(each["question"], each["expected"]) for each in draft.data["test_questions"]]
    assert kept == [PLAIN, PLAIN, ("How long? Again?", "Three days.")]
    rows = list(csv_file.exported(draft))
    assert [row[:2] for row in rows[1:]] == kept


def test_other_scripts_stay_as_they_are(api: KnowledgeApi) -> None:
    said = {"question": "\u05db\u05de\u05d4\u200f?", "expected": "\u0645\u06cc\u200c\u062e"}
    draft_id = api.new_draft(test_questions=[{"id": "q_1", **said}])
    (kept,) = api.get(f"/draft/{draft_id}").json()["data"]["test_questions"]
    assert {name: kept[name] for name in said} == said
