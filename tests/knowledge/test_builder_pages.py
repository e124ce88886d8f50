"""The sources and chunks of the builder in a browser: what is being typed stays, long texts come in
parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.knowledge.parsing.pdf_files import lines, pdf
from tests.support.browser import sign_in

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, FilePayload, Page, Route

    from tests.knowledge.client import KnowledgeApi
    from tests.support.live import Live
    from workspaces.access import Actor

pytestmark = pytest.mark.usefixtures("worker")
SLOW = 20_000


@pytest.fixture
def draft_id(context: BrowserContext, live: Live, api: KnowledgeApi, alice: Actor) -> str:
    sign_in(context, live, alice)
    return api.new_draft()


def opened(page: Page, draft_id: str, step: str) -> None:
    page.goto(f"/w/acme/kb/draft/{draft_id}/{step}/")


def test_a_text_that_is_refused_is_still_there(page: Page, draft_id: str) -> None:
    opened(page, draft_id, "sources")
    page.get_by_text("Paste a text").click()
    page.locator("#text-name").fill("Notes")
    page.get_by_label("Text", exact=True).fill(" \n ")
    page.get_by_role("button", name="Add text").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("#text-name")).to_have_value("Notes")
    page.get_by_label("Text", exact=True).fill("Parcels take three days.")
    expect(page.locator("#save-state")).to_contain_text("1 to fix")
    page.get_by_role("button", name="Add text").click()
    expect(page.get_by_role("heading", name="Notes")).to_be_visible()
    expect(page.locator(".toast")).to_contain_text("Added below the other sources.")
    expect(page.locator("#save-state")).not_to_contain_text("to fix")
    page.get_by_text("Paste a text").click()
    expect(page.get_by_label("Text", exact=True)).to_have_value("")


def test_what_is_being_typed_outlives_an_upload(page: Page, draft_id: str) -> None:
    opened(page, draft_id, "sources")
    page.get_by_text("Paste a text").click()
    page.get_by_label("Text", exact=True).fill("Half a tho")
    page.get_by_label("Address of a website").fill("https://exam")
    hours: FilePayload = {
        "name": "hours.txt",
        "mimeType": "text/plain",
        "buffer": b"Open until six.",
    }
    page.get_by_label("Drop files here").set_input_files(hours)
    expect(page.get_by_role("heading", name="hours.txt")).to_be_visible(timeout=SLOW)
    expect(page.get_by_label("Text", exact=True)).to_have_value("Half a tho")
    expect(page.get_by_label("Address of a website")).to_have_value("https://exam")


def test_what_is_being_typed_outlives_a_reload(
    page: Page, draft_id: str, api: KnowledgeApi
) -> None:
    api.add_text(draft_id, "Parcels take three days.", "Shipping")
    opened(page, draft_id, "sources")
    page.get_by_text("Paste a text").click()
    text = page.get_by_label("Text", exact=True)
    text.fill("Half a thought")
    page.reload()
    expect(text).to_have_value("Half a thought")
    page.get_by_role("button", name="Add text").click()
    expect(page.get_by_role("link", name="Read and edit")).to_have_count(2)
    page.reload()
    page.get_by_text("Paste a text").click()
    expect(text).to_have_value("")

    opened(page, draft_id, "chunks")
    chunk = page.locator(".chunk").filter(has_text="Parcels take three days.")
    chunk.get_by_text("Edit or split").click()
    chunk.get_by_role("textbox").fill("Parcels take")
    page.reload()
    expect(chunk.get_by_role("textbox")).to_have_value("Parcels take")
    chunk.get_by_role("button", name="Leave out").click()
    expect(chunk.get_by_role("button", name="Use it")).to_be_visible()
    page.reload()
    expect(chunk.get_by_role("textbox")).to_have_value("Parcels take")
    chunk.get_by_role("button", name="Save the text").click()
    expect(page.locator(".chunk").filter(has_text="Edited")).to_be_visible()


def test_a_page_goes_back_to_what_was_read(page: Page, draft_id: str, api: KnowledgeApi) -> None:
    source_id = api.add_text(draft_id, "Parcels take three days.")["id"]
    opened(page, draft_id, "sources")
    page.get_by_role("link", name="Read and edit").click()
    box, back = (
        page.get_by_label("Text of page 1"),
        page.get_by_role("button", name="Back to the original"),
    )
    expect(back).to_have_count(0)
    box.fill("Parcels take a week.")
    back.click()
    expect(box).to_have_value("Parcels take three days.")
    expect(page.get_by_role("dialog").get_by_text("Edited")).to_have_count(0)
    read = api.get(f"/draft/{draft_id}/sources/{source_id}/pages/1").json()["text"]
    assert read == "Parcels take three days."
    box.fill("Parcels take four days.")
    expect(page.get_by_role("dialog").get_by_text("Edited")).to_be_visible()


def test_a_long_source_is_read_some_pages_at_a_time(
    page: Page, draft_id: str, api: KnowledgeApi
) -> None:
    manual = pdf(*(lines(f"This is what page {number} says.") for number in range(1, 24)))
    api.upload(draft_id, manual__pdf=manual)
    api.read(draft_id)
    opened(page, draft_id, "sources")
    page.get_by_role("link", name="Read and edit").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("textbox")).to_have_count(20)
    dialog.get_by_role("link", name="Next").click()
    expect(dialog.get_by_role("textbox")).to_have_count(3)
    dialog.get_by_label("Text of page 22").fill("Another text.")
    expect(dialog.locator("#page-22")).to_contain_text("Edited")


def test_a_chunk_that_is_being_edited_outlives_what_others_save(
    page: Page, draft_id: str, api: KnowledgeApi
) -> None:
    api.add_text(draft_id, "Parcels take three days.", "Notes")
    opened(page, draft_id, "chunks")
    page.get_by_text("Edit or split").click(timeout=SLOW)
    box = page.get_by_label("Text of chunk 1 of Notes")
    box.fill("Parcels take four")
    with page.expect_response(lambda answer: "chunk-list" in answer.url):
        api.patch(f"/draft/{draft_id}", {"data": {"description": "What others say"}})
    page.get_by_role("button", name="Leave out").click()
    expect(page.locator(".chunk")).to_contain_text("Left out")
    expect(box).to_be_visible()
    expect(box).to_have_value("Parcels take four")
    page.get_by_role("button", name="Save the text").click()
    expect(page.locator(".chunk")).to_contain_text("Edited")
    expect(page.locator(".chunk .document-text")).to_have_text("Parcels take four")
    expect(box).to_be_hidden()


def test_a_chosen_source_is_shown_though_an_earlier_list_comes_first(
    page: Page, draft_id: str, api: KnowledgeApi
) -> None:
    for text in ("Parcels", "Returns"):
        api.add_text(draft_id, f"{text} take three days.", text)
    opened(page, draft_id, "chunks")
    chunks = page.locator(".chunk h3")
    expect(chunks).to_have_text(["Parcels", "Returns"])
    asked: list[Route] = []
    page.route("**/chunk-list/**", lambda route: asked.append(route))  # noqa: PLW0108 -- no built-in
    with page.expect_request("**/chunk-list/**"):
        page.evaluate(
            "document.dispatchEvent(new CustomEvent('draft:saved', {detail: {expires_at: ''}}))"
        )
    with page.expect_request("**/chunk-list/**"):
        page.get_by_role("combobox", name="Source").select_option(label="Returns")
    for route in asked:
        route.fulfill(response=route.fetch())
    expect(chunks).to_have_text(["Returns"])
