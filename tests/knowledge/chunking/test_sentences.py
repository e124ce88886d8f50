"""Where sentences end."""

from __future__ import annotations

import pytest

from knowledge.chunking.sentences import sentences


@pytest.mark.parametrize(
    "expected",
    [
        ["One.", "Two!", "Three?", "Four"],
        ["Dr. Smith paid $3.50 to J. Doe, e.g. for Fig. 3.", "Then he left."],
        ["He said no.", "Nobody knew of No. 5 then."],
        ['"Is it?" he asked.', '"It is."', "(So it was.)", "Good."],
        ["It ends…", "Or does it?!", "Yes."],
        ["See www.example.com/a.b for version 1.2.3 now.", "Done."],
        ["As shown before.[3]", "Others disagree."],
        ["Das kostet z.B. 5 Euro.", "Prof. Huber zahlt ca. 3."],
        ["Intro:", "- first point", "- second, still", "* third"],
        ["1. Open it. ", "2. Close it."],
        ["这是第一句话。", "这是第二句！", "「对吗？」", "对。"],
        ["Wrapped\nlines go on.", "New one."],
        ["Q: Why", "A: Because"],
    ],
    ids=lambda e: e[0],
)
def test_sentences_are_found(expected: list[str]) -> None:
    wide = expected[0].startswith("这")
    text = ("" if wide else "\n" if _items(expected) else " ").join(expected)
    assert [text[a:b] for a, b in sentences(text, 0, len(text))] == [s.strip() for s in expected]


def _items(expected: list[str]) -> bool:
    return expected[1][:2] in ("- ", "2.", "A:")
