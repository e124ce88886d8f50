"""Files beside drafts: what was uploaded, and the texts that were read of it.

Everything of a source lies in ``drafts/{draft}/{source}/`` of the media storage under names that
are never used twice, so that nobody reads a file that is being written. People's own names of files
are never part of a path. What was brought along from a live release, which keeps it too, has a name
that begins with ``live-``.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import orjson
from django.conf import settings

from knowledge.schema import SOURCE_ID
from knowledge.texts import Page

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

ROOT = "drafts"
LIVE = "live-"
PIECE = 1024 * 1024


def path_of(draft_id: str, source_id: str, name: str) -> Path:
    """Where the file ``name`` of a source is."""
    return _folder_of_source(draft_id, source_id) / name


def folder_of(draft_id: str) -> Path:
    """Where everything of the draft is."""
    return Path(settings.MEDIA_ROOT) / ROOT / draft_id


def _folder_of_source(draft_id: str, source_id: str) -> Path:
    """Raises ``ValueError`` for what is no ID: it might lead out of the draft's folder."""
    if not re.fullmatch(SOURCE_ID, source_id):
        raise ValueError(f"{source_id!r} is no ID of a source")
    return folder_of(draft_id) / source_id


def new_name(prefix: str = "") -> str:
    """A name that no file has had."""
    return f"{prefix}{secrets.token_hex(8)}"


def keep(draft_id: str, source_id: str, pieces: Iterable[bytes], name: str = "") -> str:
    """Write a file, which may have been given a new name already; gives its name."""
    name = name or new_name()
    path = path_of(draft_id, source_id, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{name}.part")
    with partial.open("wb") as file:
        file.writelines(pieces)
    partial.replace(path)
    return name


def keep_pages(draft_id: str, source_id: str, pages: Sequence[Page], name: str = "") -> str:
    """Write the pages of a source, as ``keep`` does; gives the file's name."""
    return keep(draft_id, source_id, [encoded(pages)], name)


def encoded(pages: Sequence[Page]) -> bytes:
    """Pages as ``keep_pages`` writes them."""
    return orjson.dumps(as_data(pages))


def pages(draft_id: str, source_id: str, name: str) -> tuple[Page, ...]:
    """The pages that ``keep_pages`` wrote; raises ``OSError`` when they are gone."""
    return from_data(orjson.loads(path_of(draft_id, source_id, name).read_bytes()))


def as_data(given: Sequence[Page]) -> list[dict[str, str | int]]:
    """Pages as plain JSON data."""
    return [
        {"number": page.number, "title": page.title, "url": page.url, "text": page.text}
        for page in given
    ]


def from_data(held: Iterable[Mapping[str, Any]]) -> tuple[Page, ...]:
    """The pages that ``as_data`` made such data of."""
    return tuple(Page(**each) for each in held)


def hash_of(given: Sequence[Page]) -> str:
    """Of the texts and where they are, in the form ``sha256:…``."""
    return f"sha256:{hashlib.sha256(orjson.dumps(as_data(given))).hexdigest()}"


def remove(draft_id: str, source_id: str, *names: str) -> None:
    """Remove files of a source; those that are gone already do not matter."""
    for name in filter(None, names):
        path_of(draft_id, source_id, name).unlink(missing_ok=True)


def remove_source(draft_id: str, source_id: str) -> None:
    shutil.rmtree(_folder_of_source(draft_id, source_id), ignore_errors=True)


def remove_draft(draft_id: str) -> None:
    """Remove everything of a draft. Safe to run twice."""
    shutil.rmtree(folder_of(draft_id), ignore_errors=True)


def size_of(
    draft_id: str, source_ids: Collection[str] | None = None, *, with_live: bool = False
) -> int:
    """The bytes of the files and texts that people brought to the draft, or to these sources, and
    ``with_live`` of those that a live release keeps as well. What is made of them has names of
    another kind."""
    folders = inside(folder_of(draft_id))
    wanted = (each for each in folders if source_ids is None or each.name in source_ids)
    found = (path for folder in wanted for path in inside(folder))
    shown = ((path, own_name(path.name) if with_live else path.name) for path in found)
    return sum(_size(path) for path, name in shown if name.isalnum())


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # removed just now


def copy_draft(origin_id: str, draft_id: str, source_ids: Collection[str]) -> None:
    """Bring what is kept of a draft and of these of its sources along to a copy of it, whose own it
    is: of a live release as well, ``own_name`` tells under which names. No file is ever written
    again, so both drafts have the same ones for as long as either needs them."""
    origin, copy = folder_of(origin_id), folder_of(draft_id)
    _link_files(origin, copy)
    for folder in inside(origin):
        if folder.is_dir() and folder.name in source_ids:
            _link_files(folder, copy / folder.name)


def _link_files(origin: Path, copy: Path) -> None:
    """But for those that are being written."""
    copy.mkdir(parents=True, exist_ok=True)
    for path in inside(origin):
        if path.is_file() and ".part" not in path.suffixes:
            _link(path, copy / own_name(path.name))


def inside(folder: Path) -> list[Path]:
    """What lies in the folder; nothing where it is none, or was removed just now."""
    try:
        return list(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def _link(origin: Path, copy: Path) -> None:
    try:
        copy.hardlink_to(origin)
    except FileNotFoundError:
        return  # removed just now
    except OSError:  # a disk that has no links
        shutil.copyfile(origin, copy)


def own_name(name: str) -> str:
    """What a file is called in a copy of its draft."""
    return name.removeprefix(LIVE)


def drafts_with_files() -> list[str]:
    """The ids of all drafts that have a folder."""
    root = Path(settings.MEDIA_ROOT) / ROOT
    return sorted(path.name for path in root.iterdir()) if root.exists() else []


def pieces_of(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece
