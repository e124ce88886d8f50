"""What a first visit has to fetch, compressed."""

from __future__ import annotations

import gzip

from django.conf import settings

STATIC = settings.BASE_DIR / "static"
EVERY_PAGE = ("vendor/htmx-4.0.1.min.js", "js/app.js")
LATER = 10 * 1024


def weight(*names: str) -> int:
    return sum(len(gzip.compress((STATIC / name).read_bytes())) for name in names)


def test_the_scripts_of_every_page() -> None:
    assert weight(*EVERY_PAGE) <= 20 * 1024


def test_what_waits_until_it_is_asked_for() -> None:
    assert weight("js/palette.js") <= LATER


def test_the_icons() -> None:
    assert weight("icons/sprite.svg") <= LATER
