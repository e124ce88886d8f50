"""What no template may hold: the content security policy forbids it, htmx evaluates it, or the
component that it is handed to does not know it."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.template.loader_tags import IncludeNode

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
COMMENT = re.compile(r"{% comment %}.*?{% endcomment %}|{#.*?#}", re.DOTALL)
TAG = re.compile(r"{[{%](.*?)[}%]}", re.DOTALL)
INCLUDE = re.compile(r"\s*include \"([^\"]+)\"(?!.* only\s*$)")
# What a tag itself names: the parameters it hands on, and members of what it reads.
NOT_READ = re.compile(r"\b\w+=|\.\w+")


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


def reads(name: str) -> set[str]:
    """The names that the template ``name`` looks up, or a part that sees all it sees."""
    found: set[str] = set()
    for tag in TAG.findall(COMMENT.sub("", (ROOT / "templates" / name).read_text())):
        found |= set(re.findall(r"\w+", NOT_READ.sub("", tag)))
        part = INCLUDE.match(tag)
        if part and part[1] != name:
            found |= reads(part[1])
    return found


def test_a_component_is_handed_only_what_it_reads() -> None:
    unread = []
    for file in TEMPLATES:
        name = str(file.relative_to(ROOT / "templates"))
        for include in get_template(name).template.nodelist.get_nodes_by_type(IncludeNode):  # type: ignore[attr-defined]
            part = include.template.var
            if isinstance(part, str) and (
                left := {*include.extra_context} - reads(part.partition("#")[0])
            ):
                unread.append(f"{name}: {part} with {', '.join(sorted(left))}")
    assert not unread
