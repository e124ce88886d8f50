"""axe-core in a page: what it finds against WCAG 2.2 AA and its best practices."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

SOURCE = Path(__file__).parent / "vendored" / "axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
# What fades in is judged when it is there; where a part of the page was replaced while axe looked,
# it looks again.
RUN = """async ([tags, kind]) => {
  const ends = (each) => each.effect.getComputedTiming().endTime !== Infinity;
  await Promise.allSettled(document.getAnimations().filter(ends).map((each) => each.finished));
  let replaced = false;
  const observer = new MutationObserver(() => { replaced = true; });
  observer.observe(document.body, {childList: true, subtree: true});
  let found;
  for (let times = 0; times === 0 || (replaced && times < 5); times++) {
    replaced = false;
    found = await axe.run(document, {runOnly: {type: "tag", values: tags}});
  }
  observer.disconnect();
  return found[kind].flatMap(({id, nodes}) =>
    nodes.map(({target, failureSummary}) => `${id}: ${target.join(" ")}: ${failureSummary}`));
}"""


def violations(page: Page) -> list[str]:
    """What axe finds on ``page`` as it is now. Evaluated, so it works under the page's CSP."""
    return _run(page, "violations")


def undecided(page: Page) -> list[str]:
    """What axe leaves to a person to decide."""
    return _run(page, "incomplete")


def _run(page: Page, kind: str) -> list[str]:
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(SOURCE.read_text())
    found: list[str] = page.evaluate(RUN, [[*RULES], kind])
    return found
