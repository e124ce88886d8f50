"""Test questions of a draft: asked by a real worker, kept with releases, compared, imported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from drafts.models import Entity
from knowledge.models import EvaluationRun
from tests.knowledge.client import wait
from tests.support.people import signed_in

if TYPE_CHECKING:
    from tests.knowledge.client import KnowledgeApi
    from workspaces.access import Actor

pytestmark = pytest.mark.usefixtures("worker")
TOPICS = {
    "Warranty": "The warranty lasts two years from the day of purchase. Keep the receipt.",
    "Descaling": "Descale the machine every three months. Use citric acid, never vinegar.",
    "Shipping": "Parcels leave the warehouse every morning and take three days to arrive.",
    "Returns": "Send the machine back within thirty days and the price is paid back in full.",
    "Noise": "A loud pump means that the water tank is empty or sits loosely in its frame.",
    "Recipes": "An espresso takes seven grams of coffee and thirty seconds of brewing.",
}
MANUAL = "\n\n".join(f"# {title}\n\n{text}" for title, text in TOPICS.items())
QUESTIONS = (
    "question,expected\n"
    "How long is the warranty?,lasts two years\n"
    "What do I descale it with?,Use citric acid\n"
    "When do I get my money back?,within thirty days\n"
    "Who was the first person on the moon?,Neil Armstrong\n"
)


class Evaluated:
    """A draft with test questions, as one would work on it."""

    def __init__(self, api: KnowledgeApi, draft_id: str = "") -> None:
        self.api = api
        self.draft_id = draft_id or api.new_draft()
        if not draft_id:
            self.source_id = api.add_text(self.draft_id, MANUAL, "Manual")["id"]

    def bring(self, content: str | bytes) -> Any:
        file = SimpleUploadedFile(
            "q.csv", content.encode() if isinstance(content, str) else content
        )
        return self.api.client.post(
            f"{self.api.base}/draft/{self.draft_id}/questions/import",
            {"file": file},
            headers={"Authorization": f"Bearer {self.api.key}"},
        )

    @property
    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = self.api.get(f"/draft/{self.draft_id}/evaluation").json()
        return found

    def evaluated(self) -> dict[str, Any]:
        answer = self.api.post(f"/draft/{self.draft_id}/evaluate")
        assert answer.status_code == 202, answer.json()
        wait(lambda: self.told["status"] != "running")
        assert self.told["status"] == "done", self.told
        return self.told

    def deployed(self) -> str:
        """The base's id, once it is indexed: nobody writes any more when the test ends."""
        kb_id = self.api.deployed(self.draft_id)
        self.api.indexed(kb_id)
        return kb_id

    def patch(self, **data: Any) -> None:
        answer = self.api.patch(f"/draft/{self.draft_id}", {"data": data})
        assert answer.status_code == 200, answer.json()

    @property
    def warnings(self) -> list[str]:
        answer = self.api.post(f"/draft/{self.draft_id}/validate").json()
        return [str(each) for each in answer["warnings"]]

    @property
    def questions(self) -> list[dict[str, Any]]:
        data = self.api.get(f"/draft/{self.draft_id}").json()["data"]
        found: list[dict[str, Any]] = data.get("test_questions", [])
        return found


@pytest.fixture
def tested(api: KnowledgeApi) -> Evaluated:
    tested = Evaluated(api)
    assert tested.bring(QUESTIONS).json() == {"added": 4, "questions": 4}
    return tested


def test_questions_are_asked_and_the_misses_are_first(tested: Evaluated) -> None:
    assert tested.told["status"] == "none"
    told = tested.evaluated()
    run = told["run"]
    assert (run["questions"], run["k"], run["current"], run["unasked"]) == (4, 5, True, 0)
    assert run["recall_at_k"] == 0.75
    assert run["mrr_at_10"] == run["ndcg_at_10"] == 0.75
    first, *rest = run["results"]
    assert (first["expected"], first["rank"]) == ("Neil Armstrong", None)
    assert [row["rank"] for row in rest] == [1, 1, 1]
    assert (told["done"], told["total"], told["comparison"]) == (4, 4, None)


