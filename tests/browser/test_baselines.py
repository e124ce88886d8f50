"""Number 30 of the interface's checklist: what every component looks like changes on purpose only.

The pictures in ``baselines/`` hold the style guide, which shows each component in every state, and
the sign-in. ``make baselines`` draws them anew; look at them before they are committed. Another
Chromium draws letters in another way, so it is only asked when its version is the pictures' own.
"""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.support.live import Live

BASELINES = Path(__file__).parent / "baselines"
VERSION = BASELINES / "chromium-version.txt"
PAGES = {
    "components": "/styleguide/",
    "builder": "/styleguide/builder/",
    "sign-in": "/accounts/login/",
}
WIDTHS = {"desktop": 1280, "phone": 375}
MOST_CHANGED = 0.001
# The share of pixels that differ by more than what smoothing of an edge may; 1 for another size.
CHANGED = """async ([before, after]) => {
  const read = async (data) => {
    const image = await createImageBitmap(await (await fetch(data)).blob());
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, image.width, image.height);
  };
  const [a, b] = [await read(before), await read(after)];
  if (a.width !== b.width || a.height !== b.height) return 1;
  let changed = 0;
  for (let at = 0; at < a.data.length; at += 4)
    if ([0, 1, 2].some((channel) => Math.abs(a.data[at + channel] - b.data[at + channel]) > 24))
      changed++;
  return changed / (a.width * a.height);
}"""


@pytest.mark.parametrize(("theme", "width"), [("light", "desktop"), ("dark", "phone")])
def test_nothing_looks_different(
    browser: Browser, live: Live, theme: Literal["light", "dark"], width: str
) -> None:
    drawn = pictures(browser, live, theme, WIDTHS[width])
    files = {name: BASELINES / f"{name}-{theme}-{width}.png" for name in PAGES}
    if "UPDATE_BASELINES" in os.environ:
        keep({files[name]: picture for name, picture in drawn.items()}, browser.version)
    if VERSION.read_text().strip() != browser.version:
        pytest.skip(f"the pictures were drawn by Chromium {VERSION.read_text().strip()}")
    page = browser.new_page()
    shares = {
        name: page.evaluate(CHANGED, [as_url(files[name].read_bytes()), as_url(picture)])
        for name, picture in drawn.items()
    }
    page.close()
    assert {name: share for name, share in shares.items() if share > MOST_CHANGED} == {}


def pictures(
    browser: Browser, live: Live, theme: Literal["light", "dark"], width: int
) -> dict[str, bytes]:
    """Each page from top to bottom, with nothing that moves."""
    context = browser.new_context(
        base_url=live.url,
        color_scheme=theme,
        reduced_motion="reduce",
        viewport={"width": width, "height": 800},
    )
    page, drawn = context.new_page(), {}
    for name, path in PAGES.items():
        page.goto(path)
        page.evaluate("document.fonts.ready")
        drawn[name] = page.screenshot(full_page=True, animations="disabled")
    context.close()
    return drawn


def keep(drawn: dict[Path, bytes], version: str) -> None:
    BASELINES.mkdir(exist_ok=True)
    VERSION.write_text(version + "\n")
    for path, picture in drawn.items():
        path.write_bytes(picture)


def as_url(picture: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(picture).decode()}"
