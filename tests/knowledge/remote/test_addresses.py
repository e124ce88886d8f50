"""Ids in what people paste."""

from __future__ import annotations

import pytest

from knowledge.remote.addresses import google_file_id, notion_page_id

PAGE = "59833787-2cf9-4fdf-8782-e53db20768a5"
BARE = PAGE.replace("-", "")
FILE = "1aBcD_eFgHiJkLmNoPqRsTuVwXyZ-0123456789abcdef"


@pytest.mark.parametrize(
    "pasted",
    [
        PAGE,
        BARE,
        f"  {BARE.upper()} ",
        f"https://www.notion.so/{BARE}",
        f"https://www.notion.so/acme/Coffee-deadbeef-{BARE}?pvs=4#abc",
        f"https://acme.notion.site/Coffee-{BARE}/",
        f"notion.so/Coffee-{BARE}",
        f"https://www.notion.so/acme/0123456789abcdef0123456789abcdef?v=aa&p={BARE}&pm=s",
    ],
)
def test_pages_of_notion(pasted: str) -> None:
    assert notion_page_id(pasted) == PAGE


@pytest.mark.parametrize("pasted", ["", "https://www.notion.so/", "Coffee", f"{BARE}x", "//["])
def test_no_pages_of_notion(pasted: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (whatever the words)
        notion_page_id(pasted)


@pytest.mark.parametrize(
    "pasted",
    [
        FILE,
        f" {FILE}\n",
        f"https://docs.google.com/document/d/{FILE}/edit?tab=t.0#heading=h.1",
        f"https://docs.google.com/document/u/1/d/{FILE}",
        f"docs.google.com/document/d/{FILE}/view",
        f"https://drive.google.com/file/d/{FILE}/view?usp=sharing",
        f"https://drive.google.com/open?id={FILE}",
    ],
)
def test_documents_of_google(pasted: str) -> None:
    assert google_file_id(pasted) == FILE


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        "https://docs.google.com/",
        "short",
        f"https://docs.google.com/document/d/e/2PACX-{FILE}/pub",
        f"{FILE}/../../secret",
        f"https://docs.google.com/document/d/..%2F{FILE}/edit",
        "//[",
    ],
)
def test_no_documents_of_google(pasted: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (whatever the words)
        google_file_id(pasted)