def test_a_run_is_of_one_setup_and_fits_again_when_that_comes_back(tested: Evaluated) -> None:
    tested.evaluated()
    tested.patch(retrieval_config={"top_k": 1})
    assert not tested.told["run"]["current"]
    assert any("not been asked since" in words for words in tested.warnings)
    tested.patch(retrieval_config={"top_k": 5})
    assert tested.told["run"]["current"]
    assert not any("not been asked" in words for words in tested.warnings)

    tested.patch(chunking_config={"strategy": "no_chunking"})
    assert not tested.told["run"]["current"]


def test_questions_are_asked_as_the_draft_is_searched(api: KnowledgeApi) -> None:
    draft = Evaluated(api, api.new_draft(retrieval_config={"search_method": "keyword"}))
    api.add_text(draft.draft_id, "You get your money back with a refund.", "Returns")
    api.add_text(draft.draft_id, "Get your money, then get back to the office.", "Office")
    draft.bring("question,expected\nHow do I get my money back?,with a refund\n")
    assert draft.evaluated()["run"]["results"][0]["rank"] == 2
    draft.patch(retrieval_config={"rerank": True})
    assert not draft.told["run"]["current"]
    assert draft.evaluated()["run"]["results"][0]["rank"] == 1


def test_a_new_question_waits_for_the_next_run(tested: Evaluated) -> None:
    tested.evaluated()
    tested.bring("How much coffee?,seven grams\n")
    run = tested.told["run"]
    assert (run["questions"], run["unasked"], run["current"]) == (4, 1, True)
    assert tested.evaluated()["run"]["questions"] == 5


def test_the_source_counts_where_one_is_named(tested: Evaluated) -> None:
    other = tested.api.add_text(tested.draft_id, "A lamp. It has no warranty.", "Lamp")["id"]
    answer = tested.bring("q,answer,source\nIs there a warranty?,lasts two years,lamp\n")
    assert answer.status_code == 201, answer.json()
    assert tested.questions[-1]["source_id"] == other
    ranks = {row["question"]: row["rank"] for row in tested.evaluated()["run"]["results"]}
    assert ranks["Is there a warranty?"] is None


def test_a_version_that_answers_worse_is_warned_about(tested: Evaluated) -> None:
    tested.evaluated()
    kb_id = tested.deployed()
    row = EvaluationRun.objects.get(release__entity_id=kb_id)
    assert row.figures is not None
    assert (row.release.number, row.figures.recall) == (1, 0.75)

    draft = Evaluated(tested.api, tested.api.post(f"/{kb_id}/draft").json()["draft_id"])
    told = draft.told
    assert told["run"]["current"], "nothing has changed since the release"
    assert told["comparison"]["losses"] == []
    assert draft.warnings == []
    assert draft.api.get(f"/draft/{draft.draft_id}/plan").json()["changes"] == []

    draft.patch(retrieval_config={"search_method": "keyword", "score_threshold": 0.9})
    told = draft.evaluated()
    assert told["comparison"]["version"] == 1
    assert told["comparison"]["losses"] == ["recall", "mrr", "ndcg"]
    (warning,) = draft.warnings
    assert "worse than in version 1: recall 75 % → " in warning
    EvaluationRun.objects.update(ranking=0)
    assert draft.warnings == [], "the first version was asked in another way"

    draft.deployed()
    assert EvaluationRun.objects.count() == 2


def test_going_back_brings_the_run_back(tested: Evaluated) -> None:
    tested.evaluated()
    kb_id = tested.deployed()
    draft = Evaluated(tested.api, tested.api.post(f"/{kb_id}/draft").json()["draft_id"])
    draft.patch(retrieval_config={"top_k": 1})
    draft.deployed()
    assert EvaluationRun.objects.count() == 1, "the second version was not evaluated"
    answer = tested.api.post(f"/{kb_id}/versions/1/rollback")
    assert answer.status_code == 200, answer.json()
    tested.api.indexed(kb_id)
    entity = Entity.objects.get(pk=kb_id)
    found = EvaluationRun.objects.get(release=entity.live_release)
    assert found.ranks == EvaluationRun.objects.get(release__number=1).ranks


