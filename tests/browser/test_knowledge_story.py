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
from tests.browser.actors import Chat, Website
from tests.browser.base_builder import SLOW, BaseBuilder
from tests.knowledge.parsing.pdf_files import lines, pdf
from tests.servers.website import WebsiteServer
from tests.support.browser import sign_in
from tests.support.live import start_web
from tests.support.public_sets import SETS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.servers.model import ModelServer
    from tests.support.live import Live
    from workspaces.access import Actor

pytestmark = pytest.mark.usefixtures("worker")
DOCUMENTS = SETS / "ingest-docs"
PAPER, HANDBOOK = "redp5110_sampled.pdf", "amt_handbook_sample.pdf"
CHARTER, README = "TEMPLATE_Team_charter.docx", "TEMPLATE_Project_README.docx"
LOCKED = "libreoffice-writer-password.pdf"
MEETINGS = "Team meetings are held between ten and four. When else can we"
DUTIES = "What is separation of duties used to prevent?"
PREVENTS = "commonly used to prevent fraudulent activities or errors by a single person"
DOMAINS = "deployment.channels.website.config.allowed_domains"
EXPRESS = "How long does an express parcel take?"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@pytest.fixture(scope="module")
def _with_model(django_db_setup: None, _running_model_server: ModelServer) -> Iterator[Live]:
    live = start_web(LLM_BASE_URL=_running_model_server.url)
    yield live
    live.child.stop()


@pytest.fixture
def live(request: pytest.FixtureRequest, transactional_db: None, redis_clean: None) -> Live:
    """The product; with a language model behind it where the test scripts one."""
    name = "_with_model" if "model_server" in request.fixturenames else "_web"
    product: Live = request.getfixturevalue(name)
    return product


@pytest.fixture
def shop() -> Iterator[WebsiteServer]:
    with WebsiteServer() as site:
        site.page("/", "We sell coffee machines.", links=["/shipping"])
        site.page("/shipping", "Parcels take three days. Express parcels take one day.")
        yield site


@pytest.fixture
def builder(page: Page) -> BaseBuilder:
    return BaseBuilder(page)


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
    builder: BaseBuilder, bob: Actor, shop: WebsiteServer, tmp_path: Path, live: Live
) -> None:
    page = builder.page
    sign_in(page.context, live, bob)
    builder.begin("Coffee manual")
    add_sources(builder, shop, tmp_path)
    builder.edit_page("warranty.docx", "two years", "three years")
    change_chunks(builder)
    best = builder.ask_the_draft("How long is the warranty?")
    expect(best).to_contain_text("The warranty lasts three years.")
    expect(best).to_contain_text("relevant")
    builder.deploy("Coffee manual", documents=4)
    assert not editing.list_drafts(bob, draft_types.get("kb"))
    best = builder.search("How often is the machine descaled?")
    expect(best).to_contain_text("every three months")
    best.get_by_role("link").first.click()
    expect(page.locator("mark#passage")).to_contain_text("every three months")
    answer_with_a_citation(builder)


def add_sources(builder: BaseBuilder, shop: WebsiteServer, folder: Path) -> None:
    """Two files at once, a broken one beside them, and a website."""
    builder.go("Sources")
    manual = pdf(lines("The machine is descaled every three months."), title="Manual")
    (folder / "manual.pdf").write_bytes(manual)
    (folder / "warranty.docx").write_bytes(docx("The warranty lasts two years.", "Keep it."))
    (folder / "empty.txt").write_bytes(b"")
    builder.upload([folder / name for name in ("manual.pdf", "warranty.docx", "empty.txt")])
    builder.is_read("manual.pdf", "1 page")
    builder.is_read("warranty.docx", "1 page")
    builder.is_refused("empty.txt", "The file is empty")
    builder.add_website(f"{shop.url}/")
    expect(builder.page.locator("[data-status=ready]")).to_have_count(3, timeout=SLOW)
    expect(builder.page.locator("[data-status=ready]").last).to_contain_text("2 pages")


