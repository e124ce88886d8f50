"""The settings pages in a real browser: with and without scripts, and what axe says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.support.axe import violations
from tests.support.browser import sign_in
from workspaces import credentials
from workspaces.audit import record
from workspaces.models import ApiKey, Membership, Role

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.support.live import Live
    from workspaces.access import Actor

SETTINGS = "/w/acme/settings"
PAGES = ("general", "members", "keys", "credentials", "credentials/new/whatsapp", "audit")
OPEN_PAGES = ("login", "signup", "password/reset", "password/reset/done")


@pytest.fixture
def alices(page: Page, context: BrowserContext, live: Live, alice: Actor) -> Page:
    """A page that Alice is signed in on."""
    sign_in(context, live, alice)
    return page


def test_a_role_changes_where_it_stands(alices: Page, bob: Actor) -> None:
    alices.goto(f"{SETTINGS}/members/")
    alices.evaluate("window.stayed = true")
    alices.get_by_label("Role of Bob").select_option("Viewer")
    expect(alices.get_by_text("The role is changed.")).to_be_visible()
    assert alices.evaluate("window.stayed")
    assert Membership.objects.get(user=bob.user).role == Role.VIEWER


def test_a_refused_change_puts_the_old_role_back(alices: Page) -> None:
    alices.goto(f"{SETTINGS}/members/")
    alices.get_by_label("Role of Alice").select_option("Viewer")
    expect(alices.get_by_text("needs an owner")).to_be_visible()
    expect(alices.get_by_label("Role of Alice")).to_have_value(str(Role.OWNER.value))


def test_removing_asks_in_a_dialog(alices: Page, bob: Actor) -> None:
    alices.goto(f"{SETTINGS}/members/")
    alices.get_by_role("button", name="Actions for Bob").click()
    alices.get_by_role("menuitem", name="Remove").click()
    dialog = alices.get_by_role("dialog", name="Remove Bob?")
    expect(dialog).to_be_visible()
    assert violations(alices) == []
    dialog.get_by_role("button", name="Remove").click()
    expect(alices.get_by_text("Bob is no longer a member.")).to_be_visible()
    assert not Membership.objects.filter(user=bob.user).exists()


def test_a_key_is_made_copied_and_not_seen_again(alices: Page, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    alices.goto(f"{SETTINGS}/keys/")
    alices.get_by_label("Name", exact=True).fill("Billing server")
    alices.get_by_role("button", name="Make key").click()
    raw = alices.locator("pre code").inner_text()
    assert raw.startswith(f"pxb_{ApiKey.objects.get().prefix}_")
    assert violations(alices) == []
    alices.get_by_role("button", name="Copy API key").click()
    assert alices.evaluate("navigator.clipboard.readText()") == raw
    alices.get_by_role("link", name="I have copied it").click()
    expect(alices.get_by_role("cell", name="Billing server pxb_")).to_be_visible()
    assert raw not in alices.content()


def test_a_credential_says_in_its_row_how_its_test_went(alices: Page, alice: Actor) -> None:
    values = {"token": "abcdef1234567890"}
    credentials.create(alice, name="Our shop", kind="http", values=values)
    alices.goto(f"{SETTINGS}/credentials/")
    alices.get_by_role("button", name="Actions for Our shop").click()
    alices.get_by_role("menuitem", name="Test").click()
    expect(alices.get_by_text("tried where it is used")).to_be_visible()
    assert violations(alices) == []


def test_the_audit_log_is_filtered_while_one_stays_on_the_page(alices: Page, alice: Actor) -> None:
    values = {"token": "abcdef1234567890"}
    credentials.create(alice, name="Our shop", kind="http", values=values)
    alices.goto(f"{SETTINGS}/audit/")
    expect(alices.get_by_text("Our shop")).to_be_visible()
    alices.get_by_label("About").select_option("Members")
    expect(alices.get_by_role("heading", name="Nothing found")).to_be_visible()
    alices.wait_for_url("**/audit/?area=member.")
    alices.reload()
    expect(alices.get_by_role("heading", name="Nothing found")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_no_page_has_a_fault_of_access_or_overflows(
    alices: Page, bob: Actor, width: int, scheme: str
) -> None:
    alices.set_viewport_size({"width": width, "height": 800})
    alices.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for name in PAGES:
        alices.goto(f"{SETTINGS}/{name}/")
        assert violations(alices) == [], name
        assert alices.evaluate("document.documentElement.scrollWidth") <= width, name
    alices.context.clear_cookies()
    for name in OPEN_PAGES:
        alices.goto(f"/accounts/{name}/")
        assert violations(alices) == [], name
        assert alices.evaluate("document.documentElement.scrollWidth") <= width, name


def test_everything_works_without_scripts(
    browser: Browser, live: Live, alice: Actor, bob: Actor
) -> None:
    context = browser.new_context(base_url=live.url, java_script_enabled=False)
    sign_in(context, live, alice)
    page = context.new_page()
    page.goto(f"{SETTINGS}/members/")
    row = page.get_by_role("row", name="Bob")
    row.get_by_label("Role of Bob").select_option("Viewer")
    row.get_by_role("button", name="Change").click()
    assert Membership.objects.get(user=bob.user).role == Role.VIEWER
    page.goto(f"{SETTINGS}/members/{Membership.objects.get(user=bob.user).pk}/remove/")
    page.get_by_role("button", name="Remove").click()
    assert not Membership.objects.filter(user=bob.user).exists()
    page.goto(f"{SETTINGS}/audit/?area=member.")
    expect(page.get_by_role("cell", name="Removed a member “bob@example.com”")).to_be_visible()
    context.close()


@pytest.mark.parametrize("width", [375, 1280])
def test_the_audit_log_says_who_on_every_screen(alices: Page, alice: Actor, width: int) -> None:
    record(alice, "key.issued", "one-key")
    alices.set_viewport_size({"width": width, "height": 800})
    alices.goto(f"{SETTINGS}/audit/")
    row = alices.get_by_role("row", name="one-key")
    expect(row.get_by_text("alice@example.com").locator("visible=true")).to_have_count(1)