def test_a_file_with_a_wrong_line_adds_nothing(tested: Evaluated) -> None:
    long = "x" * 501
    answer = tested.bring(f"question,expected,source\nA?,b\nC?,\n{long},d\nE?,f,Nowhere\n")
    assert answer.status_code == 422
    told = [(each["path"], each["message"]) for each in answer.json()["errors"]]
    assert told == [
        ("line 3", "What is expected is missing."),
        ("line 4", "The question is longer than 500 characters."),
        ("line 5", "There is no source “Nowhere”."),
    ]
    assert len(tested.questions) == 4


def test_questions_that_are_there_already_are_not_added_twice(tested: Evaluated) -> None:
    assert tested.bring(QUESTIONS).json() == {"added": 0, "questions": 4}
    assert tested.bring(QUESTIONS + "New?,yes\nNew?,yes\n").json() == {"added": 1, "questions": 5}


def test_what_a_chatbot_would_not_answer_from_is_not_found(api: KnowledgeApi) -> None:
    """Where no threshold is set, the measured one holds here as it does for chatbots."""
    draft = Evaluated(api)
    draft.bring("Who was the first person on the moon?,seven grams\n")
    (missed,) = draft.evaluated()["run"]["results"]
    assert missed["rank"] is None
    draft.patch(retrieval_config={"score_threshold": 0})
    (found,) = draft.evaluated()["run"]["results"]
    assert found["rank"] is not None


def test_questions_of_sources_with_one_name_come_back_as_they_were(
    api: KnowledgeApi, alice: Actor
) -> None:
    draft, other = Evaluated(api), Evaluated(api)
    own = {name: api.add_text(draft.draft_id, MANUAL, name)["id"] for name in ("manual ", "FAQ")}
    for source_id in own.values():
        assert draft.bring(f"How?,so,{source_id}\n").status_code == 201
    refused = draft.bring("How?,so,Manual\n")
    assert refused.status_code == 422
    assert "Several sources are called “Manual”" in refused.json()["errors"][0]["message"]
    url = f"/w/acme/kb/draft/{draft.draft_id}/questions/export/"
    file = signed_in(Client(), alice).get(url).getvalue()
    rows = file.decode("utf-8-sig").split("\r\n")
    assert rows[1:3] == [f"How?,so,{own['manual ']}", "How?,so,FAQ"]
    assert draft.bring(file).json() == {"added": 0, "questions": 2}
    assert other.bring(file).status_code == 422


def test_a_question_whose_source_is_gone_comes_back_as_it_was(
    api: KnowledgeApi, alice: Actor
) -> None:
    draft = Evaluated(api)
    gone = api.add_text(draft.draft_id, MANUAL, "Old")["id"]
    assert draft.bring("How?,so,Old\n").status_code == 201
    assert api.delete(f"/draft/{draft.draft_id}/sources/{gone}").status_code == 204
    url = f"/w/acme/kb/draft/{draft.draft_id}/questions/export/"
    file = signed_in(Client(), alice).get(url).getvalue()
    assert draft.bring(file).json() == {"added": 0, "questions": 1}


def test_a_file_of_more_than_a_base_holds_is_refused_at_once(tested: Evaluated) -> None:
    answer = tested.bring("".join(f"Question {n}?\n" for n in range(501)))
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("The file has 501 questions")


def test_more_than_a_draft_holds_is_refused_whole(tested: Evaluated) -> None:
    rows = "".join(f"Question {n}?,answer {n}\n" for n in range(497))
    assert tested.bring(rows).status_code == 422
    assert len(tested.questions) == 4


def test_nothing_to_ask_and_nothing_to_search(api: KnowledgeApi) -> None:
    draft = Evaluated(api, api.new_draft())
    assert api.post(f"/draft/{draft.draft_id}/evaluate").status_code == 409
    draft.bring("How?,so\n")
    assert api.post(f"/draft/{draft.draft_id}/evaluate").status_code == 202
    wait(lambda: draft.told["status"] != "running")
    assert draft.told["status"] == "failed"
    assert "nothing to search" in draft.told["error"]
