"""Somebody at the builder in a real browser."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from playwright import sync_api

from drafts import editing
from drafts.access import open_draft
from drafts.types import draft_types
from tests.support.browser import breaches
from workspaces.access import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext, Page, Request, Route

    from workspaces.access import Actor

# Longer than the page waits for an answer before it sends again: a request that begins while the
# network is switched off or on may hang that long.
PATIENCE = 30_000
LOG = """
window.__states = [];
const watch = () => {
  const element = document.getElementById('save-state');
  if (!element) return;
  const note = () => window.__states.push([element.dataset.state, performance.now()]);
  note();
  new MutationObserver(note).observe(element, {attributes: true, attributeFilter: ['data-state']});
};
document.addEventListener('DOMContentLoaded', watch);
window.__shifts = [];
new PerformanceObserver((list) => {
  for (const e of list.getEntries()) window.__shifts.push(e.value);
}).observe({type: 'layout-shift', buffered: true});
"""


def faults(text: str) -> list[str]:
    """``text`` of an exception, unless the browser only says that it cut an animation short."""
    return [] if "Transition was " in text else [text]


class Seat:
    """One tab and what was seen in it."""

    def __init__(self, context: BrowserContext, actor: Actor, draft_id: str) -> None:
        self.context, self.actor, self.draft_id = context, actor, draft_id
        self.kind = draft_types.get("machine")
        self.complaints: list[str] = []
        self.saves: list[Request] = []
        self.page: Page = self.new_page()

    def new_page(self) -> Page:
        page = self.context.new_page()
        page.add_init_script(LOG)
        page.on("pageerror", lambda error: self.complaints.extend(faults(str(error))))
        page.on("console", lambda message: self.complaints.extend(breaches(message.text)))
        page.on("request", self._seen)
        return page

    def _seen(self, request: Request) -> None:
        if request.method == "POST" and "patch_id" in (request.post_data or ""):
            self.saves.append(request)

    @property
    def base(self) -> str:
        return f"/w/{self.actor.workspace.slug}/machines/draft/{self.draft_id}/"

    def open(self, step: str = "basics/") -> None:
        self.page.goto(self.base + step)
        if self.page.locator("#draft-saver").count():
            self.page.wait_for_function("window.__states.length > 0")

    @property
    def data(self) -> dict[str, Any]:
        """The document as the server has it."""
        return open_draft(self.actor, self.kind, self.draft_id, Role.VIEWER).data

    def patch(self, actor: Actor, data: dict[str, Any]) -> None:
        """Somebody changes the draft by other means."""
        editing.patch(actor, self.kind, self.draft_id, data)

    @property
    def state(self) -> str:
        return str(self.page.get_attribute("#save-state", "data-state"))

    def wait_for(self, *states: str, timeout: float = PATIENCE) -> None:
        """Until the indicator shows one of ``states``; a failure tells what it showed meanwhile."""
        try:
            self.page.wait_for_function(
                "(states) => states.includes(document.getElementById('save-state').dataset.state)",
                arg=list(states),
                timeout=timeout,
            )
        except sync_api.TimeoutError as error:
            now = self.page.evaluate("performance.now()")
            shown = self.page.evaluate("window.__states")
            error.add_note(f"Shown so far: {shown}; now {now}; sent {len(self.saves)}.")
            raise

    def wait_saved(self, timeout: float = PATIENCE) -> None:
        self.wait_for("saved", "invalid", timeout=timeout)

    def field(self, name: str) -> str:
        return f'#step-form [name="{name}"]'

    def type(self, name: str, text: str, delay: float = 0) -> None:
        self.page.focus(self.field(name))
        self.page.keyboard.press("End")
        self.page.keyboard.type(text, delay=delay)

    @contextmanager
    def on_its_way(self, name: str, text: str) -> Iterator[None]:
        """Inside the block ``text`` is typed at the end of a field and its save has left the page;
        after the block it arrives."""
        held: list[Route] = []
        saves = f"**{self.base}**"

        def hold(route: Route) -> None:
            if route.request.method == "POST":
                held.append(route)
            else:
                route.fallback()

        self.page.route(saves, hold)
        with self.page.expect_request(lambda each: each.method == "POST"):
            self.type(name, text)
        yield
        for route in held:
            route.continue_()
        self.page.unroute(saves)

    def collide(self, other: Actor, name: str, mine: str, theirs: str) -> None:
        """Type ``mine`` at the end of a field; before its save arrives, ``other`` makes ``theirs``
        of it: a conflict."""
        with self.on_its_way(name, mine):
            self.patch(other, {name: theirs})
        self.wait_for("conflict")

    def states(self) -> list[str]:
        return [name for name, _at in self.page.evaluate("window.__states")]
