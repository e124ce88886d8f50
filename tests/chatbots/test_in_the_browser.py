"""What the chatbot's own controls do in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from drafts import creating
from drafts.access import open_draft
from drafts.types import draft_types
from tests.browser.actors import Builder
from tests.support.axe import violations
from tests.support.browser import sign_in
from workspaces.models import Credential

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

    from tests.support.live import Live
    from workspaces.access import Actor

CHATBOTS = draft_types.get("chatbot")


def website_with(domains: list[str]) -> dict[str, Any]:
    website = {"type": "website", "enabled": True, "config": {"allowed_domains": domains}}
    return {"deployment": {"channels": [website]}}


def test_what_the_lead_form_asks_for_is_saved_and_undone(
    page: Page, context: BrowserContext, live: Live, bob: Actor
) -> None:
    draft = creating.create(bob, CHATBOTS, {"lead_capture": {"enabled": True}})
    sign_in(context, live, bob)
    page.goto(f"/w/acme/chatbots/draft/{draft.id}/customize/")
    builder, form = Builder(page), page.locator("#step-form")
    email, phone = form.get_by_label("E-mail"), form.get_by_label("Phone")
    expect(email).to_have_value("email:required")
    with builder.saving():
        email.select_option("Optional")
    with builder.saving():
        phone.select_option("Required")
    kept = open_draft(bob, CHATBOTS, draft.id).data["lead_capture"]
    assert kept["required_fields"] == ["phone"]
    assert kept["optional_fields"] == ["email"]
    page.get_by_role("button", name="Undo").click()
    expect(phone).to_have_value("phone:-")
    expect(email).to_have_value("email:optional")


def test_a_suggestion_of_the_step_one_is_at_leads_to_its_field(
    page: Page, context: BrowserContext, live: Live, bob: Actor
) -> None:
    """The step is drawn over itself; what scripts styled by hand must not be written into the new
    one as an attribute, which the content security policy refuses (the page fails the test)."""
    draft = creating.create(bob, CHATBOTS, {"name": "Robot", "system_prompt": "{{gone}}"})
    sign_in(context, live, bob)
    # As in the browsers in which a script has to make boxes as high as their texts.
    page.add_init_script("CSS.supports = () => false")
    page.goto(f"/w/acme/chatbots/draft/{draft.id}/instructions/")
    page.get_by_label("System prompt").fill("Say {{gone}}.\n" * 40)
    page.locator("#problems").click()
    page.get_by_role("link", name="The prompt uses {{gone}}").click()
    expect(page.get_by_label("System prompt")).to_be_focused()


def test_a_default_that_no_option_is_is_told_at_its_box_and_kept(
    page: Page, context: BrowserContext, live: Live, bob: Actor
) -> None:
    plan = {"name": "plan", "type": "select", "options": ["Free", "Team"]}
    draft = creating.create(bob, CHATBOTS, {"variables": [plan]})
    sign_in(context, live, bob)
    page.goto(f"/w/acme/chatbots/draft/{draft.id}/variables/")
    form = page.locator("#step-form")
    default, options = form.get_by_label("Default"), form.get_by_role("textbox", name="Options")
    told = form.get_by_text("The default of plan does not fit")
    default.fill("Gold")
    with Builder(page).saving():
        default.blur()
    expect(told).to_be_visible()
    assert open_draft(bob, CHATBOTS, draft.id).data["variables"][0]["default"] == "Gold"
    with Builder(page).saving():
        options.fill("Free\nGold")
    expect(told).to_be_hidden()
    with Builder(page).saving():
        options.fill("Free")
    expect(told).to_be_visible()


def test_the_name_of_a_new_variable_can_be_typed_over(
    page: Page, context: BrowserContext, live: Live, bob: Actor
) -> None:
    draft = creating.create(bob, CHATBOTS, {})
    sign_in(context, live, bob)
    page.goto(f"/w/acme/chatbots/draft/{draft.id}/variables/")
    page.get_by_role("button", name="Add a variable").click()
    name = page.locator("#step-form").get_by_role("textbox", name="Name")
    expect(name).to_be_focused()
    with Builder(page).saving():
        page.keyboard.type("order_id")
        page.keyboard.press("Tab")
    expect(name).to_have_value("order_id")
    assert open_draft(bob, CHATBOTS, draft.id).data["variables"][0]["name"] == "order_id"


def test_a_missing_credential_is_stored_without_leaving_the_step(
    page: Page, context: BrowserContext, live: Live, alice: Actor
) -> None:
    draft = creating.create(alice, CHATBOTS, {"name": "Helper"})
    sign_in(context, live, alice)
    page.goto(f"/w/acme/chatbots/draft/{draft.id}/instructions/")
    builder, form, dialog = Builder(page), page.locator("#step-form"), page.locator("#modal")
    form.get_by_label("System prompt").fill("Be kind.")
    form.get_by_role("link", name="Add new").click()
    dialog.get_by_label("Name").fill("Our key")
    dialog.get_by_label("API key").fill("sk-0123456789-abcd")
    dialog.get_by_label("Address").fill("http://127.0.0.1:9/v1")
    assert violations(page) == []
    with builder.saving():
        dialog.get_by_role("button", name="Store credential").click()
        expect(dialog).to_be_hidden()
    stored = Credential.objects.get()
    expect(form.get_by_label("Credential", exact=True)).to_have_value(str(stored.pk))
    expect(form.get_by_label("System prompt")).to_have_value("Be kind.")
    kept = open_draft(alice, CHATBOTS, draft.id).data
    assert (kept["credential_id"], kept["system_prompt"]) == (str(stored.pk), "Be kind.")
    # Tried at once, and no address on this machine is asked.
    expect(form.locator("[data-credential-tested]")).to_contain_text("Refused")
    form.get_by_label("Credential", exact=True).select_option("")
    expect(form.get_by_role("button", name="Test")).to_be_hidden()


def test_the_preview_is_seen_as_visitors_of_a_language_see_it(
    page: Page, context: BrowserContext, live: Live, bob: Actor
) -> None:
    german = {"language": "de", "welcome_message": "Guten Tag."}
    website = {"type": "website", "enabled": True}
    data = {
        "appearance": {"welcome_message": "Hello."},
        "deployment": {"channels": [website], "widget": {"translations": [german]}},
    }
    draft = creating.create(bob, CHATBOTS, data)
    sign_in(context, live, bob)
    page.goto(f"/w/acme/chatbots/draft/{draft.id}/deploy/")
    preview = page.locator("#preview")
    expect(preview.get_by_role("log")).to_contain_text("Hello.")
    page.locator("summary", has_text="Translations").click()
    shown = page.get_by_role("button", name="Show the preview in German")
    shown.click()
    expect(preview.get_by_role("log")).to_contain_text("Guten Tag.")
    expect(preview.get_by_label("Nachricht schreiben")).to_be_visible()
    with Builder(page).saving():
        page.locator("#step-form").get_by_label("Welcome message").fill("Grüß Gott.")
    expect(preview.get_by_role("log")).to_contain_text("Grüß Gott.")
    shown.click()
    expect(preview.get_by_role("log")).to_contain_text("Hello.")
    expect(preview.get_by_label("Type a message")).to_be_visible()


def test_a_proactive_message_is_made_and_told_in_its_list(
    page: Page, context: BrowserContext, live: Live, bob: Actor
) -> None:
    website = {"type": "website", "enabled": True}
    draft = creating.create(bob, CHATBOTS, {"deployment": {"channels": [website]}})
    sign_in(context, live, bob)
    page.goto(f"/w/acme/chatbots/draft/{draft.id}/deploy/")
    page.locator("summary", has_text="Proactive messages").click()
    with Builder(page).saving():
        page.get_by_role("button", name="Add a message").click()
    item = page.locator("[data-item=message_1]")
    with Builder(page).saving():
        item.get_by_role("textbox", name="Message").fill("May I help?")
    expect(item.get_by_label("Page address")).to_be_hidden()
    with Builder(page).saving():
        item.get_by_label("Where").select_option("contains")
    expect(item.get_by_label("Page address")).to_be_visible()
    expect(item.get_by_text("Say which pages it is for")).to_be_visible()
    with Builder(page).saving():
        item.get_by_label("When").select_option("leaving")
    expect(item.get_by_label("Seconds on the page")).to_be_hidden()
    # The switch ends where the boxes above it end.
    switch, above = item.get_by_role("switch", name="On"), item.get_by_label("How often")
    ends = [each.evaluate("e => e.getBoundingClientRect().right") for each in (switch, above)]
    assert abs(ends[0] - ends[1]) <= 2


def test_an_address_typed_among_the_domains_is_its_domain_when_the_page_is_opened_again(
    page: Page, context: BrowserContext, live: Live, bob: Actor
) -> None:
    draft = creating.create(bob, CHATBOTS, website_with(["a.example", "b.example"]))
    sign_in(context, live, bob)
    page.goto(f"/w/acme/chatbots/draft/{draft.id}/deploy/?focus=deployment.channels.website")
    box = page.locator("[data-list-field$=allowed_domains] input").last
    with Builder(page).saving():
        box.fill("https://shop.example/path")
    expect(box).to_have_value("https://shop.example/path")
    page.reload()
    expect(box).to_have_value("shop.example")
    kept = open_draft(bob, CHATBOTS, draft.id).data["deployment"]["channels"]
    assert kept[0]["config"]["allowed_domains"] == ["a.example", "shop.example"]
