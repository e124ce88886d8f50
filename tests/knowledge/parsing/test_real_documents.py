"""Real and awkward documents, where the set of them is at hand: what must be found in each."""

from __future__ import annotations

import csv
import json
import os
import re
from pathlib import Path

import pytest
from django.conf import settings

from knowledge.parsing.formats.comma_separated import CommaSeparated
from knowledge.parsing.formats.docx import Docx
from knowledge.parsing.formats.html import Html
from knowledge.parsing.formats.pptx import Pptx
from knowledge.parsing.formats.xlsx import Xlsx

DATA = Path(os.environ.get("PRIVEXBOT_DATA_SETS", settings.BASE_DIR.parent / "shared" / "data"))
DOCUMENTS = DATA / "ingest-docs"
FORMATS = {
    extension: kind
    for kind in (Docx(), Pptx(), Xlsx(), CommaSeparated(), Html())
    for extension in kind.extensions
}


@pytest.mark.skipif(not DOCUMENTS.is_dir(), reason="the set of real documents is not there")
def test_real_documents_are_read() -> None:
    silent: list[str] = []
    missed: list[str] = []
    phrases = 0
    with (DOCUMENTS / "MANIFEST.tsv").open(newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            kind = FORMATS.get(Path(row["file"]).suffix)
            if kind is None:
                continue
            pages = kind.read(DOCUMENTS / row["file"], row["file"]).pages
            text = words(" ".join(page.text for page in pages))
            if row["expect"].startswith("text") and not text:
                silent.append(row["file"])
            wanted = json.loads(row["phrases"] or "[]")
            phrases += len(wanted)
            missed += [phrase for phrase in wanted if words(phrase) not in text]
    assert not silent
    assert len(missed) <= 0.03 * phrases


def words(text: str) -> str:
    """Without punctuation, which is markup as often."""
    return " ".join(re.findall(r"\w+", text))
