"""What visitors are asked for: before the chat, after some messages, at its end."""

from __future__ import annotations

import threading
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.widget.bot import Answer, Refusal, lead_form

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.widget.bot import Bot
    from tests.widget.conftest import Visitor

COLLECT = [
    {"name": "user_email", "type": "email", "label": "Your e-mail", "required": True},
    {"name": "seats", "type": "number", "label": "Seats", "required": False, "default": 2},
    {
        "name": "plan",
        "type": "select",
        "label": "Plan",
        "required": True,
        "options": ["Free", "Team"],
    },
    {"name": "start", "type": "date", "label": "Start", "required": False},
]


@pytest.fixture
def asking(bot: Bot) -> Bot:
    """The bot, which asks for ``COLLECT`` before the chat."""
    bot.profile |= {"collect": COLLECT}
    bot.collect_needed = True
    return bot


def fill_in(visitor: Visitor) -> None:
    """What ``COLLECT`` requires."""
    visitor.page.get_by_label("Your e-mail").fill("ana@example.com")
    visitor.page.get_by_label("Plan").select_option("Free")


def test_asks_for_variables_before_the_chat(visitor: Visitor, asking: Bot) -> None:
    asking.profile |= {"lead": lead_form("after_messages", after_messages=2)}
    asking.lead_needed = True
    visitor.arrive()
    visitor.open()
    page = visitor.page
    page.evaluate("window.leads = []; void PrivexBot.on('lead', (lead) => leads.push(lead))")
    expect(page.get_by_label("Your e-mail")).to_be_focused()
    expect(visitor.box).to_be_hidden()
    page.get_by_label("Your e-mail").fill("ana")
    page.get_by_role("button", name="Start chat").click()
    # The browser says what is wrong, where it is wrong.
    expect(page.get_by_label("Your e-mail")).to_be_focused()
    assert page.get_by_label("Your e-mail").evaluate("e => e.validity.typeMismatch")
    page.get_by_label("Your e-mail").fill("ana@example.com")
    page.get_by_label("Plan").select_option("Team")
    page.get_by_role("button", name="Start chat").click()
    expect(visitor.box).to_be_focused()
    visitor.say("Hello")
    expect(visitor.answers.last).to_contain_text("You said it.")
    assert asking.bodies("messages")[0]["variables"] == {
        "user_email": "ana@example.com",
        "seats": 2,
        "plan": "Team",
    }
    assert "ana@example.com" not in str(visitor.kept())
    assert page.evaluate("leads") == []


def test_suggestions_come_after_the_form(visitor: Visitor, asking: Bot) -> None:
    visitor.arrive()
    visitor.open()
    fill_in(visitor)
    expect(visitor.page.get_by_role("button", name="Prices")).to_have_count(0)
    visitor.page.get_by_role("button", name="Start chat").click()
    visitor.page.get_by_role("button", name="Prices").click()
    expect(visitor.answers.last).to_contain_text("You said it.")
    assert asking.bodies("messages")[0]["message"] == "Prices"


def test_what_the_page_sends_waits_for_the_form(visitor: Visitor, asking: Bot) -> None:
    visitor.arrive()
    visitor.page.evaluate("PrivexBot.send('One'); PrivexBot.send('Two')")
    fill_in(visitor)
    visitor.page.evaluate("PrivexBot.send('Three')")
    assert asking.bodies("messages") == []
    visitor.page.get_by_role("button", name="Start chat").click()
    expect(visitor.button("Helpful")).to_have_count(3)
    said = [(body["message"], body["variables"]["plan"]) for body in asking.bodies("messages")]
    assert said == [("One", "Free"), ("Two", "Free"), ("Three", "Free")]
    expect(visitor.box).to_have_value("")


def test_what_the_page_tells_of_the_visitor_is_not_asked_for(visitor: Visitor, asking: Bot) -> None:
    visitor.arrive()
    visitor.open()
    visitor.page.get_by_label("Your e-mail").fill("ana@exa")
    visitor.page.evaluate("PrivexBot.identify({variables: {plan: 'Team', start: '2030-01-01'}})")
    expect(visitor.page.get_by_label("Plan")).to_have_count(0)
    expect(visitor.page.get_by_label("Your e-mail")).to_have_value("ana@exa")
    visitor.page.evaluate("PrivexBot.send('Hello')")
    known = "{user_email: 'ana@example.com', seats: 3}"
    visitor.page.evaluate(f"PrivexBot.identify({{variables: {known}}})")
    expect(visitor.answers.last).to_contain_text("You said it.")
    expect(visitor.box).to_be_visible()
    expected = {"plan": "Team", "start": "2030-01-01", "user_email": "ana@example.com", "seats": 3}
    assert asking.bodies("messages")[0]["variables"] == expected


