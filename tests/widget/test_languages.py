"""The widget in the visitor's language."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from conversations.languages import LANGUAGES, RIGHT_TO_LEFT, WORDS, spoken, translated
from conversations.lead_fields import LEAD_FIELDS
from conversations.publicity import WORDS as ENGLISH
from conversations.publicity import words
from tests.support.axe import violations
from tests.widget.bot import SCRIPT

if TYPE_CHECKING:
    from conversations.languages import Language
    from tests.widget.bot import Bot
    from tests.widget.conftest import Visitor

# Read by whoever builds alone.
NEVER_SAID = {"preview"}


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_word_is_translated(language: Language) -> None:
    found = json.loads((WORDS / f"{language}.json").read_text("utf-8"))
    assert found.keys() == (ENGLISH.keys() | LEAD_FIELDS.keys()) - NEVER_SAID
    assert all(text.strip() == text for text in found.values())
    assert all(found.values())


def test_the_script_and_the_server_say_the_same_in_english() -> None:
    """What the script says before there is a session does not change when it comes."""
    script = SCRIPT.read_text("utf-8")
    for name in ("open", "close", "type", "send", "offline", "failed", "refused"):
        assert json.dumps(str(ENGLISH[name]))[1:-1] in script


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (("de-AT",), "de"),
        (("PT_br",), "pt"),
        (("zh-Hant-TW",), "zh"),
        (("iw",), "he"),
        (("sv", "fr-CA"), "fr"),
        (("sv",), "en"),
        (("", "x"), "en"),
        ((), "en"),
        (("den",), "en"),
    ],
    ids=[
        "country",
        "case",
        "script",
        "old name",
        "the next",
        "none",
        "nonsense",
        "nobody",
        "longer",
    ],
)
def test_the_best_language_is_chosen(wanted: tuple[str, ...], expected: str) -> None:
    assert spoken(*wanted) == expected


def test_what_is_not_translated_is_english() -> None:
    assert words("de")["preview"] == "Preview"
    assert translated("en") == {}


@pytest.mark.parametrize("language", ["de", "ar", "he", "ja", "hi"])
def test_the_widget_speaks_it_from_the_session_on(
    visitor: Visitor, bot: Bot, language: Language
) -> None:
    bot.language, said = language, words(language)
    visitor.site.attributes += f' data-lang="{language}-XX"'
    visitor.arrive()
    visitor.open()
    expect(visitor.page.get_by_label(said["type"])).to_be_visible()
    assert bot.bodies("session")[0]["language"] == f"{language}-XX"
    for name in ("send", "fresh"):
        expect(visitor.button(said[name])).to_be_visible()
    whole = visitor.page.locator(".w")
    assert whole.get_attribute("lang") == language
    assert (whole.get_attribute("dir") == "rtl") == (language in RIGHT_TO_LEFT)
    assert visitor.log.get_attribute("aria-label") == said["log"]
    assert visitor.page.locator(".launcher").get_attribute("title") == said["close"]
    assert violations(visitor.page) == []
    visitor.page.keyboard.press("Escape")
    assert visitor.page.locator(".launcher").get_attribute("title") == said["open"]
    visitor.page.locator(".launcher").click()
    visitor.page.locator("textarea").fill("…")
    visitor.page.keyboard.press("Enter")
    expect(visitor.button(said["up"])).to_be_visible()
    text = visitor.page.locator(".panel").inner_text()
    assert not re.search("Assistant|Send|New chat", text)


def test_the_page_s_own_words_win(visitor: Visitor, bot: Bot) -> None:
    bot.language = "de"
    visitor.site.files["/own.js"] = (
        "text/javascript",
        "window.privexbotConfig = {lang: 'sv', strings: {type: 'Skriv'}};",
    )
    visitor.site.head += '<script src="/own.js"></script>'
    visitor.arrive()
    visitor.open()
    expect(visitor.page.get_by_label("Skriv")).to_be_visible()
    expect(visitor.button("Senden")).to_be_visible()
    assert visitor.page.locator(".w").get_attribute("lang") == "sv"
