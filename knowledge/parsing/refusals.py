"""Files that are known but not read: what to tell the person who brought one."""

from __future__ import annotations

import mmap
from typing import TYPE_CHECKING

from knowledge.parsing.formats import FORMATS

if TYPE_CHECKING:
    from pathlib import Path

NEWER = "{} is not read. Save it as {} and bring that."
IMAGE = "The file is an image. Run text recognition on it and bring the text it gives."
ARCHIVE = "The file is an archive. Unpack it and bring the files in it."
PROGRAM = "The file is a program. Only documents are read."
MEDIA = "The file is a recording. Bring what is said in it as text."
MAIL = "The file is an e-mail. Save its text, or its attachments, and bring those."
PASSWORD = "The file is protected with a password. Save it without one and bring that."  # noqa: S105
RTF = NEWER.format("Rich text (.rtf)", ".docx")
OLD = {
    "WordDocument": NEWER.format("The old format of Word (.doc)", ".docx"),
    "Workbook": NEWER.format("The old format of Excel (.xls)", ".xlsx"),
    "PowerPoint Document": NEWER.format("The old format of PowerPoint (.ppt)", ".pptx"),
    "EncryptedPackage": PASSWORD,
    "__nameid_version1.0": MAIL,
}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SIGNATURES = (
    (b"{\\rtf", RTF),
    (b"\x89PNG\r\n\x1a\n", IMAGE),
    (b"\xff\xd8\xff", IMAGE),
    (b"GIF87a", IMAGE),
    (b"GIF89a", IMAGE),
    (b"II*\0", IMAGE),
    (b"MM\0*", IMAGE),
    (b"\x1f\x8b", ARCHIVE),
    (b"BZh91AY&SY", ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", ARCHIVE),
    (b"\xfd7zXZ\0", ARCHIVE),
    (b"Rar!\x1a\x07", ARCHIVE),
    (b"\x7fELF", PROGRAM),
    (b"MZ\x90\0", PROGRAM),
    (b"\xcf\xfa\xed\xfe", PROGRAM),
    (b"ID3", MEDIA),
    (b"OggS", MEDIA),
    (b"fLaC\0", MEDIA),
)
ZIP = b"PK\x03\x04"
# The first file of an OpenDocument is its media type, not compressed.
OPEN_DOCUMENTS = (
    (b"opendocument.text", NEWER.format("OpenDocument text (.odt)", ".docx or .pdf")),
    (b"opendocument.spreadsheet", NEWER.format("An OpenDocument sheet (.ods)", ".xlsx")),
    (b"opendocument.presentation", NEWER.format("OpenDocument slides (.odp)", ".pptx")),
)
BY_EXTENSION = {
    ".doc": OLD["WordDocument"],
    ".dot": OLD["WordDocument"],
    ".xls": OLD["Workbook"],
    ".ppt": OLD["PowerPoint Document"],
    ".rtf": RTF,
    ".eml": MAIL,
    ".msg": MAIL,
    ".odt": OPEN_DOCUMENTS[0][1],
    ".ods": OPEN_DOCUMENTS[1][1],
    ".odp": OPEN_DOCUMENTS[2][1],
    ".pages": NEWER.format("The format of Pages (.pages)", ".docx or .pdf"),
    ".numbers": NEWER.format("The format of Numbers (.numbers)", ".xlsx"),
    ".key": NEWER.format("The format of Keynote (.key)", ".pptx or .pdf"),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".gif", ".tif", ".tiff", ".bmp", ".webp"), IMAGE),
    **dict.fromkeys((".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar"), ARCHIVE),
    **dict.fromkeys((".exe", ".dll", ".so", ".msi", ".app", ".bin"), PROGRAM),
    **dict.fromkeys((".mp3", ".mp4", ".wav", ".ogg", ".mov", ".avi", ".mkv", ".webm"), MEDIA),
}


def by_content(head: bytes, path: Path) -> str:
    """Why a file that begins with ``head`` is not read; empty if nothing speaks against it."""
    if head.startswith(OLE):
        return _compound(path)
    if head.startswith(b"RIFF"):
        return IMAGE if head[8:12] == b"WEBP" else MEDIA
    if head.startswith(ZIP):
        return next((words for kind, words in OPEN_DOCUMENTS if kind in head[:200]), "")
    return next((words for start, words in SIGNATURES if head.startswith(start)), "")


def by_extension(head: bytes, extension: str) -> str:
    """Why a file called so is not read, when nothing is known that reads it."""
    known = BY_EXTENSION.get(extension) or (ARCHIVE if head.startswith(ZIP) else "")
    return known or f"Files of this kind are not read. {kinds()}"


def kinds() -> str:
    """The formats that are read, each by its most common extension."""
    return f"Files that are read: {', '.join(sorted(each.extensions[0] for each in FORMATS))}."


def _compound(path: Path) -> str:
    """Old office files and new ones with a password share a container; its parts tell which."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        for part, words in OLD.items():
            if content.find(part.encode("utf-16-le")) >= 0:
                return words
    return f"Files of this kind are not read. {kinds()}"
