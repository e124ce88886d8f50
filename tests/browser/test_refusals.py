"""What a page says when the server refuses, fails, or is not there. Nothing typed is ever lost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.scene import scene
from tests.support.axe import violations
from tests.support.browser import sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext, Locator, Page, Request, Route

    from tests.browser.scene import Scene
    from tests.support.live import Live

__all__ = ["scene"]

ANSWERS = "**/test/"
PROBLEM = {"status": 429, "title": "Too many requests", "detail": "Too many tests in a row."}


@pytest.fixture
def credentials(context: BrowserContext, live: Live, scene: Scene) -> Iterator[Page]:
    """The page of credentials, where "Test" in a row's menu asks the server through htmx."""
    sign_in(context, live, scene.owner)
    page = context.new_page()
    page.goto(reverse("workspaces:credentials", args=[scene.owner.workspace.slug]))
    yield page
    page.close()


def press_test(page: Page) -> None:
    page.get_by_role("button", name="Actions for Model server").click()
    page.get_by_role("menuitem", name="Test").click()


def toasts(page: Page) -> Locator:
    return page.get_by_role("status", name="Notifications")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (500, "Something failed on our side"),
        (503, "Something failed on our side"),
        (403, "Your role does not allow this"),
        (404, "This is not there any more"),
        (429, "Too many requests"),
    ],
)
def test_a_refusal_is_told_in_words(credentials: Page, status: int, words: str) -> None:
    page = "<h1>An error page</h1>"
    credentials.route(ANSWERS, lambda route: route.fulfill(status=status, body=page))
    press_test(credentials)
    expect(toasts(credentials).get_by_text(words)).to_be_visible()
    expect(credentials.get_by_text("An error page")).to_have_count(0)
    assert violations(credentials) == []


def test_a_problem_is_told_in_its_own_words(credentials: Page) -> None:
    kind, body = "application/problem+json", json.dumps(PROBLEM)
    credentials.route(
        ANSWERS, lambda route: route.fulfill(status=429, content_type=kind, body=body)
    )
    press_test(credentials)
    expect(toasts(credentials).get_by_text("Too many tests in a row.")).to_be_visible()


def test_an_error_stays_until_it_is_dismissed(credentials: Page) -> None:
    credentials.route(ANSWERS, lambda route: route.fulfill(status=500))
    press_test(credentials)
    alert = credentials.get_by_role("alert")
    expect(alert).to_be_visible()
    alert.get_by_role("button", name="Dismiss").click()
    expect(alert).to_have_count(0)


def test_who_is_signed_out_may_sign_in_beside_the_page(credentials: Page) -> None:
    credentials.route(ANSWERS, lambda route: route.fulfill(status=401))
    press_test(credentials)
    dialog = credentials.get_by_role("dialog", name="You are signed out")
    expect(dialog.get_by_role("link", name="Sign in in a new tab")).to_be_visible()
    assert violations(credentials) == []


def test_being_offline_is_said(credentials: Page, context: BrowserContext) -> None:
    context.set_offline(True)
    press_test(credentials)
    expect(toasts(credentials).get_by_text("You are offline")).to_be_visible()


def test_a_token_of_an_earlier_sign_in_is_renewed_once(credentials: Page) -> None:
    sent: list[str] = []

    def refuse_the_first(route: Route, request: Request) -> None:
        sent.append(request.headers["x-csrftoken"])
        if len(sent) == 1:
            route.fulfill(status=403, body="<main data-csrf-failure></main>")
        else:
            route.fulfill(body="<p>Answered</p>")

    credentials.route(ANSWERS, refuse_the_first)
    press_test(credentials)
    expect(credentials.get_by_text("Answered")).to_be_visible()
    assert len(sent) == 2


def ask_to_abandon(page: Page, scene: Scene) -> Locator:
    page.goto(reverse("assistants:dashboard", args=[scene.owner.workspace.slug]))
    page.get_by_role("button", name="Actions for Support assistant").click()
    page.get_by_role("menuitem", name="Abandon").click()
    return page.get_by_role("alertdialog")


def test_a_question_that_is_dismissed_sends_nothing(credentials: Page, scene: Scene) -> None:
    asked: list[str] = []
    credentials.on("request", lambda request: asked.append(request.method))
    dialog = ask_to_abandon(credentials, scene)
    expect(dialog).to_be_visible()
    assert violations(credentials) == []
    credentials.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert "POST" not in asked


def test_a_question_answered_with_yes_is_done(credentials: Page, scene: Scene) -> None:
    dialog = ask_to_abandon(credentials, scene)
    dialog.get_by_role("button", name="Abandon").click()
    draft = credentials.get_by_role("row", name="Support assistant")
    expect(draft).to_have_count(0)
