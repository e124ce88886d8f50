"""What blocks a knowledge base beyond its schema, and what would be better, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from knowledge.naming import source_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    Data = Mapping[str, Any]
    Advice = Iterator[tuple[str, str]]

WINDOW = 256


def unread(data: Data) -> Advice:
    """Path and message of each source that is still to be read; of those that could not be, when
    no other has a text."""
    used = _used(data)
    for source in used:
        yield from _unread(source)
    if not _has_text(data):
        words = _("%(name)s was not read: %(error)s")
        yield from ((path, words % said) for path, said in _failed(used))


def left_out(data: Data) -> Advice:
    """Path and message of each source that was not read where others have been."""
    if _has_text(data):
        words = _("%(name)s was not read and is left out: %(error)s")
        yield from ((path, words % said) for path, said in _failed(_used(data)))


def _has_text(data: Data) -> bool:
    return any(source.get("pages") for source in _used(data))


def _used(data: Data) -> list[Data]:
    return [each for each in data.get("sources") or () if each.get("enabled", True)]


def _failed(used: Iterable[Data]) -> Iterator[tuple[str, dict[str, str]]]:
    for source in used:
        if source.get("status") == "failed":
            said = {"name": source_name(source), "error": source.get("error") or ""}
            yield f"sources.{source.get('id')}", said


def _unread(source: Data) -> Advice:
    path, name = f"sources.{source.get('id')}", {"name": source_name(source)}
    status = source.get("status") or "pending"
    if status == "failed":
        return
    if status == "parsing":
        yield path, _("%(name)s is still being read.") % name
    elif status == "pending":
        yield path, _("%(name)s has not been read yet.") % name
    elif not source.get("pages"):
        yield path, _("Every page of %(name)s is left out. Switch the source off instead.") % name


def unset(data: Data) -> Advice:
    """Path and message of a vector store that this installation has not."""
    choice = (data.get("vector_store_config") or {}).get("provider")
    if choice == "qdrant" and not settings.QDRANT_URL:
        yield (
            "vector_store_config.provider",
            _(
                "Qdrant is not set up on this server. Keep the vectors in PostgreSQL, or ask "
                "whoever runs the server to set QDRANT_URL."
            ),
        )


def advice(data: Data) -> Advice:
    """Path and message of what would be better otherwise."""
    sources = data.get("sources") or ()
    if sources and not any(source.get("enabled", True) for source in sources):
        yield "sources", _("Every source is switched off: nothing will be found.")
    local = (data.get("embedding_config") or {}).get("provider", "local") == "local"
    yield from _cut_off(data) if local else ()
    least = (data.get("retrieval_config") or {}).get("score_threshold")
    if not local and least is None:
        words = _(
            "With another embedding model a chatbot cannot tell that nothing fits until this is "
            "set. Try questions to see how relevant yours are."
        )
        yield "retrieval_config.score_threshold", words
    yield from left_out(data)
    yield from _twice(sources)
    yield from _unanswerable(data)


def _twice(sources: Iterable[Data]) -> Advice:
    """Sources whose text is that of one before them."""
    names: dict[str, str] = {}
    for source in sources:
        text = source.get("content_hash")
        if not text or not source.get("enabled", True):
            continue
        if text in names:
            words = _("%(name)s says the same as %(other)s. One of them is enough.")
            said = {"name": source_name(source), "other": names[text]}
            yield f"sources.{source.get('id')}", words % said
        names.setdefault(text, source_name(source))


def _cut_off(data: Data) -> Advice:
    """Sizes of chunks that the built-in model does not read whole."""
    each = {f"sources.{source.get('id')}.": source for source in data.get("sources") or ()}
    for place, given in {"": data, **each}.items():
        config = given.get("chunking_config") or {}
        size = config.get("chunk_size")
        if config.get("strategy") == "no_chunking":
            words = _("The built-in model reads only the first %(tokens)d tokens of a page.")
            yield f"{place}chunking_config.strategy", words % {"tokens": WINDOW}
            continue
        if isinstance(size, int) and size > WINDOW:
            words = _("The built-in model reads only the first %(tokens)d tokens of a chunk.")
            yield f"{place}chunking_config.chunk_size", words % {"tokens": WINDOW}


def _unanswerable(data: Data) -> Advice:
    """Test questions about a source that there is not."""
    there = {source.get("id") for source in data.get("sources") or ()}
    for question in data.get("test_questions") or ():
        if question.get("source_id") and question["source_id"] not in there:
            path = f"test_questions.{question.get('id')}.source_id"
            yield path, _("The source that this question must be answered by is gone.")