def change_chunks(builder: BaseBuilder) -> None:
    """The chunks are those texts; one is left out, and taken back."""
    builder.go("Chunks")
    chunk = builder.chunk("three years")
    expect(chunk).to_be_visible()
    chunk.get_by_role("button", name="Leave out").click()
    expect(chunk).to_contain_text("Left out")
    chunk.get_by_role("button", name="Use it").click()
    expect(chunk).not_to_contain_text("Left out")


def answer_with_a_citation(builder: BaseBuilder) -> None:
    """Attached to a chatbot, it is quoted with a number that leads to the page it is from."""
    page = builder.page
    page.get_by_role("link", name="Chatbots").click()
    page.get_by_role("button", name="New chatbot").click()
    builder.attach("Coffee manual")
    builder.preview.say("How long does an express parcel take?")
    builder.preview.answered("Express parcels take one day")
    mark = builder.preview.place.get_by_role("link", name=re.compile(r"\[\d\]")).first
    expect(mark).to_have_attribute("href", re.compile(r"/shipping#:~:text="))


@pytest.mark.skipif(not DOCUMENTS.is_dir(), reason=f"no documents in {DOCUMENTS}")
def test_from_real_documents_to_a_cited_answer_on_a_website(
    builder: BaseBuilder, bob: Actor, shop: WebsiteServer, live: Live, model_server: ModelServer
) -> None:
    page = builder.page
    sign_in(page.context, live, bob)
    builder.begin("Handbooks")
    add_real_sources(builder, shop)
    builder.edit_page(CHARTER, "During what hours can we", MEETINGS)
    cut_its_own_way(builder, PAPER)
    split_merge_and_leave_out(builder)
    best = builder.ask_the_draft("When are team meetings held?")
    expect(best).to_contain_text(MEETINGS, timeout=SLOW)
    evaluate(builder)
    builder.deploy("Handbooks", documents=6)
    best = builder.search(DUTIES)
    expect(best).to_contain_text(PREVENTS)
    best.get_by_role("link").first.click()
    expect(page.locator("mark#passage")).to_contain_text(PREVENTS)

    script(model_server)
    make_chatbot(builder)
    preview_leads_to_the_passage(builder)
    assert PREVENTS in model_server.chats[0].prompt
    with Website(publish(builder)) as site:
        visitor = page.context.new_page()
        visitor.goto(site.url)
        visitor.get_by_role("button", name="Open chat").click()
        cited_in_the_widget(Chat(visitor.get_by_role("dialog")), shop)


def add_real_sources(builder: BaseBuilder, shop: WebsiteServer) -> None:
    """Four files that are read, one that nobody can read without its password, a website."""
    builder.go("Sources")
    builder.upload([DOCUMENTS / name for name in (PAPER, HANDBOOK, CHARTER, README, LOCKED)])
    builder.is_read(PAPER, "17 pages")
    for name in (HANDBOOK, CHARTER, README):
        builder.is_read(name, "1 page")
    builder.is_refused(LOCKED, "protected with a password")
    builder.add_website(f"{shop.url}/")
    expect(builder.page.locator("[data-status=ready]")).to_have_count(5, timeout=SLOW)
    dialog = builder.read(PAPER)
    last = dialog.get_by_label("Text of page 18", exact=True)
    expect(last).to_have_value(re.compile("Protect columns by defining column masks"))
    dialog.get_by_role("button", name="Close").click()


def cut_its_own_way(builder: BaseBuilder, source: str) -> None:
    """It is cut as no other source is: into small pieces with a larger part around each."""
    item = builder.item(source)
    item.get_by_text("Settings").click()
    with builder.saving():
        item.get_by_label("How it is cut").select_option("parent_child")
        item.get_by_label("Largest chunk").fill("120")
    builder.go("Chunks")
    around = builder.page.get_by_text("What the model reads where this is found")
    builder.show_chunks_of(source)
    expect(around.first).to_be_visible()
    builder.show_chunks_of(README)
    expect(around).to_have_count(0)


