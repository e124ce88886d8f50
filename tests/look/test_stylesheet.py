"""The one stylesheet that pages load."""

from __future__ import annotations

import gzip
import os
import re
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.staticfiles import finders

from privexbot.stylesheet import bundle

if TYPE_CHECKING:
    from pathlib import Path

BUDGET = 15 * 1024
REMARKS = re.compile(r"/\*.*?\*/|url\([^)]*\)|\"[^\"]*\"", re.DOTALL)
PRODUCT = (
    "common",
    "workspaces",
    "drafts",
    "conversations",
    "channels_deploy",
    "webhooks",
    "assistants",
    "chatbots",
    "chatflows",
)
# By htmx, and by the canvas, beside whose tools stands the way to the list.
MADE_ELSEWHERE = {"htmx-request", "canvas-tools"}
# What shows the components, what mends the look of Swagger UI and of Django's admin, and the
# canvas, which is built with what it draws.
OTHERS = {"styleguide.css", "api_docs.css", "admin.css", "canvas.css"}


def test_it_holds_every_import_in_its_layer() -> None:
    css = bundle(settings.BASE_DIR / "static" / "css" / "index.css")
    assert "@import" not in css
    assert css.startswith("@layer reset, tokens, base, layout, components, utilities;")
    for layer, rule in (("tokens", "--accent: #4f46e5"), ("components", "\n.icon-button {")):
        assert css.index(f"@layer {layer}{{") < css.index(rule)


def test_all_styles_together_keep_within_the_budget() -> None:
    folder = settings.BASE_DIR / "static" / "css"
    pages = [folder / "builder.css"]
    css = bundle(folder / "index.css") + "".join(file.read_text() for file in pages)
    assert len(gzip.compress(css.encode())) <= BUDGET


def test_every_class_is_used_by_the_product() -> None:
    """The style guide shows what there is; a class that only it uses is used by nobody."""
    root = settings.BASE_DIR
    rules = "".join(
        REMARKS.sub("", file.read_text())
        for file in (root / "static" / "css").rglob("*.css")
        if file.name not in OTHERS
    )
    sources = [
        *(root / "templates").rglob("*.html"),
        *(file for each in ("app", "builder", "palette", "variables", "rows", "flow_runs")
          for file in (root / "frontend" / each).rglob("*.ts")),
        *(file for app in PRODUCT for file in (root / app).rglob("*.py")),
    ]  # fmt: skip
    words = {
        word
        for file in sources
        if "styleguide" not in str(file)
        for word in re.findall(r"[\w-]+", file.read_text())
    }
    assert set(re.findall(r"\.([a-z][\w-]*)", rules)) - words == MADE_ELSEWHERE


def test_the_finder_makes_it_anew_when_a_source_is_newer() -> None:
    found = finders.find("css/app.css")
    assert isinstance(found, str)
    os.utime(found, (0, 0))
    assert finders.find("css/app.css") == found
    assert os.stat(found).st_mtime > 0  # noqa: PTH116


def test_imports_are_relative_to_the_index(tmp_path: Path) -> None:
    (tmp_path / "one.css").write_text("/* a remark */\n.one { color: red; }\n")
    index = tmp_path / "index.css"
    index.write_text('@layer a;\n@import url("one.css") layer(a);\n')
    assert bundle(index) == "@layer a;\n@layer a{\n.one { color: red; }\n}\n"
