"""The file formats that can be read. To add one: a file in this folder and its line here.

What the choice of a format needs stands here as data: importing what reads a format takes time,
and a process reads one file only.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from knowledge.parsing.formats.base import Format


@dataclass(frozen=True)
class Listed:
    """A format's class as ``module.Class``, and its extensions. ``signature`` is what stands near
    the beginning of each of its files; text has none."""

    path: str
    extensions: tuple[str, ...]
    signature: bytes = b""

    def load(self) -> Format:
        module, _, name = self.path.partition(".")
        return cast("Format", getattr(import_module(f"{__name__}.{module}"), name)())


FORMATS = (
    Listed("pdf.Pdf", (".pdf",), b"%PDF-"),
    Listed("docx.Docx", (".docx", ".docm", ".dotx"), b"PK\x03\x04"),
    Listed("pptx.Pptx", (".pptx", ".pptm", ".ppsx"), b"PK\x03\x04"),
    Listed("xlsx.Xlsx", (".xlsx", ".xlsm", ".xltx"), b"PK\x03\x04"),
    Listed("epub.Epub", (".epub",), b"PK\x03\x04"),
    Listed("html.Html", (".html", ".htm", ".xhtml")),
    Listed("comma_separated.CommaSeparated", (".csv", ".tsv", ".tab")),
    Listed("json_data.JsonData", (".json", ".jsonl", ".ndjson")),
    Listed("markdown.Markdown", (".md", ".markdown")),
    Listed("plain_text.PlainText", (".txt", ".text", ".log")),
)
EXTENSIONS = tuple(extension for each in FORMATS for extension in each.extensions)
