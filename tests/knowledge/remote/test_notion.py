"""Reading Notion, from a server that answers as Notion does."""

from __future__ import annotations

import logging

import pytest

from knowledge.remote.notion import Notion
from knowledge.remote.notion_pages import Limits, Walk
from knowledge.sources.base import StoppedError, UnreadError
from tests.knowledge.remote.reader import Reader
from tests.servers.faults import EMPTY_LIST, GARBAGE, Answer, busy
from tests.servers.notion import (
    TOKEN,
    NotionServer,
    block,
    child_database,
    child_page,
    paragraph,
    refusal,
    table,
)


@pytest.fixture
def reader() -> Reader:
    return Reader("notion", token=TOKEN)


def test_a_page_and_those_below_it(notion: NotionServer, reader: Reader) -> None:
    prices = notion.page("Prices", table(("Size", "Price"), ("Small", "2 €")))
    deep = notion.page("Deep", paragraph("Below a toggle."))
    root = notion.page(
        "Coffee machine",
        block("heading_2", "Descaling"),
        paragraph("Every three months."),
        child_page(prices, "Prices"),
        block("toggle", "More", child_page(deep, "Deep")),
    )
    parsed = reader.read("notion", page_id=root)

    assert parsed.title == "Coffee machine"
    assert [(page.number, page.title) for page in parsed.pages] == [
        (1, "Coffee machine"),
        (2, "Prices"),
        (3, "Deep"),
    ]
    assert parsed.pages[0].text.startswith("## Descaling\n\nEvery three months.\n\n- Prices")
    assert parsed.pages[1].text == "| Size | Price |\n| --- | --- |\n| Small | 2 € |"
    assert parsed.pages[1].url.startswith("https://www.notion.so/Prices-")
    assert reader.progress == [1, 2, 3]
    assert reader.notes == []


def test_long_pages_come_in_parts(notion: NotionServer, reader: Reader) -> None:
    notion.part = 7
    root = notion.page("Long", *(paragraph(f"Paragraph {n}.") for n in range(50)))
    (page,) = reader.read("notion", page_id=root).pages
    assert page.text.count("Paragraph") == 50
    assert page.text.endswith("Paragraph 49.")


def test_the_rows_of_a_database(notion: NotionServer, reader: Reader) -> None:
    answer = {"Answer": {"type": "rich_text", "rich_text": [{"plain_text": "Two years."}]}}
    rows = [
        notion.page("How long is the warranty?", properties=answer),
        notion.page("Where are you?", paragraph("In Vienna.")),
    ]
    notion.part = 1
    within = notion.page("Help", child_database(notion.database("FAQ", *rows), "FAQ"))
    parsed = reader.read("notion", page_id=within)
    assert [page.text for page in parsed.pages] == ["- FAQ", "- Answer: Two years.", "In Vienna."]

    alone = reader.read("notion", page_id=notion.database("FAQ", *rows))
    assert [page.title for page in alone.pages] == ["How long is the warranty?", "Where are you?"]
    assert alone.title == "How long is the warranty?"


def test_pages_that_are_not_shared_are_left_out(notion: NotionServer, reader: Reader) -> None:
    gone = notion.page("Gone", paragraph("Old."))
    notion.put_away(gone)
    root = notion.page(
        "Help",
        paragraph("Hello."),
        child_page(notion.new_id(), "Secret"),
        child_database(notion.new_id(), "Salaries"),
        child_page(gone, "Gone"),
    )
    assert len(reader.read("notion", page_id=root).pages) == 1
    assert reader.notes == ["2 pages are not shared with the integration and were left out."]


def test_pages_that_hold_each_other_are_read_once(notion: NotionServer, reader: Reader) -> None:
    first = notion.page("First")
    second = notion.page("Second", paragraph("Two."), child_page(first, "First"))
    notion.write(first, paragraph("One."), child_page(second, "Second"))
    assert len(reader.read("notion", page_id=first).pages) == 2


