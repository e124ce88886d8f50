"""The builder's step of test questions, in a browser."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.knowledge.test_evaluating import QUESTIONS, Evaluated
from tests.servers.model import ModelServer, Reply
from tests.support.browser import sign_in
from workspaces import credentials

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, FilePayload, Page, Route

    from tests.knowledge.client import KnowledgeApi
    from tests.support.live import Live
    from workspaces.access import Actor

pytestmark = pytest.mark.usefixtures("worker")
LAMP = "The lamp of this machine is changed by turning it to the left, with the plug pulled out."


@pytest.fixture
def draft(context: BrowserContext, live: Live, api: KnowledgeApi, alice: Actor) -> Evaluated:
    sign_in(context, live, alice)
    return Evaluated(api)


def bring(page: Page, content: str) -> None:
    file: FilePayload = {"name": "q.csv", "mimeType": "text/csv", "buffer": content.encode()}
    page.set_input_files("input[name=file]", file)


def opened(page: Page, draft: Evaluated) -> None:
    page.goto(f"/w/acme/kb/draft/{draft.draft_id}/evaluate/")


def test_from_a_file_to_a_warning_in_the_plan(page: Page, draft: Evaluated) -> None:
    opened(page, draft)
    bring(page, "How?,\n")
    expect(page.get_by_role("alert")).to_contain_text("line 1: What is expected is missing.")
    bring(page, QUESTIONS)
    expect(page.get_by_text("4 questions were added.")).to_be_visible()
    expect(page.locator("#problems")).to_contain_text("1")
    page.get_by_role("button", name="Evaluate").click()
    expect(page.locator(".stat").first).to_contain_text("75 %")
    expect(page.get_by_text("No passage fits the question")).to_have_count(1)
    expect(page.locator("#problems")).to_contain_text("0")
    page.get_by_role("link", name="Try", exact=True).first.click()
    expect(page.locator("#try-question")).to_have_value("Who was the first person on the moon?")
    expect(page.locator("#tried .hit").first).to_be_visible()

    kb_id = draft.deployed()
    change = Evaluated(draft.api, draft.api.post(f"/{kb_id}/draft").json()["draft_id"])
    change.patch(retrieval_config={"score_threshold": 0.99})
    change.evaluated()
    opened(page, change)
    expect(page.locator(".stat").first).to_contain_text(
        re.compile("0 %.*Version 1: 75 %", re.DOTALL)
    )
    page.get_by_role("link", name="Deploy").first.click()
    expect(page.locator("#modal .callout")).to_contain_text("worse than in version 1")


def test_evaluating_is_shown_though_what_was_asked_for_before_comes_first(
    page: Page, draft: Evaluated
) -> None:
    opened(page, draft)
    with page.expect_response("**/evaluation/"):  # for which the import has the page ask
        bring(page, QUESTIONS)
    page.wait_for_function("!document.querySelector('.htmx-request')")
    asked: list[Route] = []
    held = "**/evaluation/**"
    page.route(held, lambda r: asked.append(r) if len(asked) < 2 else r.continue_())
    with page.expect_request(held):
        page.evaluate(
            "document.dispatchEvent(new CustomEvent('draft:saved', {detail: {expires_at: ''}}))"
        )
    with page.expect_request("**/evaluation/start/"):
        page.get_by_role("button", name="Evaluate").click()
    for route in asked:
        route.fulfill(response=route.fetch())
    expect(page.locator(".stat").first).to_contain_text("75 %")


def test_the_model_writes_questions(
    page: Page, draft: Evaluated, model_server: ModelServer, alice: Actor
) -> None:
    draft.api.add_text(draft.draft_id, LAMP, "Lamp")
    values = {"base_url": model_server.url, "api_key": "sk-test"}
    credentials.create(alice, name="Model", kind="llm", values=values)
    said = json.dumps({"question": "How is the lamp changed?", "answer": LAMP})
    model_server.default = Reply(said, first_token_ms=500)
    opened(page, draft)
    page.get_by_role("button", name="Make from the documents").click()
    expect(page.get_by_text("passages read by the model")).to_be_visible()
    expect(page.get_by_text("The questions that the model wrote are below.")).to_be_visible()
    expect(page.locator(".item h2")).to_have_text("How is the lamp changed?")
