"""Archives made to harm are refused before anything of them is unpacked."""

from __future__ import annotations

import stat
import struct
import zipfile
from typing import TYPE_CHECKING

import pytest

from knowledge.parsing.errors import UnreadableError
from knowledge.parsing.zip_guard import MAX_MEMBERS, GuardedZip, holds
from tests.knowledge.parsing.archives import archive

if TYPE_CHECKING:
    from pathlib import Path

MIB = 1024 * 1024


def read_all(path: Path) -> list[bytes]:
    with GuardedZip(path) as opened:
        return [opened.read(name) for name in opened.names]


def refused(path: Path) -> str:
    with pytest.raises(UnreadableError) as caught:
        read_all(path)
    return str(caught.value)


def test_members_are_read_by_name(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.docx", {"word\\document.xml": "x", "other": "y"})
    with GuardedZip(path) as opened:
        assert "word/document.xml" in opened
        assert opened.read("word/document.xml") == b"x"
        with pytest.raises(UnreadableError, match="missing"):
            opened.read("nothing")
    assert holds(path, b"PK", "word/")
    assert not holds(path, b"PK", "ppt/")


@pytest.mark.parametrize(
    "name", ["../up", "a/../../up", "/etc/passwd", "C:/windows", "C:\\windows", "..\\up"]
)
def test_names_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    assert "not opened" in refused(archive(tmp_path / "a", {name: "x"}))


def test_links_are_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("word/document.xml")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a", "w") as file:
        file.writestr(link, "/etc/passwd")
    assert "not opened" in refused(tmp_path / "a")


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    members = {f"{number}": "" for number in range(MAX_MEMBERS + 1)}
    assert "2,000 files" in refused(archive(tmp_path / "a", members))


def test_an_endless_directory_is_refused_before_it_is_read(tmp_path: Path) -> None:
    members = {f"{number:0250}": "" for number in range(10_000)}
    assert "2,000 files" in refused(archive(tmp_path / "a", members))


def test_a_bomb_is_refused_by_its_ratio(tmp_path: Path) -> None:
    assert "far more" in refused(archive(tmp_path / "a", {"bomb": b"\0" * (30 * MIB)}))


def test_a_bomb_is_refused_by_its_sum(tmp_path: Path) -> None:
    members = {f"{number}": b"\0" * (4 * MIB) for number in range(60)}
    assert "far more" in refused(archive(tmp_path / "a", members))


def test_a_member_that_is_longer_than_it_says_is_damaged(tmp_path: Path) -> None:
    path = archive(tmp_path / "a", {"bomb": b"\0" * (30 * MIB)})
    raw = path.read_bytes()
    path.write_bytes(raw.replace(struct.pack("<L", 30 * MIB), struct.pack("<L", 1000)))
    assert "damaged" in refused(path)


def test_encrypted_members_are_refused(tmp_path: Path) -> None:
    raw = bytearray(archive(tmp_path / "a", {"x": "y"}).read_bytes())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "a").write_bytes(raw)
    assert "password" in refused(tmp_path / "a")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_unusual_packing_is_refused(tmp_path: Path, method: int) -> None:
    with zipfile.ZipFile(tmp_path / "a", "w", method) as file:
        file.writestr("x", "y")
    assert "packed in a way" in refused(tmp_path / "a")


@pytest.mark.parametrize("raw", [b"", b"PK", b"PK\x03\x04" + b"x" * 500, b"not a zip at all"])
def test_what_is_no_archive_is_damaged(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "a").write_bytes(raw)
    assert "damaged" in refused(tmp_path / "a")


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_half_an_archive_is_damaged(tmp_path: Path, share: float) -> None:
    path = archive(tmp_path / "a", {f"{number}": "words " * 50 for number in range(20)})
    raw = path.read_bytes()
    path.write_bytes(raw[: int(len(raw) * share)])
    assert "damaged" in refused(path)


def test_old_office_files_say_so(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600)
    assert "old Office format" in refused(tmp_path / "a")
