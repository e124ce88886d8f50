"""The builder's step of test cases, in a browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect as see

from tests.browser.actors import Builder
from tests.chatflows.cases.flows import BILLING
from tests.drafts.client import Api
from tests.support.browser import sign_in

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

    from tests.support.live import Live
    from workspaces.access import Actor

pytestmark = pytest.mark.usefixtures("worker")
# All that was typed is saved first, a worker has more to do than these cases, and a busy machine
# takes its time for both.
PATIENCE_MS = 60_000


def test_a_case_is_written_run_and_mended(
    context: BrowserContext, page: Page, live: Live, alice: Actor
) -> None:
    must = {"settings": {"tests_must_pass": True}}
    made = Api(alice, "chatflows").post("/draft", {**BILLING, **must}).json()
    sign_in(context, live, alice)
    page.goto(f"/w/acme/chatflows/draft/{made['draft_id']}/tests/")
    results, row = page.locator("#cases"), page.locator(".rows-row")
    page.get_by_role("button", name="Add test case").press("Enter")
    see(results).to_contain_text("Not complete", timeout=PATIENCE_MS)
    page.locator(".item").get_by_label("Name").fill("Asks first")
    page.locator(".item [data-add]").first.press("Enter")
    page.keyboard.type("Where is my bill?")
    row.locator("select").first.select_option("passes_node")
    row.locator("select").last.select_option("bill")
    see(results).to_contain_text("Where is my bill?", timeout=PATIENCE_MS)

    page.get_by_role("button", name="Run all").press("Enter")
    see(results).to_contain_text("bill did not run.", timeout=PATIENCE_MS)
    see(results).to_contain_text("0 of 1 test case passes")
    see(page.locator(".item .case-state")).to_contain_text("Failed")
    see(page.locator("#problems")).to_contain_text("1")
    page.get_by_role("link", name="Show the node").press("Enter")
    see(page).to_have_url(re.compile(r"/workflow/\?focus=nodes\.bill"))
    see(page.locator(".inspector")).to_contain_text("bill")
    # It led there once: what is selected next stays so, whatever is saved.
    ask = page.locator('.react-flow__node[data-id="ask"]')
    ask.press("Enter")
    see(page.locator('.inspector[data-node="ask"]')).to_be_visible()
    with Builder(page).saving():
        ask.press("Alt+ArrowDown")
    see(page.locator(".react-flow__node.selected")).to_have_attribute("data-id", "ask")

    page.locator("#deploy").click()
    problem = page.get_by_role("link", name=re.compile("The test case “Asks first” fails."))
    problem.press("Enter")
    row.locator("select").last.select_option("ask")
    page.locator("#deploy").click()
    dialog = page.get_by_role("dialog")
    passed = "1 of 1 test case passes for this version"
    # What came of the case is not known any more: opening the plan has it run.
    see(dialog).to_contain_text(passed, timeout=PATIENCE_MS)
    see(dialog.get_by_role("button", name="Deploy now")).to_be_visible()
