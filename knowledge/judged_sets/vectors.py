"""Vectors that were made before, in a file by model, so that an evaluation can be repeated."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from knowledge.index.rows import text_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from inference.embedding import Embedder, Vectors

BATCH = 500


def embed(
    texts: Sequence[str], embedder: Embedder, folder: Path, say: Callable[[str], object]
) -> Vectors:
    """One row for each text. What was embedded is kept in ``folder`` as it comes."""
    path = folder / f"{re.sub(r'[^A-Za-z0-9.-]+', '-', embedder.id)}.npz"
    kept = _load(path)
    missing = sorted({text for text in texts if text_hash(text) not in kept}, key=len)
    for first in range(0, len(missing), BATCH):
        batch = missing[first : first + BATCH]
        kept |= zip(map(text_hash, batch), embedder.embed(batch), strict=True)
        _save(path, kept)
        say(f"{first + len(batch)} of {len(missing)} texts embedded")
    return np.stack([kept[text_hash(text)] for text in texts])


def _load(path: Path) -> dict[str, Vectors]:
    if not path.exists():
        return {}
    with np.load(path) as file:
        return dict(zip(file["keys"].tolist(), file["vectors"], strict=True))


def _save(path: Path, kept: dict[str, Vectors]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new.npz")
    np.savez(new, keys=np.array(list(kept)), vectors=np.stack(list(kept.values())))
    new.replace(path)
