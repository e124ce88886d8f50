"""From a pile of documents to a cited answer, in a real browser with a real worker and website."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from drafts import editing
from drafts.types import draft_types
from tests.browser.actors import Builder, Chat
from tests.knowledge.parsing.pdf_files import lines, pdf
from tests.servers.website import WebsiteServer
from tests.support.browser import sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from tests.support.live import Live
    from workspaces.access import Actor

pytestmark = pytest.mark.usefixtures("worker")
# What a worker does takes its time while others use the machine.
SLOW = 20_000
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@pytest.fixture
def shop() -> Iterator[WebsiteServer]:
    with WebsiteServer() as site:
        site.page("/", "We sell coffee machines.", links=["/shipping"])
        site.page("/shipping", "Parcels take three days. Express parcels take one day.")
        yield site


@pytest.fixture
def builder(page: Page) -> Builder:
    return Builder(page)


def docx(*paragraphs: str) -> bytes:
    """A Word document of these paragraphs."""
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    document = f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.wordprocessingml.document.main+xml"/></Types>'
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("word/document.xml", document)
    return made.getvalue()


def test_from_documents_to_a_cited_answer(
    builder: Builder, bob: Actor, shop: WebsiteServer, tmp_path: Path, live: Live
) -> None:
    page = builder.page
    sign_in(page.context, live, bob)
    page.goto("/w/acme/")
    page.get_by_role("link", name="Knowledge").click()
    page.get_by_role("button", name="New knowledge base").click()
    with builder.saving():
        page.get_by_role("textbox", name="Name", exact=True).last.fill("Coffee manual")
    add_sources(builder, shop, tmp_path)
    edit_what_was_read(page)
    change_chunks(builder)
    try_a_question(page)
    deploy(builder)
    assert not editing.list_drafts(bob, draft_types.get("kb"))
    search_and_open_the_passage(page)
    answer_with_a_citation(builder)


def add_sources(builder: Builder, shop: WebsiteServer, folder: Path) -> None:
    """Two files at once, a broken one beside them, and a website."""
    page = builder.page
    builder.go("Sources")
    manual = pdf(lines("The machine is descaled every three months."), title="Manual")
    (folder / "manual.pdf").write_bytes(manual)
    (folder / "warranty.docx").write_bytes(docx("The warranty lasts two years.", "Keep it."))
    (folder / "empty.txt").write_bytes(b"")
    names = ("manual.pdf", "warranty.docx", "empty.txt")
    page.get_by_label("Drop files here").set_input_files([folder / name for name in names])
    expect(state(page, "manual.pdf")).to_contain_text("1 page", timeout=SLOW)
    expect(state(page, "warranty.docx")).to_contain_text("1 page", timeout=SLOW)
    expect(state(page, "empty.txt")).to_contain_text("Could not be read", timeout=SLOW)
    expect(state(page, "empty.txt")).to_contain_text("The file is empty")
    item(page, "empty.txt").get_by_role("button", name="Remove").click()
    expect(item(page, "empty.txt")).to_have_count(0)

    page.get_by_label("Address of a website").fill(f"{shop.url}/")
    page.get_by_role("button", name="Add website").click()
    expect(page.locator("[data-status=ready]")).to_have_count(3, timeout=SLOW)
    expect(page.locator("[data-status=ready]").last).to_contain_text("2 pages")


def item(page: Page, name: str) -> Locator:
    heading = page.get_by_role("heading", name=name, exact=True)
    return page.locator("[data-item]").filter(has=heading)


def state(page: Page, name: str) -> Locator:
    return item(page, name).locator(".source-state")


def edit_what_was_read(page: Page) -> None:
    item(page, "warranty.docx").get_by_role("link", name="Read and edit").click()
    box = page.get_by_label("Text of page 1")
    expect(box).to_have_value(re.compile("two years"))
    box.fill("The warranty lasts three years.")
    expect(page.get_by_role("dialog")).to_contain_text("Edited")
    page.get_by_role("dialog").get_by_role("button", name="Close").click()


def change_chunks(builder: Builder) -> None:
    """The chunks are those texts; one is left out, and taken back."""
    page = builder.page
    builder.go("Chunks")
    chunk = page.locator(".chunk").filter(has_text="three years")
    expect(chunk).to_be_visible()
    chunk.get_by_role("button", name="Leave out").click()
    expect(chunk).to_contain_text("Left out")
    chunk.get_by_role("button", name="Use it").click()
    expect(chunk).not_to_contain_text("Left out")


def try_a_question(page: Page) -> None:
    panel = page.get_by_role("complementary", name="Try a question")
    panel.get_by_label("Question").fill("How long is the warranty?")
    panel.get_by_role("button", name="Ask").click()
    best = panel.get_by_role("article").first
    expect(best).to_contain_text("The warranty lasts three years.")
    expect(best).to_contain_text("relevant")


def deploy(builder: Builder) -> None:
    page = builder.page
    page.get_by_role("link", name="Deploy", exact=True).last.click()

    page.get_by_role("button", name="Deploy now").click()
    expect(page.get_by_role("heading", name="Coffee manual", level=1)).to_be_visible()
    ready = page.locator("#documents").get_by_text("Ready", exact=True)
    expect(ready).to_be_visible(timeout=SLOW)
    expect(page.locator("#documents")).to_contain_text("4 documents")


def search_and_open_the_passage(page: Page) -> None:
    page.get_by_role("link", name="Try a question").click()
    page.get_by_role("searchbox", name="Question").fill("How often is the machine descaled?")
    page.get_by_role("button", name="Ask").click()
    best = page.get_by_role("article").first
    expect(best).to_contain_text("every three months")
    best.get_by_role("link").first.click()
    expect(page.locator("mark#passage")).to_contain_text("every three months")


def answer_with_a_citation(builder: Builder) -> None:
    """Attached to a chatbot, it is quoted with a number that leads to the page it is from."""
    page = builder.page
    page.get_by_role("link", name="Chatbots").click()
    page.get_by_role("button", name="New chatbot").click()
    builder.go("Knowledge")
    page.get_by_role("button", name="Attach a knowledge base").click()
    expect(page.get_by_role("heading", name="Coffee manual")).to_be_visible()
    chat = Chat(page.locator("#preview"))
    chat.say("How long does an express parcel take?")
    chat.answered("Express parcels take one day")
    mark = page.locator("#preview").get_by_role("link", name=re.compile(r"\[\d\]")).first
    expect(mark).to_have_attribute("href", re.compile(r"/shipping#:~:text="))
