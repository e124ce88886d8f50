"""What a page costs its visitor, measured in the browser itself."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, CDPSession

# A phone as Lighthouse imagines one: a quarter of the speed, a slow mobile network.
SLOWER = 4
SLOW_NETWORK = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
OBSERVE = """
window.__vitals = {blocked: 0, longest: 0, shift: 0, largest: 0};
const seen = (type, take) => new PerformanceObserver((list) => list.getEntries().forEach(take))
  .observe({type, buffered: true});
seen("longtask", ({duration}) => {
  __vitals.blocked += duration - 50;
  __vitals.longest = Math.max(__vitals.longest, duration);
});
seen("layout-shift", ({value}) => { __vitals.shift += value; });
seen("largest-contentful-paint", ({startTime}) => { __vitals.largest = startTime; });
"""
READ = """() => ({
  ...__vitals,
  first: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0,
})"""
QUIET_MS = 400


@dataclass
class Load:
    """One load of a page with an empty cache. Times in milliseconds."""

    first: float = 0
    largest: float = 0
    blocked: float = 0
    longest: float = 0
    shift: float = 0
    weight: dict[str, int] = field(default_factory=dict)
    hosts: set[str] = field(default_factory=set)


def load(context: BrowserContext, url: str, *, slowly: bool = False) -> Load:
    """Load ``url`` as a new visitor and wait until nothing happens any more."""
    page = context.new_page()
    page.add_init_script(OBSERVE)
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    if slowly:
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        session.send("Network.emulateNetworkConditions", SLOW_NETWORK)
    found = Load()
    _weigh(session, found)
    page.goto(url, wait_until="networkidle")
    page.wait_for_timeout(QUIET_MS)
    vitals: dict[str, Any] = page.evaluate(READ)
    for name, value in vitals.items():
        setattr(found, name, value)
    page.close()
    return found


def _weigh(session: CDPSession, found: Load) -> None:
    """Add up what comes over the wire, by kind."""
    kinds: dict[str, str] = {}

    def answered(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = event["type"]
        found.hosts.add(event["response"]["url"].split("/")[2])

    def finished(event: dict[str, Any]) -> None:
        kind = kinds.get(event["requestId"], "")
        found.weight[kind] = found.weight.get(kind, 0) + int(event["encodedDataLength"])

    session.on("Network.responseReceived", answered)
    session.on("Network.loadingFinished", finished)


def best(loads: list[Load]) -> Load:
    """The quietest of several loads: a busy machine makes a page slower, never faster."""
    return min(loads, key=lambda each: (each.blocked, each.largest))


def zipped(text: str) -> int:
    return len(gzip.compress(text.encode()))
