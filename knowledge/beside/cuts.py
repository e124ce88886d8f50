"""Chunks of a draft's sources and their vectors, in files beside the draft.

``cut-{key}`` holds the chunks that one text and one way of cutting give; ``vectors-{space}.npz`` of
a source the vectors of its texts, by ``text_hash``, half as precise as they are made, like in the
index. A space is what one embedding model makes.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

from knowledge.beside import files
from knowledge.chunking.chunk import Chunk, Parent

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from numpy import float32
    from numpy.typing import NDArray


def cut_of(draft_id: str, source_id: str, key: str) -> list[Chunk] | None:
    """The chunks that were kept under ``key``; None when there are none."""
    try:
        held = orjson.loads(files.path_of(draft_id, source_id, f"cut-{key}").read_bytes())
    except OSError:
        return None
    return [_chunk(each) for each in held]


def keep_cut(draft_id: str, source_id: str, key: str, chunks: Sequence[Chunk]) -> None:
    """Keep the chunks, in place of those of another key."""
    path = files.path_of(draft_id, source_id, f"cut-{key}")
    for old in files.inside(path.parent):
        if old.name.startswith("cut-") and old != path:
            old.unlink(missing_ok=True)
    _write(path, orjson.dumps([asdict(chunk) for chunk in chunks]))


def vectors_of(draft_id: str, source_id: str, space: str) -> dict[str, NDArray[float32]]:
    """The vectors that were kept for the source, by the hash of their text."""
    try:
        with np.load(_vectors(draft_id, source_id, space)) as held:
            return dict(
                zip(held["hashes"].tolist(), held["vectors"].astype(np.float32), strict=True)
            )
    except (OSError, ValueError, KeyError):
        return {}


def keep_vectors(
    draft_id: str, source_id: str, space: str, vectors: Mapping[str, NDArray[float32]]
) -> None:
    """Keep exactly these vectors for the source."""
    path = _vectors(draft_id, source_id, space)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{secrets.token_hex(8)}.part.npz")
    stacked = np.array(list(vectors.values()), dtype=np.float16)
    np.savez(partial, hashes=np.array(list(vectors)), vectors=stacked)
    partial.replace(path)


def remove_vectors(draft_id: str, source_id: str, space: str) -> None:
    """Forget the source's vectors in that space. Safe to run twice."""
    _vectors(draft_id, source_id, space).unlink(missing_ok=True)


def keep_only(draft_id: str, source_ids: Collection[str]) -> None:
    """Forget the chunks and vectors of all other sources: they can be made again. What was read
    stays, so that taking a source out can be undone."""
    others = [f for f in files.inside(files.folder_of(draft_id)) if f.name not in source_ids]
    for made in (path for folder in others for path in files.inside(folder)):
        if made.name.startswith(("cut-", "vectors-")):
            made.unlink(missing_ok=True)


def _vectors(draft_id: str, source_id: str, space: str) -> Path:
    name = hashlib.sha256(space.encode()).hexdigest()[:16]
    return files.path_of(draft_id, source_id, f"vectors-{name}.npz")


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{secrets.token_hex(8)}.part")
    partial.write_bytes(content)
    partial.replace(path)


def _chunk(held: dict[str, Any]) -> Chunk:
    parent = Parent(**held["parent"]) if held["parent"] else None
    held["headings"], held["parent"] = tuple(held["headings"]), parent
    return Chunk(**held)
