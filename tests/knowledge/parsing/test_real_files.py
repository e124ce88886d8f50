"""Real and awkward documents: each does what its list expects, and its phrases are found."""

from __future__ import annotations

import csv
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

from knowledge.parsing.errors import UnreadableError
from knowledge.parsing.files import parse
from knowledge.parsing.formats import EXTENSIONS
from knowledge.parsing.sandbox import BROKE_DOWN

SETS = os.environ.get("PRIVEXBOT_DATA_SETS") or settings.BASE_DIR.parent / "shared" / "data"
FOLDER = Path(SETS) / "ingest-docs"
# What may come of a file: its text, a sentence instead, or either.
TEXT, WORDS = {"text"}, {"words"}
EXPECTED = {
    "text": TEXT,
    "empty": WORDS,
    "no-text": WORDS,
    "needs-password": WORDS,
    "error": WORDS,
}

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no documents in {FOLDER}")


@dataclass(frozen=True)
class Document:
    name: str
    expect: str
    phrases: tuple[str, ...]


def documents() -> list[Document]:
    if not FOLDER.is_dir():
        return []
    with (FOLDER / "MANIFEST.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [
            Document(row["file"], row["expect"], tuple(json.loads(row["phrases"]))) for row in rows
        ]


def outcome(document: Document) -> tuple[str, str]:
    """``text`` and all of it, or ``words`` and what was said instead."""
    try:
        parsed = parse(FOLDER / document.name, document.name)
    except UnreadableError as error:
        return "words", str(error)
    return "text", "\n".join(page.text for page in parsed.pages)


def letters(text: str) -> str:
    """Only what is read aloud: marks of Markdown and the ends of lines do not count."""
    return re.sub(r"[\W_]+", "", text).casefold()


@pytest.mark.parametrize("document", documents(), ids=lambda document: document.name)
def test_each_does_what_is_expected(document: Document) -> None:
    kind, said = outcome(document)
    assert said.strip()
    assert "\0" not in said
    assert said != BROKE_DOWN
    if Path(document.name).suffix in EXTENSIONS:
        assert kind in EXPECTED.get(document.expect, TEXT | WORDS), said
    if document.expect == "needs-password":
        assert "password" in said
    if document.expect == "no-text":
        assert "scan" in said


def test_the_phrases_are_found() -> None:
    missed, wanted = [], 0
    for document in documents():
        if not document.phrases or Path(document.name).suffix not in EXTENSIONS:
            continue
        text = letters(outcome(document)[1])
        missed += [(document.name, each) for each in document.phrases if letters(each) not in text]
        wanted += len(document.phrases)
    assert len(missed) <= 0.03 * wanted, "\n".join(f"{name}: {each}" for name, each in missed)
