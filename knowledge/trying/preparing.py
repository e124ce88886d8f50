"""Cuts and embeds what is in a draft, in the background, so that its chunks can be seen and asked.

What was made once is kept beside the draft by what it depends on; only what changed is made again.
The index takes the vectors over when the draft is deployed. A draft is prepared in turns, so that
others have theirs, up to ``MOST_CHUNKS``: what it has beyond them is indexed when it is deployed.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any

import orjson
from celery import current_app
from django.conf import settings
from django.utils.translation import gettext as _
from django_redis import get_redis_connection

from drafts.access import is_kept, kept
from drafts.address import Address
from inference.embedding import EmbeddingError
from knowledge.beside import cuts, files, leases, pages, presenting, states, words
from knowledge.beside.words import Kept
from knowledge.chunking.cutting import VERSION
from knowledge.chunking.edits import apply, edits_of
from knowledge.chunking.embedded_text import embedded_text
from knowledge.draft_settings import IncompleteSettingsError, chunking_of
from knowledge.embedding import embedder_for, space_of
from knowledge.index.rows import text_hash
from knowledge.live.documents import LONGEST_KEY
from knowledge.naming import document_name, source_name
from knowledge.sources import kind_of
from knowledge.trying import draft_words
from knowledge.trying.parts import MOST_CHUNKS, Turn, TurnOverError, UnwantedError, chunks_of, embed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from uuid import UUID

    from drafts.draft import Draft
    from inference.embedding import Embedder, Tokenizer
    from knowledge.beside.leases import Lease
    from knowledge.beside.states import State
    from knowledge.chunking.chunk import Chunk
    from knowledge.chunking.edits import Edit, Edited
    from knowledge.texts import Page

logger = logging.getLogger(__name__)
KIND = "kb"
TASK = "knowledge.tasks.prepare"


@dataclass(frozen=True)
class Part:
    """One source of a draft that is ready: what it is cut from and how. ``has_documents`` as its
    kind says it."""

    draft_id: str
    source_id: str
    name: str
    state: State
    config: Mapping[str, Any]
    space: str
    has_documents: bool = False
    annotations: Mapping[str, Any] | None = None
    edits: tuple[Edit, ...] = ()

    @cached_property
    def key(self) -> str:
        """Of all that the chunks depend on."""
        made_of = [VERSION, self.state.content_hash, dict(self.config), self.space]
        return hashlib.sha256(orjson.dumps(made_of)).hexdigest()[:32]

    def chunks(self) -> list[Chunk] | None:
        """The chunks, at most one more than can be looked at; None as long as nobody has cut
        them."""
        return cuts.cut_of(self.draft_id, self.source_id, self.key)

    def edited(self, chunks: list[Chunk], tokenizer: Tokenizer) -> tuple[list[Edited], list[Edit]]:
        """The chunks with what people made of them, document by document as they are indexed, and
        the edits that fit nowhere any more."""
        found: list[Edited] = []
        used: set[str] = set()
        for document, group in groupby(chunks, lambda chunk: self.document_of(chunk.page)):
            own = [edit for edit in self.edits if edit.is_of(document)]
            edited, _unapplied = apply(list(group), own, tokenizer)
            found += edited
            used |= {each.edit.id for each in edited if each.edit}
        return found, [edit for edit in self.edits if edit.id not in used]

    def texts(self, chunks: list[Chunk], embedder: Embedder) -> list[str]:
        """What is embedded for each of the chunks."""
        tokenizer = embedder.tokenizer
        return [embedded_text(self.title_of(chunk.page), chunk, tokenizer) for chunk in chunks]

    def title_of(self, page: int) -> str:
        """What the document is called that the page will be in."""
        found = self._pages.get(page) if self.has_documents else None
        return document_name(found, self.name) if found else self.name

    def document_of(self, page: int) -> str:
        """The key of the document that the page will be in."""
        return self.url_of(page)[:LONGEST_KEY] if self.has_documents else ""

    def url_of(self, page: int) -> str:
        found = self._pages.get(page)
        return found.url if found else ""

    def read_text_of(self, chunk: Chunk) -> str:
        """What the model reads where the chunk is found: the larger passage around it, if any."""
        parent = chunk.parent
        page = self._pages.get(parent.page) if parent else None
        return page.text[parent.start : parent.end] if parent and page else chunk.text

    @cached_property
    def _pages(self) -> dict[int, Page]:
        read = pages.approved(self.draft_id, self.source_id, self.state)
        return {page.number: page for page in read}


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
    has chunks beyond those that are prepared."""

    done: int
    total: int
    error: str = ""
    more: bool = False


