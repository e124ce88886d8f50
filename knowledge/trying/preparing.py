"""Cuts and embeds what is in a draft, in the background, so that its chunks can be seen and asked.

What was made once is kept beside the draft by what it depends on; only what changed is made again.
The index takes the vectors over when the draft is deployed. A draft is prepared in turns, so that
others have theirs, up to ``MOST_CHUNKS``: what it has beyond them is indexed when it is deployed.
"""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import orjson
from celery import current_app
from django.conf import settings
from django.utils.translation import gettext as _
from django_redis import get_redis_connection

from common import crash, leases, lost_workers
from common.lost_workers import LostWorkersError
from drafts.access import is_kept, kept
from drafts.address import Address
from inference.embedding import EmbeddingError
from knowledge.beside import cuts, files, words
from knowledge.beside.words import Kept
from knowledge.draft_settings import IncompleteSettingsError
from knowledge.embedding import embedder_for
from knowledge.index.rows import text_hash
from knowledge.kind import KIND
from knowledge.trying import draft_words
from knowledge.trying.making import (
    MOST_CHUNKS,
    Turn,
    TurnOverError,
    UnwantedError,
    chunks_of,
    embed,
)
from knowledge.trying.parts import parts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from uuid import UUID

    from common.leases import Lease
    from drafts.draft import Draft
    from inference.embedding import Tokenizer
    from knowledge.chunking.chunk import Chunk
    from knowledge.chunking.edits import Edit, Edited
    from knowledge.trying.parts import Part

logger = logging.getLogger(__name__)
TASK = "knowledge.tasks.prepare"


@dataclass(frozen=True)
class Looked:
    """The chunks of a draft that are looked at, by its parts, with people's edits. ``waiting``:
    some are not cut yet; ``more``: there are others that are not looked at. ``lost`` are edits that
    fit nowhere any more. ``key`` is that of their words, once nothing is waiting."""

    key: str
    parts: list[tuple[Part, list[Edited]]]
    waiting: bool
    more: bool
    lost: list[Edit]


@dataclass(frozen=True)
class Progress:
    """How much of a draft is embedded; ``error`` says why it does not go on. ``more``: the draft
    has chunks beyond those that are prepared; ``key`` is of what they were cut from. While
    ``cutting`` names a source, ``done`` are the percent of it that are cut and ``total`` is 100."""

    done: int
    total: int
    error: str = ""
    more: bool = False
    key: str = ""
    cutting: str = ""


def look(
    parts: Sequence[Part], tokenizer: Tokenizer, cut: Callable[[Part], list[Chunk] | None]
) -> Looked:
    """What ``cut`` gives of the parts, up to the limit."""
    found: list[tuple[Part, list[Edited]]] = []
    lost: list[Edit] = []
    waiting, room, key = False, MOST_CHUNKS, draft_words.key_of(parts, MOST_CHUNKS)
    for part in parts:
        chunks = cut(part) if room > 0 else []
        if chunks is None:
            waiting = True
            continue
        edited, unapplied = part.edited(chunks, tokenizer)
        if room <= 0 or len(edited) > room:
            return Looked(
                key, [*found, (part, edited[:room])], waiting=waiting, more=True, lost=lost
            )
        found.append((part, edited))
        lost += unapplied
        room -= len(edited)
    return Looked(key, found, waiting=waiting, more=False, lost=lost)


def wake(workspace_id: UUID, draft_id: str) -> None:
    """Have the draft prepared, unless somebody is at it."""
    if not is_running(draft_id):
        current_app.send_task(TASK, (str(workspace_id), draft_id), retry=False)


def run(workspace_id: UUID, draft_id: str) -> None:
    """Cut and embed what is missing, for a turn, and ask for the next if more is left. In a worker;
    safe to run twice."""
    with leases.lease(_lease(draft_id)) as mine:
        if mine is None:
            return
        more = _try(workspace_id, draft_id, mine)
    if not is_kept(KIND, draft_id):  # it went meanwhile, and what was made of it is the last
        forget(draft_id)
        files.remove_draft(draft_id)
    elif more:
        wake(workspace_id, draft_id)


def retry(draft: Draft) -> None:
    """Have the draft prepared, whatever went wrong before."""
    forget(draft.id)
    wake(draft.workspace_id, draft.id)


