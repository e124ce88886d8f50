"""What people read of a knowledge base where two versions differ, and before it goes live."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from knowledge.naming import source_name
from knowledge.schema import TOLD

if TYPE_CHECKING:
    from drafts.deploying.planning import PlannedChange
    from knowledge.trying.asking import Prepared


def going_live(prepared: Prepared, documents: int) -> str:
    """How many documents and chunks a deploy indexes; without the chunks while they are cut."""
    told = ngettext("%(count)d document", "%(count)d documents", documents) % {"count": documents}
    if not prepared.waiting:
        used = sum(each.enabled for each in prepared.chunks)
        chunks = ngettext("%(count)d chunk", "%(count)d chunks", used) % {"count": used}
        told = _("%(documents)s in %(chunks)s") % {"documents": told, "chunks": chunks}
    words = ngettext(
        "%(documents)s goes live. What is new is indexed in the background.",
        "%(documents)s go live. What is new is indexed in the background.",
        documents,
    )
    return words % {"documents": told}


def item_name(item: Mapping[str, Any]) -> str:
    """What a source or a test question is called."""
    return source_name(item) if "type" in item else str(item.get("question") or "")


def reworded(change: PlannedChange) -> PlannedChange | None:
    """What came, went or changed of the sources, chunks and questions, not how it is kept."""
    listed, _dot, rest = change.path.partition(".")
    if listed not in ITEMS or not rest:
        return change
    item, _dot, field = rest.partition(".")
    if not field:
        return _came_or_went(change, ITEMS[listed])
    if field == "content_hash":
        return replace(change, path=f"{listed}.{item}", before=None, after=_("The text changed"))
    return None if listed == "sources" and field in TOLD else change


def _came_or_went(change: PlannedChange, told: Callable[[Mapping[str, Any]], str]) -> PlannedChange:
    before = told(change.before) if isinstance(change.before, Mapping) else None
    after = told(change.after) if isinstance(change.after, Mapping) else _("Removed")
    return replace(change, before=before or None, after=after or _("Added"))


def _source(_value: Mapping[str, Any]) -> str:
    """That it came or went says enough."""
    return ""


def _edit(value: Mapping[str, Any]) -> str:
    """What became of a chunk."""
    texts = list(map(str, value.get("texts") or value.get("originals") or ()))
    is_used, left_out = value.get("enabled", True), value.get("left_out") or ()
    return "\n\n".join(
        text if is_used and place not in left_out else _("Left out: %(text)s") % {"text": text}
        for place, text in enumerate(texts)
    )


def _question(value: Mapping[str, Any]) -> str:
    """What a passage that answers it says."""
    return str(value.get("expected") or "")


# By list of the document: what is told of an item that comes or goes.
ITEMS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "sources": _source,
    "chunk_edits": _edit,
    "test_questions": _question,
}