def parts_of(draft: Draft) -> list[Part]:
    """The draft's sources that are ready and switched on. Raises ``IncompleteSettingsError``."""
    shown = presenting.presented(draft)
    return list(_parts(shown, states.states(draft.id)))


def _parts(draft: Draft, known: Mapping[str, State]) -> Iterator[Part]:
    space = space_of(draft.data.get("embedding_config") or {})
    edits = edits_of(draft.data.get("chunk_edits") or ())
    for source in draft.data.get("sources") or ():
        state = known.get(str(source.get("id")))
        if state is None or not state.text or not source.get("enabled", True):
            continue
        config = chunking_of(draft, source)
        yield Part(
            draft.id,
            source["id"],
            source_name(source, state.title),
            state,
            config.model_dump(mode="json"),
            space,
            kind_of(source).has_documents,
            source.get("annotations"),
            tuple(edit for edit in edits if edit.source_id == source["id"]),
        )


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


def _try(workspace_id: UUID, draft_id: str, mine: Lease) -> bool:
    """Prepare; whatever goes wrong is told with the progress. Whether more is left."""
    try:
        _prepare(workspace_id, draft_id, Turn(draft_id, mine))
    except TurnOverError:
        return True
    except UnwantedError:
        return False
    except EmbeddingError as error:
        _tell(draft_id, Progress(0, 0, str(error)))
    except IncompleteSettingsError as problem:
        _tell(draft_id, Progress(0, 0, problem.detail))
    except Exception:
        # Whatever it was: the person is told, the worker goes on with other drafts.
        logger.exception("preparing %s failed", draft_id)
        _tell(draft_id, Progress(0, 0, _("Something went wrong on our side. Try again.")))
    return False


def _prepare(workspace_id: UUID, draft_id: str, turn: Turn) -> None:
    draft = kept(Address(KIND, draft_id, workspace_id))
    if draft is None:
        return
    embedder = embedder_for(workspace_id, draft.data.get("embedding_config") or {})
    cuts.keep_only(draft_id, {str(each.get("id")) for each in draft.data.get("sources") or ()})
    looked = look(parts_of(draft), embedder.tokenizer, lambda part: chunks_of(part, embedder, turn))
    used = [(part, [each.chunk for each in found if each.enabled]) for part, found in looked.parts]
    texts = [part.texts(chunks, embedder) for part, chunks in used]
    if not words.is_kept(draft_id, looked.key):
        hashes = [text_hash(text) for each in texts for text in each]
        words.keep(draft_id, looked.key, Kept(draft_words.read(used), hashes))
    total, done = sum(map(len, texts)), 0
    for (part, _chunks), each in zip(used, texts, strict=True):
        repeated = len(each) - len(set(each))
        for many in embed(part, part.space, each, embedder, turn):
            _tell(draft_id, Progress(done + many + repeated, total, more=looked.more))
        done += len(each)


def progress(draft_id: str) -> Progress | None:
    """How far the last preparation is or was; None when there was none."""
    held = _redis().get(_progress(draft_id))
    return Progress(**orjson.loads(held)) if held else None


def advice(draft_id: str) -> Iterator[str]:
    """What somebody should know of a draft that is larger than what is prepared of it."""
    found = progress(draft_id)
    if found and found.more:
        text = _(
            "This draft has more chunks than can be looked at before it is deployed. The first "
            "%(most)s are shown, can be tried and are asked the test questions; all of them are "
            "indexed when it is deployed. Larger chunks are fewer."
        )
        yield text % {"most": f"{MOST_CHUNKS:,}"}


def is_running(draft_id: str) -> bool:
    return leases.is_taken(_lease(draft_id))


def forget(draft_id: str) -> None:
    """Remove what is known of a draft that is gone. Whoever is still at it gives the lease back."""
    _redis().delete(_progress(draft_id))


def _tell(draft_id: str, now: Progress) -> None:
    _redis().set(_progress(draft_id), orjson.dumps(asdict(now)), ex=2 * settings.DRAFT_TTL_SECONDS)


def _lease(draft_id: str) -> str:
    return f"kb:{draft_id}:preparing"


def _progress(draft_id: str) -> str:
    return f"kb:{draft_id}:prepared"


def _redis() -> Any:
    return get_redis_connection("drafts")
