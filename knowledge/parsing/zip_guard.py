"""Opens the zip files that office documents and e-books are, and refuses those made to harm."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from typing import IO, TYPE_CHECKING, Self

from knowledge.parsing.errors import UnreadableError

if TYPE_CHECKING:
    from pathlib import Path

MAX_MEMBERS = 2_000
MAX_TOTAL_BYTES = 200 * 1024 * 1024
# Text packs to a tenth, a sheet full of zeros to a hundredth; only a bomb goes far beyond.
MAX_RATIO = 200
RATIO_MATTERS_FROM = 4 * 1024 * 1024
# All that is known of 2,000 members, with long names, is less than this.
MAX_DIRECTORY_BYTES = 2 * 1024 * 1024

# Zip knows others; only these are used by documents, and only their reader gives back no more
# than it was asked for.
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
ENCRYPTED = 0x1

END = b"PK\x05\x06"
END_BYTES = 22
END_64 = b"PK\x06\x06"
END_64_BYTES = 56
LOCATOR_64 = b"PK\x06\x07"
LOCATOR_64_BYTES = 20
MAX_COMMENT_BYTES = 65_535

BROKEN_ZIP = (zipfile.BadZipFile, OSError, ValueError, NotImplementedError)
OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")

BROKEN = "The file is damaged: what it packs cannot be unpacked. Save it anew and add it again."
BOMB = "The file unpacks to far more than its size. Split it into smaller files."
UNSAFE = "The file packs something that no document holds, so it was not opened."
PROTECTED = "The file is protected by a password. Save it without one and add it again."
OLD = (
    "The file is protected by a password or in an old Office format. "
    "Save it without a password as DOCX, PPTX or XLSX and add it again."
)


class GuardedZip:
    """What an archive holds. Nothing is ever written to the disk."""

    def __init__(self, path: Path) -> None:
        """Raise ``UnreadableError`` unless all of the archive can be read safely."""
        _check_directory(path)
        try:
            self._zip = zipfile.ZipFile(path)
        except BROKEN_ZIP as exc:
            raise UnreadableError(BROKEN) from exc
        try:
            _check_members(self._zip.infolist())
        except UnreadableError:
            self._zip.close()
            raise
        # Some programs write the separator of Windows.
        self._names = {name.replace("\\", "/"): name for name in self._zip.namelist()}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    @property
    def names(self) -> list[str]:
        return list(self._names)

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def read(self, name: str) -> bytes:
        """A member's content; a member that is longer or shorter than it says is damaged."""
        with self.open(name) as member:
            try:
                return member.read()
            except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as exc:
                raise UnreadableError(BROKEN) from exc

    def open(self, name: str) -> IO[bytes]:
        """A member to be read piece by piece; reading may raise what ``read`` translates."""
        try:
            return self._zip.open(self._names[name])
        except KeyError as exc:
            raise UnreadableError("The file is damaged: a part of it is missing.") from exc
        except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as exc:
            raise UnreadableError(BROKEN) from exc


def holds(path: Path, head: bytes, beginning: str) -> bool:
    """Whether this is an archive with a member whose name starts so, safe or not: reading it says
    what is wrong with it."""
    if not head.startswith(b"PK"):
        return False
    try:
        _check_directory(path)
        with zipfile.ZipFile(path) as archive:
            return any(name.replace("\\", "/").startswith(beginning) for name in archive.namelist())
    except (UnreadableError, *BROKEN_ZIP):
        return False


def _check_directory(path: Path) -> None:
    """The list of members is read in one go, so its size is judged before."""
    with path.open("rb") as file:
        if file.read(len(OLD_OFFICE)) == OLD_OFFICE:
            raise UnreadableError(OLD)
        file.seek(0, 2)
        file.seek(max(0, file.tell() - MAX_COMMENT_BYTES - END_BYTES - 2 * END_64_BYTES))
        tail = file.read()
    at = len(tail) - END_BYTES
    if not (tail[at:].startswith(END) and tail.endswith(b"\0\0")):
        at = tail.rfind(END)
    if at < 0 or len(tail) < at + END_BYTES:
        raise UnreadableError(BROKEN)
    if _directory_bytes(tail, at) > MAX_DIRECTORY_BYTES:
        raise UnreadableError(f"The file packs more than {MAX_MEMBERS:,} files.")


def _directory_bytes(tail: bytes, at: int) -> int:
    locator, large = at - LOCATOR_64_BYTES, at - LOCATOR_64_BYTES - END_64_BYTES
    if large >= 0 and tail[locator:].startswith(LOCATOR_64) and tail[large:].startswith(END_64):
        return int(struct.unpack_from("<Q", tail, large + 40)[0])
    return int(struct.unpack_from("<L", tail, at + 12)[0])


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_MEMBERS:
        raise UnreadableError(f"The file packs more than {MAX_MEMBERS:,} files.")
    for member in members:
        _check_member(member)
    if sum(member.file_size for member in members) > MAX_TOTAL_BYTES:
        raise UnreadableError(BOMB)


def _check_member(member: zipfile.ZipInfo) -> None:
    name = member.filename.replace("\\", "/")
    if name.startswith("/") or ".." in name.split("/") or name[1:2] == ":":
        raise UnreadableError(UNSAFE)
    if stat.S_ISLNK(member.external_attr >> 16):
        raise UnreadableError(UNSAFE)
    if member.flag_bits & ENCRYPTED:
        raise UnreadableError(PROTECTED)
    if member.compress_type not in METHODS:
        raise UnreadableError("The file is packed in a way that documents do not use.")
    if member.file_size > max(RATIO_MATTERS_FROM, MAX_RATIO * member.compress_size):
        raise UnreadableError(BOMB)
