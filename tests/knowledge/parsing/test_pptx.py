"""Presentations: a page for each slide that is shown, in the order of the show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from knowledge.parsing.errors import UnreadableError
from knowledge.parsing.formats.pptx import Pptx
from tests.knowledge.parsing.archives import archive, relations

if TYPE_CHECKING:
    from pathlib import Path


def shape(*texts: str, kind: str = "") -> str:
    holder = f'<ph type="{kind}"/>' if kind else ""
    paragraphs = "".join(f"<a:p><a:r><a:t>{text}</a:t></a:r></a:p>" for text in texts)
    return f"<sp><nvSpPr><nvPr>{holder}</nvPr></nvSpPr><txBody>{paragraphs}</txBody></sp>"


def slide(*shapes: str, show: str = "1") -> str:
    return f'<sld xmlns:a="urn:a" show="{show}"><spTree>{"".join(shapes)}</spTree></sld>'


def presentation(path: Path, slides: dict[str, str], **parts: str) -> Path:
    entries = "".join(f'<sldId id="9" r:id="{name}"/>' for name in slides)
    targets = {name: ("slide", f"slides/{name}.xml") for name in reversed(slides)}
    members = {
        "ppt/presentation.xml": f'<p xmlns:r="urn:r"><sldIdLst>{entries}</sldIdLst></p>',
        "ppt/_rels/presentation.xml.rels": relations(targets),
    }
    members |= {f"ppt/slides/{name}.xml": content for name, content in slides.items()}
    for name, content in parts.items():
        members[f"ppt/notes/{name}.xml"] = content
        members[f"ppt/slides/_rels/{name}.xml.rels"] = relations(
            {"n": ("notesSlide", f"../notes/{name}.xml")}
        )
    return archive(path, members)


def test_slides_are_read_in_the_order_of_the_show(tmp_path: Path) -> None:
    a, b, c, d = (f"<tc><txBody><a:p><a:t>{each}</a:t></a:p></txBody></tc>" for each in "abcd")
    table = f"<tbl><tr>{a}{b}</tr><tr>{c}{d}</tr></tbl>"
    path = presentation(
        tmp_path / "a",
        {
            "zwei": slide(shape("Body", "More", kind="body"), shape("First", kind="title")),
            "eins": slide(shape("7", kind="sldNum"), f"<grpSp>{shape('Free')}</grpSp>", table),
            "drei": slide(shape("Hidden"), show="0"),
        },
        zwei=slide(shape("Say this"), shape("2", kind="sldNum")),
    )
    pages = Pptx().read(path, "a").pages
    assert [(page.number, page.title, page.text) for page in pages] == [
        (1, "First", "# First\n\n- Body\n- More\n\nNotes: Say this"),
        (2, "", "Free\n\n| a | b |\n| --- | --- |\n| c | d |"),
    ]
    assert Pptx().fits(b"PK", path)


@pytest.mark.parametrize("hostile", ["<a>" * 50_000, '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'])
def test_hostile_slides_are_refused(tmp_path: Path, hostile: str) -> None:
    path = presentation(tmp_path / "a", {"one": hostile})
    with pytest.raises(UnreadableError):
        Pptx().read(path, "a")
