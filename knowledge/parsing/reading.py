"""Finds the format of a file, has it read and cleans what comes. Runs in the child only."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from knowledge.parsing import refusals
from knowledge.parsing.cleaning import cleaned
from knowledge.parsing.errors import UnreadableError
from knowledge.parsing.formats import FORMATS

if TYPE_CHECKING:
    from knowledge.parsing.formats import Listed
    from knowledge.parsing.formats.base import Format
    from knowledge.texts import Parsed

HEAD = 4096
EMPTY = "The file is empty."
NO_TEXT = "The file holds no text."
WRONG_NAME = (
    "The file is called {0}, but what is in it is something else or damaged. "
    "Save it as {0} again, or give it the name of what it is."
)


def read(path: Path, name: str) -> Parsed:
    """What is in the file at ``path`` that was brought as ``name``. Raises ``UnreadableError``."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        raise UnreadableError(EMPTY)
    parsed = cleaned(_format_of(head, path, PurePath(name).suffix.lower()).read(path, name))
    if not parsed.pages:
        raise UnreadableError(NO_TEXT)
    return parsed


def _format_of(head: bytes, path: Path, extension: str) -> Format:
    """By content where that says it, else by extension."""
    if found := _fitting(head, path):
        return found
    if words := refusals.by_content(head, path):
        raise UnreadableError(words)
    listed = next((each for each in FORMATS if extension in each.extensions), None)
    if listed is None:
        raise UnreadableError(refusals.by_extension(head, extension))
    _check_name(listed, head, extension)
    return listed.load()


def _fitting(head: bytes, path: Path) -> Format | None:
    signed = (each for each in FORMATS if each.signature and each.signature in head)
    formats = (each.load() for each in signed)
    return next((each for each in formats if each.fits(head, path)), None)


def _check_name(listed: Listed, head: bytes, extension: str) -> None:
    """Raise ``UnreadableError`` if the name promises what the content cannot be."""
    is_archive = head.startswith(refusals.ZIP) and listed.signature != refusals.ZIP
    if is_archive or listed.signature not in head:
        raise UnreadableError(WRONG_NAME.format(extension))
