"""What goes wrong at the builder, brought about by hand, and what can be seen of it then."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from drafts import editing
from drafts.access import address_of, open_draft
from drafts.storage import store

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Route

    from tests.builder.seat import Seat


def fail_saves(here: Seat, answer: Callable[[Route], None]) -> Callable[[], None]:
    """Let every save be answered by ``answer``; gives the function that ends that."""

    def intercept(route: Route) -> None:
        if route.request.method == "POST":
            answer(route)
        else:
            route.continue_()

    here.page.route("**/basics/", intercept)
    return lambda: here.page.unroute("**/basics/", intercept)


def copied(here: Seat, text: str) -> None:
    """Until this browser's copy of the draft holds ``text``."""
    here.page.wait_for_function(
        """text => Object.entries(localStorage)
          .some(([key, value]) => key.includes(':copy:') && value.includes(text))""",
        arg=text,
    )


def kept(here: Seat) -> list[str]:
    """What this browser keeps of the draft that never reached the server."""
    script = """draft => Object.entries(localStorage)
      .filter(([key]) => key.includes(':outbox:') && key.includes(draft))
      .map(([, value]) => value)"""
    found: list[str] = here.page.evaluate(script, here.draft_id)
    return found


def follow(here: Seat) -> None:
    """Go along to the draft that was made of the copy."""
    here.page.wait_for_url(lambda url: here.draft_id not in url)
    here.draft_id = here.page.url.split("/draft/")[1].split("/")[0]


def type_unsent(here: Seat, text: str) -> None:
    """Type ``text`` into the name, which cannot be saved: the page stops taking input as soon as
    it hears that the draft is gone, maybe in the middle of a word."""
    here.context.route("**/basics/", lambda route: route.abort())
    here.type("name", text)
    here.wait_for("retrying")
    here.context.unroute("**/basics/")


def leave_unsent(here: Seat, text: str) -> None:
    """Type ``text``, which never arrives, and close the page; the draft goes too."""
    here.context.route("**/basics/", lambda route: route.abort())
    copied(here, "Robot")
    here.type("notes", text)
    here.wait_for("retrying")
    here.page.close()
    here.context.unroute("**/basics/")
    editing.abandon(here.actor, here.kind, here.draft_id)
    here.page = here.new_page()
    here.open()


def toast(here: Seat, words: str) -> None:
    """Until a notice says ``words``."""
    here.page.locator("[data-toast]", has_text=words).wait_for()


def off(here: Seat, selector: str) -> bool:
    """Whether it can be seen and not used."""
    return bool(here.page.locator(selector).evaluate("e => e.closest('[inert]') !== null"))


def locked(here: Seat) -> Callable[..., None]:
    """Hold the draft as a deploy does; gives what lets it go."""
    version = open_draft(here.actor, here.kind, here.draft_id).version
    address = address_of(here.actor, here.kind, here.draft_id)
    assert store.freeze(address, version, "token") == "OK"
    return partial(store.thaw, address, token="token")