def _try(workspace_id: UUID, draft_id: str, mine: Lease) -> bool:
    """Prepare; whatever goes wrong is told with the progress. Whether more is left."""
    draft = kept(Address(KIND, draft_id, workspace_id))
    if draft is None:
        return False
    try:
        with lost_workers.counted(_lost(draft_id), _key(draft), _life()):
            _prepare(draft, Turn(draft_id, mine))
    except TurnOverError:
        return True
    except UnwantedError:
        return False
    except (EmbeddingError, LostWorkersError) as error:
        _tell(draft_id, Progress(0, 0, str(error)))
    except IncompleteSettingsError as problem:
        _tell(draft_id, Progress(0, 0, problem.detail))
    except Exception:
        # Whatever it was: the person is told, the worker goes on with other drafts.
        logger.exception("preparing %s failed", draft_id)
        _tell(draft_id, Progress(0, 0, _("Something went wrong on our side. Try again.")))
    return False


def _prepare(draft: Draft, turn: Turn) -> None:
    draft_id = draft.id
    embedder = embedder_for(draft.workspace_id, draft.data.get("embedding_config") or {})
    cuts.keep_only(draft_id, {str(each.get("id")) for each in draft.data.get("sources") or ()})

    def tell_cut(name: str, percent: int) -> None:
        _tell(draft_id, Progress(percent, 100, cutting=name))

    def cut(part: Part) -> list[Chunk]:
        return chunks_of(part, embedder, turn, tell_cut)

    looked = look(parts_of(draft), embedder.tokenizer, cut)
    used = [(part, [each.chunk for each in found if each.enabled]) for part, found in looked.parts]
    texts = [part.texts(chunks, embedder) for part, chunks in used]
    if not words.is_kept(draft_id, looked.key):
        hashes = [text_hash(text) for each in texts for text in each]
        words.keep(draft_id, looked.key, Kept(draft_words.read(used), hashes))
    crash.point("preparing.cut")
    total, done = sum(map(len, texts)), 0
    for (part, _chunks), each in zip(used, texts, strict=True):
        repeated = len(each) - len(set(each))
        for many in embed(part, part.space, each, embedder, turn):
            now = Progress(done + many + repeated, total, more=looked.more, key=looked.key)
            _tell(draft_id, now)
        done += len(each)
    if not used:
        _tell(draft_id, Progress(0, 0, key=looked.key))


def progress(draft_id: str) -> Progress | None:
    """How far the last preparation is or was; None when there was none."""
    held = _redis().get(_progress(draft_id))
    return Progress(**orjson.loads(held)) if held else None


def advice(draft: Draft) -> Iterator[str]:
    """What somebody should know of a draft that is larger than what is prepared of it; nothing
    where that was prepared of other texts than it has now."""
    found = progress(draft.id)
    if found and found.more and found.key == _key(draft):
        text = _(
            "This draft has more chunks than can be looked at before it is deployed. The first "
            "%(most)s are shown, can be tried and are asked the test questions; all of them are "
            "indexed when it is deployed. Larger chunks are fewer."
        )
        yield text % {"most": f"{MOST_CHUNKS:,}"}


def _key(draft: Draft) -> str:
    """Of what the draft's chunks are cut from now; empty while its settings are not complete."""
    try:
        return draft_words.key_of(parts_of(draft), MOST_CHUNKS)
    except IncompleteSettingsError:
        return ""


def is_running(draft_id: str) -> bool:
    return leases.is_taken(_lease(draft_id))


def forget(draft_id: str) -> None:
    """Remove what is known of a draft that is gone. Whoever is still at it gives the lease back."""
    _redis().delete(_progress(draft_id))
    lost_workers.forget(_lost(draft_id))


def _tell(draft_id: str, now: Progress) -> None:
    _redis().set(_progress(draft_id), orjson.dumps(asdict(now)), ex=_life())


def _lease(draft_id: str) -> str:
    return f"kb:{draft_id}:preparing"


def _lost(draft_id: str) -> str:
    return f"kb:{draft_id}:preparing:lost"


def _life() -> int:
    life: int = 2 * settings.DRAFT_TTL_SECONDS
    return life


def _progress(draft_id: str) -> str:
    return f"kb:{draft_id}:prepared"


def _redis() -> Any:
    return get_redis_connection("drafts")
