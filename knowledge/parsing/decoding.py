"""Bytes to text, whatever encoding they are in.

A mark at the beginning decides. Without one: UTF-32 and UTF-16 where every so many bytes are zero,
then UTF-8, and last the encoding the file itself names or Windows-1252.
"""

from __future__ import annotations

import codecs
import re

from knowledge.parsing.errors import UnreadableError

BINARY = (
    "The file does not hold text but binary data. Save it as text, or in one of the formats read."
)
# The longer mark first: that of UTF-32 begins as that of UTF-16 does.
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
SAMPLE = 65_536
# One part in so many may be control characters, a few in any case; with more, it is not text.
CONTROLS, FEW = 50, 4
# So much of what has single bytes is ASCII; two bytes that are one character look otherwise.
ASCII_SHARE = 0.8
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
COMMON = re.compile(r"[\t\n\r -~]")
RARE = re.compile(r"[\x00-\x08\ue000-\uf8ff\ufff0-\uffff]")


def decoded(raw: bytes, fallback: str = "cp1252") -> str:
    """``raw`` as text without a byte order mark. ``fallback`` is what the file says of itself, for
    bytes that are no Unicode. Raises ``UnreadableError`` for binary data."""
    text = _decoded(raw, fallback).removeprefix("\ufeff")
    sample = text[:SAMPLE]
    controls = len(CONTROL.findall(sample))
    if controls > FEW and controls * CONTROLS > len(sample):
        raise UnreadableError(BINARY)
    return text


def _decoded(raw: bytes, fallback: str) -> str:
    for mark, encoding in MARKS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding, "replace")
    if b"\0" in raw[:SAMPLE] and not _is_narrow(raw[:SAMPLE]) and (wide := _wide(raw)):
        return raw.decode(wide, "replace")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return _damaged(raw) or _single(raw, fallback)


def _is_narrow(sample: bytes) -> bool:
    """Whether it is text of single bytes, or UTF-8, with zeros strewn in."""
    if len(COMMON.findall(sample.decode("latin-1"))) >= ASCII_SHARE * len(sample):
        return True
    try:
        text = sample.decode()
    except UnicodeDecodeError:
        return False
    return len(CONTROL.findall(text)) * CONTROLS <= len(text)


def _wide(raw: bytes) -> str:
    """The UTF-16 or UTF-32 without a mark that ``raw`` is in, empty if it is in none."""
    sample = raw[:SAMPLE]
    scores = {each: _likeness(sample, each) for each in ("utf-32-le", "utf-32-be")}
    best = max(scores, key=scores.__getitem__)
    if scores[best] > 0:
        return best
    scores = {each: _likeness(sample, each) for each in ("utf-16-le", "utf-16-be")}
    best = max(scores, key=scores.__getitem__)
    return best if scores[best] > 0 else ""


def _likeness(sample: bytes, encoding: str) -> int:
    """How many more common characters than rare ones there are when read in ``encoding``."""
    width = 4 if "32" in encoding else 2
    try:
        text = sample[: len(sample) // width * width].decode(encoding)
    except UnicodeDecodeError as error:
        # A sample may end within a character, but not break anywhere else.
        if error.start < len(sample) - 4:
            return 0
        text = sample[: error.start].decode(encoding)
    return len(COMMON.findall(text)) - 4 * len(RARE.findall(text))


def _damaged(raw: bytes) -> str:
    """UTF-8 of which less is broken than is not; empty if it is none."""
    text = raw.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return text if sum(each > "\x7f" for each in text) > 2 * broken else ""


def _single(raw: bytes, fallback: str) -> str:
    try:
        return raw.decode(fallback, "replace")
    except (LookupError, UnicodeError):
        return raw.decode("cp1252", "replace")
