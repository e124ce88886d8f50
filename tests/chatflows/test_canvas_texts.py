"""The words of the canvas are the server's, by the names that its script knows."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.utils.translation import override

from chatflows.canvas_texts import canvas_texts

NAMES = Path(settings.BASE_DIR, "frontend/canvas/texts.ts")


def test_both_sides_know_the_same_texts() -> None:
    listed = NAMES.read_text().partition("export type TextName =")[2].partition(";")[0]
    with override("en"):
        texts = canvas_texts()
    assert re.findall(r'"(\w+)"', listed) == list(texts)
    assert all(texts.values())
