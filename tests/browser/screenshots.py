"""Writes a picture of every page in light, dark and phone size: ``make screenshots``.

For people to look at, so it is not part of the suite. The folder is the environment variable
``SCREENSHOTS``, by default ``screenshots/``, which is not kept.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from django.conf import settings
from playwright.sync_api import ViewportSize

from tests.browser.scene import scene, signed_in_pages, signed_out_pages
from tests.support.browser import sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

    from tests.browser.scene import Scene
    from tests.support.live import Live

__all__ = ["scene"]

Theme = Literal["light", "dark"]

FOLDER = Path(os.environ.get("SCREENSHOTS", settings.BASE_DIR / "screenshots"))
STYLEGUIDE = {"styleguide": "/styleguide/", "styleguide-builder": "/styleguide/builder/"}


NEEDED_HEIGHT = """() => {
  const hidden = (each) => each.scrollHeight - each.clientHeight;
  const form = document.querySelector(".builder-form");
  return innerHeight + hidden(document.documentElement) + (form ? hidden(form) : 0);
}"""
DESKTOP = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=375, height=812)
SIZES: dict[str, tuple[ViewportSize, Theme]] = {
    "light": (DESKTOP, "light"),
    "dark": (DESKTOP, "dark"),
    "phone": (PHONE, "light"),
    "phone-dark": (PHONE, "dark"),
}


@pytest.mark.parametrize("size", SIZES)
def test_pictures(browser: Browser, live: Live, scene: Scene, size: str) -> None:
    viewport, theme = SIZES[size]
    context = browser.new_context(base_url=live.url, viewport=viewport, color_scheme=theme)
    take(context, signed_out_pages() | STYLEGUIDE, size)
    sign_in(context, live, scene.owner)
    take(context, signed_in_pages(scene), size)
    context.close()


def take(context: BrowserContext, pages: dict[str, str], size: str) -> None:
    """One picture of each page, on a screen as high as the page and its form need."""
    page = context.new_page()
    width = SIZES[size][0]["width"]
    for name, path in pages.items():
        page.set_viewport_size(SIZES[size][0])
        page.goto(path)
        page.wait_for_load_state("load")
        page.set_viewport_size({"width": width, "height": page.evaluate(NEEDED_HEIGHT)})
        page.screenshot(path=FOLDER / size / f"{name}.png")
    page.close()
