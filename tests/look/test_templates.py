"""What no template may hold: the content security policy forbids it, or htmx evaluates it."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SPRITE = ROOT / "static" / "icons" / "sprite.svg"
FORBIDDEN = {
    "an inline style": re.compile(r"<style|\sstyle\s*="),
    "an inline script": re.compile(r"<script(?![^>]*(\ssrc=|type=\"application/json\"))"),
    "an inline handler": re.compile(r"\son[a-z]+\s*="),
    "hx-on": re.compile(r"\shx-on"),
    "hx-vals that are evaluated": re.compile(r"hx-(vals|headers)[^=]*=\s*[\"']\s*js(avascript)?:"),
    "a filter in hx-trigger": re.compile(r"hx-trigger=\"[^\"]*\["),
}
ICON_IN_TEMPLATE = re.compile(
    r"components/icon\.html\" with [^%]*?\bname=\"([\w-]+)\"|\bicon(?:_end)?=\"([\w-]+)\""
)
ICON_IN_CODE = re.compile(r"\bicon=\"([\w-]+)\"")


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_holds(what: str) -> None:
    found = [
        f"{file.relative_to(ROOT)}: {match[0].strip()}"
        for file in TEMPLATES
        for match in FORBIDDEN[what].finditer(file.read_text())
    ]
    assert not found


def test_every_icon_is_in_the_sprite() -> None:
    known = set(re.findall(r'<symbol id="([\w-]+)"', SPRITE.read_text()))
    templates = {
        name for file in TEMPLATES for found in ICON_IN_TEMPLATE.findall(file.read_text())
        for name in found if name
    }  # fmt: skip
    code = {
        name for file in ROOT.glob("*/**/*.py") if ".venv" not in file.parts
        for name in ICON_IN_CODE.findall(file.read_text())
    }  # fmt: skip
    assert templates | code <= known
