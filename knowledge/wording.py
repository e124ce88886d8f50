"""What people read of a knowledge base's sources where two versions differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from knowledge.naming import source_name
from knowledge.schema import TOLD

if TYPE_CHECKING:
    from drafts.deploying.planning import PlannedChange
    from knowledge.trying import Prepared

SOURCES, EDITS = "sources.", "chunk_edits."
# Of a source that comes or goes people read what they chose, not how it is kept.
KEPT = TOLD | {"id", "source_id", "document", "type", "format"}


def going_live(prepared: Prepared, documents: int) -> str:
    """How many documents and chunks a deploy indexes; without the chunks while they are cut."""
    told = ngettext("%(count)d document", "%(count)d documents", documents) % {"count": documents}
    if not prepared.waiting:
        used = sum(each.enabled for each in prepared.chunks)
        chunks = ngettext("%(count)d chunk", "%(count)d chunks", used) % {"count": used}
        told = _("%(documents)s in %(chunks)s") % {"documents": told, "chunks": chunks}
    words = _("%(documents)s go live. What is new is indexed in the background.")
    return words % {"documents": told}


def item_name(item: Mapping[str, Any]) -> str:
    """What a source is called; items of other lists are called nothing."""
    return source_name(item) if "type" in item else ""


def reworded(change: PlannedChange) -> PlannedChange | None:
    """That the text of a source changed is said, not its length and its hash."""
    if not change.path.startswith((SOURCES, EDITS)):
        return change
    item, _dot, field = change.path.partition(".")[2].partition(".")
    if not field:
        return replace(change, before=_chosen(change.before), after=_chosen(change.after))
    if field == "content_hash":
        return replace(change, path=f"{SOURCES}{item}.text", before=None, after=_("Changed"))
    return None if field in TOLD else change


def _chosen(value: Any) -> Any:
    """What was set of an item, without what is empty."""
    if not isinstance(value, Mapping):
        return value
    told = {name: _chosen(each) for name, each in value.items() if name not in KEPT}
    return {name: each for name, each in told.items() if each not in (None, "", [], {}, ())}
