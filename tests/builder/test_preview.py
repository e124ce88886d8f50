"""The preview beside the form is the real widget: it shows changes at once and can be shared.
Numbers in brackets are those of the interface's checklist (``tests/CHECKLIST.md``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from drafts import creating
from drafts.types import draft_types
from tests.support.browser import sign_in
from tests.widget.measure import OBSERVE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page, Request

    from tests.support.live import Live
    from workspaces.access import Actor

KIND = "chatbot"
START = {
    "name": "Helper",
    "system_prompt": "Help {{user_name}}.",
    "variables": [
        {"name": "user_name", "label": "Your name"},
        {"name": "size", "type": "select", "options": ["small", "extra  large"]},
        {"name": "mail", "type": "email"},
        {"name": "seats", "type": "number"},
        {"name": "call", "type": "phone"},
        {"name": "site", "type": "url"},
        {"name": "since", "type": "date"},
    ],
    "appearance": {"welcome_message": "Good day"},
}


def requests_of(page: Page) -> list[str]:
    """The addresses that ``page`` asks from now on, but for what it asks now and then by itself."""
    asked: list[str] = []

    def note(request: Request) -> None:
        if not any(part in request.url for part in ("/changes/", "/export")):
            asked.append(request.url)

    page.on("request", note)
    return asked


@pytest.fixture
def page(browser: Browser, live: Live, alice: Actor) -> Iterator[Page]:
    kind = draft_types.get(KIND)
    draft = creating.create(alice, kind, START)
    context = browser.new_context(base_url=live.url, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(8000)
    sign_in(context, live, alice)
    page = context.new_page()
    page.add_init_script(OBSERVE)
    page.goto(f"/w/acme/{kind.url_name}/draft/{draft.id}/customize/")
    page.wait_for_selector("#preview >> text=Good day")
    yield page
    context.close()


def test_the_look_is_repainted_without_a_request(page: Page) -> None:
    """(27)"""
    asked = requests_of(page)
    page.fill('[name="appearance.title"]', "Ask me")
    page.wait_for_selector("#preview >> text=Ask me", timeout=400)
    assert asked == []


def test_what_is_no_address_of_a_picture_is_not_asked_for(page: Page) -> None:
    pictures: list[str] = []
    page.on("request", lambda it: pictures.append(it.url) if it.resource_type == "image" else None)
    box = page.locator('[name="appearance.avatar_url"]')
    for text in ("not a url", "a.png", "ftp://a.example/b.png", "http://a.example/b.png"):
        box.fill(text)
        box.blur()
    page.wait_for_selector("#save-state[data-state=invalid]")
    page.wait_for_timeout(600)
    assert pictures == []
    picture = "https://a.example/b.png"
    with page.expect_request(picture):
        box.fill(picture)
    box.fill("")
    expect(page.locator("#preview img")).to_be_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_another_colour_is_painted_in_the_same_moment(page: Page, theme: str) -> None:
    """(27) Before the next picture and without a request; the save comes half a second later."""
    page.check(f'[name="appearance.theme"][value="{theme}"]', force=True)
    saved = "() => document.getElementById('save-state').dataset.state === 'saved'"
    page.wait_for_function(saved)
    asked = requests_of(page)
    painted = page.evaluate(
        """async () => {
          const field = document.querySelector('#step-form [name="appearance.primary_color"]');
          field.value = '#b71c1c';
          field.dispatchEvent(new Event('input', {bubbles: true}));
          await new Promise(requestAnimationFrame);
          const {shadowRoot} = document.querySelector('#preview privexbot-widget');
          return getComputedStyle(shadowRoot.querySelector('.head')).backgroundColor;
        }"""
    )
    assert painted == "rgb(183, 28, 28)"
    assert asked == []


def test_nothing_moves_when_an_answer_comes(page: Page) -> None:
    """(4)"""
    page.wait_for_timeout(500)
    page.evaluate("__vitals.shift = 0")
    page.fill("#preview >> textarea", "Hello")
    page.keyboard.press("Enter")
    page.wait_for_selector("#preview >> text=No language model")
    page.wait_for_selector("#preview >> [title='Answer again']")
    assert page.evaluate("__vitals.shift") == 0


def test_a_conversation_is_shared_once_there_is_one(page: Page) -> None:
    page.click("[popovertarget=preview-menu]")
    page.click("[data-preview=share]")
    page.wait_for_selector("[data-toast] >> text=Nothing was said yet")
    page.fill("#preview >> textarea", "Hello")
    page.keyboard.press("Enter")
    page.wait_for_selector("#preview >> text=No language model")
    page.click("[popovertarget=preview-menu]")
    page.click("[data-preview=share]")
    page.wait_for_selector("#share-preview[open]")
    assert "/p/" in page.input_value("#share-address")
    page.keyboard.press("Escape")

    page.click("[data-preview=reset]")
    page.wait_for_selector("#preview >> p:has-text('No language model')", state="detached")


def use_them(page: Page) -> None:
    page.click("#preview-variables >> text=Use them")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_variables_are_set_for_the_preview(page: Page) -> None:
    page.click("[popovertarget=preview-menu]")
    page.click("#preview-menu >> text=Set variables")
    page.fill("#preview-user_name", "Ada")
    use_them(page)
    with page.expect_request("**/preview/messages") as sent:
        page.fill("#preview >> textarea", "Hello")
        page.keyboard.press("Enter")
    assert (sent.value.post_data_json or {})["variables"] == {"user_name": "Ada"}


def test_the_variables_in_use_are_shown_and_can_be_taken_back(page: Page) -> None:
    def opened() -> Locator:
        page.click("[popovertarget=preview-menu]")
        page.click("#preview-menu >> text=Set variables")
        return page.locator("#preview-user_name")

    opened().fill("Ada")
    use_them(page)
    expect(opened()).to_have_value("Ada")
    page.locator("#preview-user_name").fill("")
    use_them(page)
    page.fill("#preview >> textarea", "Hello")
    with page.expect_request("**/preview/messages") as sent:
        page.keyboard.press("Enter")
    assert (sent.value.post_data_json or {})["variables"] == {"user_name": ""}
    opened().fill("Ben")
    use_them(page)
    page.click("[popovertarget=preview-menu]")
    page.click("[data-preview=new-user]")
    box = opened()
    expect(page.get_by_role("button", name="Use them")).to_be_enabled()
    expect(box).to_have_value("")


def test_the_welcome_is_filled_in_once_it_is_saved(page: Page) -> None:
    welcome = page.locator('[name="appearance.welcome_message"]')
    welcome.fill("Good day {{user_name}}.")
    expect(page.locator("#preview").get_by_text("Good day .")).to_be_visible()
    welcome.blur()
    page.click("[popovertarget=preview-menu]")
    page.click("#preview-menu >> text=Set variables")
    expect(page.locator("#preview").get_by_text("Good day .")).to_have_count(1)
    page.fill("#preview-user_name", "Ada")
    use_them(page)
    expect(page.locator("#preview").get_by_text("Good day Ada.")).to_be_visible()
    page.fill('[name="appearance.title"]', "Ask me")
    page.wait_for_function(SAVED)
    page.wait_for_timeout(600)
    expect(page.locator("#preview").get_by_text("Good day Ada.")).to_be_visible()


def test_what_an_earlier_page_told_is_in_use_too(page: Page) -> None:
    page.click("[popovertarget=preview-menu]")
    page.click("#preview-menu >> text=Set variables")
    page.fill("#preview-user_name", "Ada")
    use_them(page)
    page.fill("#preview >> textarea", "Hello")
    page.keyboard.press("Enter")
    page.wait_for_selector("#preview >> text=No language model")
    page.reload()
    page.wait_for_selector("#preview >> text=No language model")
    page.click("[popovertarget=preview-menu]")
    page.click("#preview-menu >> text=Set variables")
    expect(page.locator("#preview-user_name")).to_have_value("Ada")


def test_variables_have_boxes_that_fit(page: Page) -> None:
    page.click("[popovertarget=preview-menu]")
    page.click("#preview-menu >> text=Set variables")
    fitting = {"mail": "email", "seats": "number", "call": "tel", "site": "url", "since": "date"}
    for name, kind in {"user_name": "text", **fitting}.items():
        expect(page.locator(f"#preview-{name}")).to_have_attribute("type", kind)
    page.fill("#preview-seats", "1.5")
    assert page.locator("#preview-size option").evaluate_all("all => all.map(o => o.value)") == [
        "",
        "small",
        "extra  large",
    ]
    page.select_option("#preview-size", "extra  large")
    use_them(page)
    page.click("[popovertarget=preview-menu]")
    page.click("#preview-menu >> text=Set variables")
    expect(page.locator("#preview-size")).to_have_value("extra  large")
    expect(page.locator("#preview-seats")).to_have_value("1.5")


def test_variables_that_do_not_fit_are_refused_where_they_were_typed(page: Page) -> None:
    page.click("[popovertarget=preview-menu]")
    page.click("#preview-menu >> text=Set variables")
    page.fill("#preview-user_name", "A" * 2001)
    page.select_option("#preview-size", "small")
    page.click("#preview-variables >> text=Use them")
    told = page.locator("#preview-variables [role=alert]")
    expect(told).to_contain_text("These variables are not valid: user_name.")
    expect(page.locator("#preview-user_name")).to_have_value("A" * 2001)
    expect(page.locator("#preview-size")).to_have_value("small")
    page.fill("#preview-user_name", "Ada")
    use_them(page)
    with page.expect_request("**/preview/messages") as sent:
        page.fill("#preview >> textarea", "Hello")
        page.keyboard.press("Enter")
    assert (sent.value.post_data_json or {})["variables"] == {"user_name": "Ada", "size": "small"}


def test_the_chat_goes_on_after_variables_were_refused(page: Page) -> None:
    page.click("[popovertarget=preview-menu]")
    page.click("#preview-menu >> text=Set variables")
    page.fill("#preview-user_name", "A" * 2001)
    page.click("#preview-variables >> text=Use them")
    expect(page.locator("#preview-variables [role=alert]")).to_be_visible()
    page.keyboard.press("Escape")
    page.fill("#preview >> textarea", "Hello")
    page.keyboard.press("Enter")
    page.wait_for_selector("#preview >> text=No language model")


SAVED = "() => document.getElementById('save-state').dataset.state === 'saved'"


def test_what_is_undone_from_another_step_is_painted_too(page: Page) -> None:
    page.fill('[name="appearance.title"]', "Ask me")
    page.wait_for_selector("#preview >> text=Ask me")
    page.wait_for_function(SAVED)
    page.click("#step-basic a")
    page.wait_for_selector('#step-form [name="name"]')
    page.click("[data-undo]")
    page.wait_for_selector("#preview >> text=Ask me", state="detached")


def test_what_was_just_typed_is_saved_before_a_message_goes_out(page: Page) -> None:
    posted: list[str] = []
    page.on("request", lambda request: posted.append(request.url) if request.post_data else None)
    page.wait_for_timeout(500)
    posted.clear()
    page.fill('[name="appearance.placeholder"]', "Say it")
    page.fill("#preview >> textarea", "Hello")
    page.keyboard.press("Enter")
    page.wait_for_selector("#preview >> text=No language model")
    assert [url.rstrip("/").rsplit("/", 1)[-1] for url in posted][:2] == ["customize", "messages"]


def test_what_was_filled_in_wrong_says_so_whenever_its_step_is_opened(page: Page) -> None:
    page.fill('[name="appearance.primary_color"]', "yellowish")
    page.wait_for_selector("#save-state[data-state=invalid]")
    page.reload()
    page.wait_for_selector('[name="appearance.primary_color"][aria-invalid=true]')
    page.click("#step-basic a")
    page.wait_for_selector('#step-form [name="name"]')
    assert page.locator("#step-form [aria-invalid=true]").count() == 0