def split_merge_and_leave_out(builder: BaseBuilder) -> None:
    """Two subjects that were one chunk are two; two are one; what nobody asks for is left out."""
    builder.split(builder.chunk("# Risks"), before="# Partner details")
    for text, other in (("# Risks", "# Partner details"), ("# Partner details", "# Risks")):
        expect(builder.chunk(text)).to_contain_text("Edited")
        expect(builder.chunk(text)).not_to_contain_text(other)
    expect(builder.chunk("# Mission")).not_to_contain_text("# Impact")
    builder.chunk("# Mission").get_by_role("button", name="Merge with the next").click()
    expect(builder.chunk("# Mission")).to_contain_text("# Impact")
    builder.chunk("FRONT MATTER").get_by_role("button", name="Leave out").click()
    expect(builder.page.locator("#chunks")).to_contain_text("1 left out")


def evaluate(builder: BaseBuilder) -> None:
    """A question whose answer is known is asked, and found."""
    builder.go("Evaluate")
    panel = builder.page.locator("#step-panel")
    panel.get_by_role("button", name="Add question").click()
    with builder.saving():
        panel.get_by_label("Question", exact=True).fill(DUTIES)
        panel.get_by_label("What a right passage says").fill(PREVENTS)
    panel.get_by_role("button", name="Evaluate", exact=True).click()
    expect(panel).to_contain_text("1 of 1 question answered", timeout=3 * SLOW)


def script(model: ModelServer) -> None:
    """What the model says of either question; of both in one prompt, the second is asked."""
    model.when("Suggest up to", "[]")
    model.when(EXPRESS, "One day [1].")
    model.when(DUTIES, "Fraud and errors by a single person [1].")


def make_chatbot(builder: BaseBuilder) -> None:
    page = builder.page
    page.get_by_role("link", name="Chatbots").click()
    page.get_by_role("button", name="New chatbot").click()
    with builder.saving():
        page.get_by_role("textbox", name="Name", exact=True).last.fill("Handbook helper")
    builder.attach("Handbooks")
    builder.go("Instructions")
    with builder.saving():
        page.get_by_label("System prompt").fill("Answer from the handbooks.")


def preview_leads_to_the_passage(builder: BaseBuilder) -> None:
    """Who may read the base reads the passage in its document."""
    builder.preview.say(DUTIES)
    builder.preview.answered_whole("Fraud and errors")
    with builder.page.context.expect_page() as opened:
        builder.preview.place.get_by_role("link", name="[1]").click()
    expect(opened.value.locator("mark#passage")).to_contain_text(PREVENTS)
    opened.value.close()


def publish(builder: BaseBuilder) -> str:
    """The chatbot is live on the website of this machine; gives the code to paste there."""
    page = builder.page
    builder.go("Deploy")
    page.get_by_label("Website widget").check()
    page.get_by_role("button", name="Add", exact=True).click()
    with builder.saving():
        page.locator(f"[data-row] [name='{DOMAINS}']").fill("127.0.0.1")
    page.get_by_role("link", name="Deploy", exact=True).last.click()
    page.get_by_role("button", name="Deploy now").click()
    expect(page.get_by_role("heading", name="Handbook helper is live")).to_be_visible()
    return page.get_by_role("region", name="the embed code", exact=True).inner_text()


def cited_in_the_widget(chat: Chat, shop: WebsiteServer) -> None:
    """A file has no address for visitors: its words are shown. A website is opened at the words."""
    chat.say(DUTIES)
    chat.answered_whole("Fraud and errors")
    chat.place.get_by_role("button", name="[1]").click()
    excerpt = chat.place.get_by_role("listitem").filter(has_text=PAPER)
    expect(excerpt).to_be_focused()
    expect(excerpt).to_contain_text(PREVENTS)
    chat.say(EXPRESS)
    chat.answered("One day")
    mark = chat.place.get_by_role("link", name="[1]")
    expect(mark).to_have_attribute("href", re.compile(r"/shipping#:~:text="))
    with chat.place.page.context.expect_page() as opened:
        mark.click()
    expect(opened.value).to_have_url(f"{shop.url}/shipping")
