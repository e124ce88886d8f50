"""Whatever a model, a source or a person says stays words: nothing runs, nothing is fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.widget.bot import Answer, frame, lead_form
from tests.widget.hostile_words import CORPUS

if TYPE_CHECKING:
    from playwright.sync_api import Request

    from tests.widget.bot import Bot
    from tests.widget.conftest import Visitor

ALLOWED = {"P", "B", "I", "S", "CODE", "PRE", "UL", "OL", "LI", "BLOCKQUOTE", "HR", "BR"}
ALLOWED |= {"A", "SUP", "BUTTON", "SMALL", "DIV", "TABLE", "THEAD", "TBODY", "TR", "TH", "TD"}
ATTRIBUTES = {"href", "target", "rel", "title", "tabindex", "class", "start", "type"}


def test_words_that_come_byte_by_byte_stay_words(visitor: Visitor, bot: Bot) -> None:
    """Every cut of the stream, also in the middle of a character and of a line."""
    requests: list[str] = []
    visitor.page.on("request", lambda request: requests.append(_outside(visitor, request)))
    raw = b"".join(frame("token", {"text": f"{text}\n\n"}) for text in CORPUS)
    single = tuple(raw[place : place + 1] for place in range(len(raw)))
    bot.answers = [Answer((*single, "\n\nThe end \u00e4\U0001f44d."))]
    visitor.arrive()
    visitor.open()
    visitor.say("Attack me")
    expect(visitor.answers.last).to_contain_text("The end ä👍.")
    _is_harmless(visitor, requests)


def _outside(visitor: Visitor, request: Request) -> str:
    own = (visitor.site.url, visitor.bot.url)
    return "" if request.url.startswith(own) else request.url


def _is_harmless(visitor: Visitor, requests: list[str]) -> None:
    page = visitor.page
    page.wait_for_timeout(100)
    assert page.evaluate("window.__xss") is None
    assert {url for url in requests if url} == set()
    names = page.locator(".text *").evaluate_all("all => all.map((e) => e.tagName)")
    assert set(names) <= ALLOWED
    links = page.locator(".log a").evaluate_all("all => all.map((e) => [e.protocol, e.rel])")
    assert {protocol for protocol, _ in links} <= {"https:", "http:", "mailto:"}
    assert {rel for _, rel in links} <= {"noreferrer nofollow"}
    attributes = page.locator(".text *").evaluate_all(
        "all => all.flatMap((e) => [...e.attributes].map((a) => a.name))"
    )
    assert set(attributes) <= ATTRIBUTES


@pytest.mark.parametrize("payload", CORPUS)
def test_what_is_shown_besides_the_answer_stays_words(
    visitor: Visitor, bot: Bot, payload: str
) -> None:
    requests: list[str] = []
    visitor.page.on("request", lambda request: requests.append(_outside(visitor, request)))
    link = payload.partition("(")[2].rstrip(")") or payload
    citation = {"number": 1, "title": payload, "url": link, "text": payload}
    bot.profile |= {
        "title": payload,
        "welcome_message": payload,
        "suggested_prompts": [payload],
        "placeholder": payload,
        "lead": lead_form("after_messages", title=payload, consent_text=payload),
    }
    bot.lead_needed = True
    bot.messages = [
        {"id": "q0", "role": "user", "content": payload, "citations": []},
        {"id": "a0", "role": "assistant", "content": payload, "citations": [citation]},
    ]
    bot.answers = [Answer((payload, " [1]"), (citation,), (payload,))]
    visitor.arrive()
    visitor.open()
    expect(visitor.page.get_by_text("Sources (1)")).to_be_visible()
    visitor.say(payload)
    expect(visitor.page.get_by_text("Sources (1)")).to_have_count(2)
    _is_harmless(visitor, requests)


def test_events_that_nobody_knows_are_dropped(visitor: Visitor, bot: Bot) -> None:
    strange = frame("execute", {"code": "window.__xss=1"}) + frame("message", {"text": "no"})
    bot.answers = [Answer((strange, b": a comment\n\n", "Only this."))]
    visitor.arrive()
    visitor.open()
    visitor.say("Hello")
    expect(visitor.answers.last).to_contain_text("Only this.")
    assert visitor.page.evaluate("window.__xss") is None