def test_what_was_filled_in_outlives_a_reload_but_not_the_tab(
    visitor: Visitor, asking: Bot
) -> None:
    visitor.arrive()
    visitor.open()
    fill_in(visitor)
    visitor.page.get_by_role("button", name="Start chat").click()
    expect(visitor.box).to_be_focused()
    visitor.arrive()
    expect(visitor.box).to_be_visible()
    expect(visitor.page.get_by_role("button", name="Start chat")).to_have_count(0)
    visitor.say("Hello")
    expect(visitor.answers.last).to_contain_text("You said it.")
    told = asking.bodies("messages")[0]["variables"]
    assert told == {"user_email": "ana@example.com", "seats": 2, "plan": "Free"}
    assert "ana@example.com" not in str(visitor.kept())

    # Another session is asked anew.
    visitor.page.evaluate("PrivexBot.reset()")
    expect(visitor.page.get_by_role("button", name="Start chat")).to_be_visible()


def test_the_consent_leads_to_what_it_speaks_of(visitor: Visitor, bot: Bot) -> None:
    words = "I read the [privacy policy](https://example.com/p), [not](javascript:alert(1))."
    bot.profile |= {"lead": lead_form("before_chat", consent_text=words)}
    bot.lead_needed = True
    visitor.arrive()
    visitor.open()
    links, box = visitor.page.locator("form label a"), visitor.page.get_by_role("checkbox")
    expect(links).to_have_count(1)
    for name, value in (("href", "https://example.com/p"), ("target", "_blank")):
        expect(links).to_have_attribute(name, value)
    expect(links).to_have_attribute("rel", "noreferrer nofollow")
    # A press on the link leads there and does not tick the box; one on the words does.
    links.evaluate("link => link.addEventListener('click', (event) => event.preventDefault())")
    links.click()
    expect(box).not_to_be_checked()
    visitor.page.get_by_text("I read the").click(position={"x": 40, "y": 8})
    expect(box).to_be_checked()


# Where the words beside the box stand, in their order: from the box's start and the form's top.
WORDS = """form => {
  const [box, label] = [form.querySelector("[type=checkbox]"), form.querySelector("label:has(a)")];
  const words = document.createRange();
  words.setStartAfter(box);
  words.setEndAfter(label.lastChild);
  const { left } = box.getBoundingClientRect();
  return [...words.getClientRects()].map((each) => [each.left - left, each.top]);
}"""


def test_a_consent_with_a_link_is_one_text_beside_its_box(visitor: Visitor, bot: Bot) -> None:
    words = "I agree that the shop writes to me about my order. See [Privacy](https://shop.example)"
    form = lead_form("before_chat", consent_text=f"{words}, and what is written there of cookies.")
    bot.profile |= {"lead": form}
    bot.lead_needed = True
    visitor.arrive()
    visitor.open()
    expect(visitor.page.locator("form label a")).to_be_visible()
    places = visitor.page.locator(".form").evaluate(WORDS)
    assert min(left for left, _top in places) == 32
    # Nothing stands in a column of its own: what comes later in the text is no higher.
    tops = [top for _left, top in places]
    assert tops[-1] > tops[0] + 30
    assert all(after >= before - 6 for before, after in pairwise(tops))


def test_the_lead_form_before_the_chat_needs_consent(visitor: Visitor, bot: Bot) -> None:
    bot.profile |= {"lead": lead_form("before_chat")}
    bot.lead_needed = True
    visitor.arrive()
    visitor.open()
    page = visitor.page
    expect(title(visitor)).to_be_visible()
    assert page.get_by_label("E-mail").get_attribute("autocomplete") == "email"
    page.get_by_label("E-mail").fill("ana@example.com")
    page.get_by_label("Name").fill("Ana")
    page.get_by_role("button", name="Start chat").click()
    expect(page.get_by_label("We keep this")).to_be_focused()
    page.get_by_label("We keep this").check()
    page.evaluate("void PrivexBot.on('lead', (lead) => (window.lead = lead))")
    page.get_by_role("button", name="Start chat").click()
    expect(visitor.box).to_be_focused()
    assert page.evaluate("lead") == {"email": "ana@example.com", "name": "Ana"}
    expect(visitor.page.get_by_role("status")).to_contain_text("Thank you")
    (body,) = bot.bodies("leads")
    assert body["fields"] == {"email": "ana@example.com", "name": "Ana"}
    # Once is enough.
    visitor.arrive("/other")
    expect(visitor.box).to_be_visible()


