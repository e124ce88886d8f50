"""The words of a draft's chunks, in the file ``words-{key}.npz`` beside it.

They are what a question to the draft needs of its texts: whoever asks reads them, and only a worker
makes them.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

from knowledge.beside import files
from knowledge.retrieval.words import Words

if TYPE_CHECKING:
    from pathlib import Path

    from numpy import uint8
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Kept:
    """The words, and by which hash the vector of each chunk is known."""

    words: Words
    hashes: list[str]


def kept(draft_id: str, key: str) -> Kept | None:
    """What was kept under ``key``; None when there is nothing."""
    try:
        with np.load(_path(draft_id, key)) as held:
            return _from_arrays(held)
    except (OSError, ValueError, KeyError):
        return None


def is_kept(draft_id: str, key: str) -> bool:
    return _path(draft_id, key).exists()


def keep(draft_id: str, key: str, given: Kept) -> None:
    """Keep the words, in place of those of another key."""
    path = _path(draft_id, key)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{secrets.token_hex(8)}.part.npz")
    np.savez(partial, **_as_arrays(given))
    partial.replace(path)
    for old in files.inside(path.parent):
        if old.name.startswith("words-") and old != path:
            old.unlink(missing_ok=True)


def _as_arrays(given: Kept) -> dict[str, Any]:
    words = given.words
    return {
        "starts": words.starts,
        "places": words.places,
        "counts": words.counts,
        "lengths": words.lengths,
        "vocabulary": _as_bytes(words.vocabulary),
        "languages": _as_bytes(list(words.languages)),
        "hashes": _as_bytes(given.hashes),
    }


def _from_arrays(held: Any) -> Kept:
    words = Words(
        vocabulary=_texts(held["vocabulary"]),
        starts=held["starts"],
        places=held["places"],
        counts=held["counts"],
        lengths=held["lengths"],
        languages=tuple(_texts(held["languages"])),
    )
    return Kept(words, _texts(held["hashes"]))


def _as_bytes(texts: list[str]) -> NDArray[uint8]:
    return np.frombuffer(orjson.dumps(texts), np.uint8)


def _texts(held: NDArray[uint8]) -> list[str]:
    texts: list[str] = orjson.loads(held.tobytes())
    return texts


def _path(draft_id: str, key: str) -> Path:
    return files.folder_of(draft_id) / f"words-{key}.npz"