@pytest.mark.parametrize(
    ("limits", "pages", "note"),
    [
        (Limits(pages=2), 2, "only the first 2 were read"),
        (Limits(depth=1), 2, "read in part"),
        (Limits(requests=4), 2, "only the first 2 were read"),
        (Limits(blocks=1), 4, "read in part"),
        (Limits(nesting=0), 4, "read in part"),
    ],
    ids=str,
)
def test_limits(notion: NotionServer, limits: Limits, pages: int, note: str) -> None:
    below = notion.page("4", paragraph("d", paragraph("e")), paragraph("f"))
    for name in "321":
        below = notion.page(name, child_page(below, "next"), paragraph(name))
    notes: list[str] = []
    with Notion({"token": TOKEN}, lambda: False) as api:
        found = list(Walk(api, notes.append, limits).pages(below))
    assert len(found) == pages
    assert note in " ".join(notes)


def test_a_list_without_an_end_is_cut(notion: NotionServer) -> None:
    root = notion.page("Endless")
    notion.endless.add(root)
    notes: list[str] = []
    with Notion({"token": TOKEN}, lambda: False) as api:
        (page,) = Walk(api, notes.append, Limits(blocks=50)).pages(root)
    assert page.text.count("And so on.") == 50
    assert notes == ["Very long or deep pages of Notion were read in part."]


def test_a_busy_service_is_given_time(notion: NotionServer, reader: Reader) -> None:
    root = notion.page("Help", paragraph("Hello."))
    notion.faults.extend([busy(0), busy(status=503), busy(status=409)])
    assert reader.read("notion", page_id=root).pages[0].text == "Hello."
    assert len(notion.asked) == 5


def test_a_service_that_wants_too_much_patience_gets_none(
    notion: NotionServer, reader: Reader
) -> None:
    notion.faults.append(busy(3600))
    with pytest.raises(UnreadError, match="wants no more requests for 3600 seconds"):
        reader.read("notion", page_id=notion.page("Help"))


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (refusal(401, "unauthorized", f"{TOKEN} is bad"), "does not take the integration secret"),
        (refusal(403, "restricted_resource", "No."), "may not read content"),
        (refusal(404, "object_not_found", "No."), "not shared with the integration"),
        (Answer(418, {}), r"refused the request \(418\)"),
        (Answer(302, {}, {"Location": "https://evil.example"}), r"refused the request \(302\)"),
        (GARBAGE, "cannot be understood"),
        (EMPTY_LIST, "cannot be understood"),
    ],
    ids=str,
)
def test_refusals_say_what_to_do_and_no_secret(
    notion: NotionServer,
    reader: Reader,
    caplog: pytest.LogCaptureFixture,
    fault: Answer,
    words: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    # The second is for the question whether it is a database.
    notion.faults.extend([fault, fault])
    with pytest.raises(UnreadError, match=words) as raised:
        reader.read("notion", page_id=notion.new_id())
    assert TOKEN not in f"{raised.value} {caplog.text}"


def test_nobody_there(notion: NotionServer, reader: Reader, settings: object) -> None:
    settings.NOTION_API_URL = "http://127.0.0.1:9"  # type: ignore[attr-defined]
    with pytest.raises(UnreadError, match="could not be reached"):
        reader.read("notion", page_id=notion.new_id())


@pytest.mark.parametrize("token", ["", "ntn_ä", "ntn_ two", "ntn_\nX-Other: 1"])
def test_tokens_that_no_header_can_hold(notion: NotionServer, token: str) -> None:
    with pytest.raises(UnreadError, match=r"(?i)store it again"):
        Reader("notion", token=token).read("notion", page_id=notion.new_id())
    assert notion.asked == []


def test_it_stops_between_requests_and_while_it_waits(notion: NotionServer) -> None:
    root = notion.page("Help", paragraph("Hello."))
    for stop_after in (0, 1, 3):
        reader = Reader("notion", token=TOKEN)
        reader.stop_after = stop_after
        with pytest.raises(StoppedError):
            reader.read("notion", page_id=root)
    notion.faults.append(busy(30))
    waiting = Reader("notion", token=TOKEN)
    waiting.stop_after = 3
    with pytest.raises(StoppedError):
        waiting.read("notion", page_id=root)


def test_a_page_without_text(notion: NotionServer, reader: Reader) -> None:
    with pytest.raises(UnreadError, match="no text"):
        reader.read("notion", page_id=notion.page("Empty"))