def test_a_lead_that_the_server_refuses_stays_on_the_screen(visitor: Visitor, bot: Bot) -> None:
    bot.profile |= {"lead": lead_form("before_chat", consent_text="")}
    bot.lead_needed = True
    bot.refusals["leads"] = Refusal(422, "That mailbox does not exist.")
    visitor.arrive()
    visitor.open()
    visitor.page.get_by_label("E-mail").fill("ana@example.com")
    visitor.page.get_by_role("button", name="Start chat").click()
    expect(visitor.page.get_by_role("alert")).to_contain_text("That mailbox does not exist.")
    expect(visitor.page.get_by_label("E-mail")).to_have_value("ana@example.com")
    visitor.page.get_by_role("button", name="Start chat").click()
    expect(visitor.box).to_be_focused()


def test_the_lead_form_comes_after_some_messages_and_may_be_declined(
    visitor: Visitor, bot: Bot
) -> None:
    bot.profile |= {"lead": lead_form("after_messages", after_messages=2)}
    bot.lead_needed = True
    visitor.arrive()
    visitor.open()
    visitor.say("One")
    expect(visitor.button("Helpful")).to_have_count(1)
    expect(title(visitor)).to_have_count(0)
    visitor.say("Two")
    expect(title(visitor)).to_be_visible()
    expect(visitor.box).to_be_visible()
    visitor.page.get_by_role("button", name="Not now").click()
    expect(visitor.box).to_be_focused()
    visitor.say("Three")
    expect(visitor.button("Helpful")).to_have_count(3)
    expect(title(visitor)).to_have_count(0)
    assert bot.bodies("leads") == []


def title(visitor: Visitor) -> Locator:
    """What stands above the lead form."""
    return visitor.page.locator(".form").get_by_text("Who are you?")


def is_in_view(visitor: Visitor, words: str) -> bool:
    """Whether these words of the conversation are wholly in sight."""
    inside: bool = visitor.log.get_by_text(words).last.evaluate(
        """e => {
          const [word, log] = [e, e.closest(".log")].map((each) => each.getBoundingClientRect());
          return word.top >= log.top && word.bottom <= log.bottom;
        }"""
    )
    return inside


def test_a_form_does_not_cover_the_answer_before_it(visitor: Visitor, bot: Bot) -> None:
    """Neither on a small screen nor where there is more above it: it comes below the answer, whose
    beginning stays in sight, and the cursor stays where it was."""
    bot.profile |= {"lead": lead_form("after_messages", after_messages=2)}
    bot.lead_needed = True
    answer = "First words.\n\n" + "And more of it.\n\n" * 4 + "Last words."
    bot.answers = [Answer(("Hello. " * 60,)), Answer((answer,), follow_ups=("Why?",))]
    visitor.arrive()
    visitor.open()
    visitor.say("One")
    expect(visitor.button("Helpful")).to_have_count(1)
    visitor.say("Two")
    expect(title(visitor)).to_be_visible()
    expect(visitor.box).to_be_focused()
    assert is_in_view(visitor, "First words.")
    assert is_in_view(visitor, "Last words.")
    assert is_in_view(visitor, "Who are you?")
    visitor.page.get_by_label("E-mail").fill("ana@example.com")
    # Another answer leaves it where it is, and what was filled in.
    visitor.say("Three")
    expect(visitor.button("Helpful")).to_have_count(3)
    expect(visitor.page.get_by_label("E-mail")).to_have_value("ana@example.com")
    assert is_in_view(visitor, "You said it.")
    visitor.page.get_by_label("We keep this").check()
    visitor.page.locator(".form").get_by_role("button", name="Send").click()
    expect(visitor.page.get_by_role("status")).to_contain_text("Thank you")
    expect(visitor.box).to_be_focused()


def test_a_form_shows_its_head_below_the_end_of_a_long_answer(visitor: Visitor, bot: Bot) -> None:
    bot.profile |= {"lead": lead_form("after_messages")}
    bot.lead_needed = True
    bot.answers = [Answer(("First words.\n\n" + "And more of it.\n\n" * 40 + "Last words.",))]
    visitor.arrive()
    visitor.open()
    visitor.say("One")
    expect(title(visitor)).to_be_visible()
    assert is_in_view(visitor, "Last words.")
    assert is_in_view(visitor, "Who are you?")


def test_a_form_does_not_move_what_is_read_further_up(visitor: Visitor, bot: Bot) -> None:
    hold = threading.Event()
    bot.answers = [Answer(("First words.\n\n" + "And more of it.\n\n" * 40, "Last."), hold=hold)]
    bot.profile |= {"lead": lead_form("after_messages")}
    bot.lead_needed = True
    visitor.arrive()
    visitor.open()
    visitor.say("One")
    expect(visitor.answers.last).to_contain_text("And more of it.")
    visitor.log.evaluate("e => (e.scrollTop = 0)")
    hold.set()
    expect(title(visitor)).to_be_attached()
    assert visitor.log.evaluate("e => e.scrollTop") == 0


def test_who_opens_the_chat_again_goes_on_with_the_message(visitor: Visitor, bot: Bot) -> None:
    bot.profile |= {"lead": lead_form("after_messages")}
    bot.lead_needed = True
    visitor.arrive()
    visitor.open()
    visitor.say("One")
    expect(title(visitor)).to_be_visible()
    visitor.page.keyboard.press("Escape")
    visitor.open()
    expect(visitor.box).to_be_focused()
    expect(title(visitor)).to_be_visible()


def test_what_is_known_stands_in_the_lead_form(visitor: Visitor, bot: Bot) -> None:
    """What was told before the chat, and what the server knows; both can be corrected."""
    form = lead_form("after_messages", consent_text="")
    email, name = form["fields"]
    told = {"name": "user_name", "type": "text", "label": "Your name", "required": True}
    known = [email | {"default": "ana@example.com"}, name | {"variable": "user_name"}]
    bot.profile |= {"collect": [told], "lead": form | {"fields": known}}
    bot.collect_needed = bot.lead_needed = True
    visitor.arrive()
    visitor.open()
    visitor.page.get_by_label("Your name").fill("Ana")
    visitor.page.get_by_role("button", name="Start chat").click()
    visitor.say("Hello")
    expect(visitor.page.get_by_label("Name")).to_have_value("Ana")
    expect(visitor.page.get_by_label("E-mail")).to_have_value("ana@example.com")
    visitor.page.get_by_label("Name").fill("Ana B.")
    visitor.page.locator(".form").get_by_role("button", name="Send").click()
    bot.asked("leads")
    assert bot.bodies("leads")[0]["fields"] == {"email": "ana@example.com", "name": "Ana B."}


def test_who_is_named_in_the_open_chat_is_not_asked_again(visitor: Visitor, bot: Bot) -> None:
    form = lead_form("after_messages")
    email, name = form["fields"]
    bot.profile |= {"lead": form}
    bot.lead_needed = True
    visitor.arrive()
    visitor.open()
    expect(visitor.log).to_contain_text("How can I help")
    known = [email | {"default": "ana@example.com"}, name | {"default": "Ana"}]
    bot.profile |= {"lead": form | {"fields": known}}
    visitor.page.evaluate("PrivexBot.identify({identityToken: 'signed'})")
    visitor.say("Hello")
    expect(visitor.page.get_by_label("Name")).to_have_value("Ana")
    expect(visitor.page.get_by_label("E-mail")).to_have_value("ana@example.com")


def test_a_form_that_can_wait_does_not_take_the_cursor_from_who_types(
    visitor: Visitor, bot: Bot
) -> None:
    hold = threading.Event()
    bot.answers = [Answer(("You said", " it."), hold=hold)]
    bot.profile |= {"lead": lead_form("after_messages")}
    bot.lead_needed = True
    visitor.arrive()
    visitor.open()
    visitor.say("One")
    expect(visitor.answers.last).to_contain_text("You said")
    visitor.page.keyboard.type("Tw")
    hold.set()
    expect(title(visitor)).to_be_visible()
    visitor.page.keyboard.type("o")
    expect(visitor.box).to_have_value("Two")


def test_the_lead_form_comes_when_the_chat_ends(visitor: Visitor, bot: Bot) -> None:
    bot.profile |= {"lead": lead_form("end_of_chat", consent_text="")}
    bot.lead_needed = True
    visitor.arrive()
    visitor.open()
    visitor.say("Hello")
    expect(visitor.button("Helpful")).to_be_visible()
    visitor.button("Close chat").last.click()
    expect(title(visitor)).to_be_visible()
    visitor.page.get_by_label("E-mail").fill("ana@example.com")
    visitor.page.locator(".form").get_by_role("button", name="Send").click()
    expect(visitor.panel).to_be_hidden()
    assert bot.bodies("leads")[0]["fields"] == {"email": "ana@example.com"}
    visitor.open()
    visitor.button("Close chat").last.click()
    expect(visitor.panel).to_be_hidden()


def test_escape_closes_without_asking(visitor: Visitor, bot: Bot) -> None:
    bot.profile |= {"lead": lead_form("end_of_chat")}
    bot.lead_needed = True
    visitor.arrive()
    visitor.open()
    visitor.say("Hello")
    expect(visitor.button("Helpful")).to_be_visible()
    visitor.page.keyboard.press("Escape")
    expect(visitor.panel).to_be_hidden()
    visitor.open()
    visitor.button("End chat").click()
    visitor.page.get_by_role("button", name="Not now").click()
    expect(visitor.log).not_to_contain_text("You said it.")
