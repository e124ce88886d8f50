"""Tells how reading went as part of the draft's document, and keeps that out of what is stored."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from knowledge.beside import states
from knowledge.naming import source_name
from knowledge.schema import TOLD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from drafts.draft import Draft
    from knowledge.beside.states import State


def presented(draft: Draft) -> Draft:
    """The draft, each of its sources with its state."""
    sources = draft.data.get("sources")
    if not isinstance(sources, list) or not sources:
        return draft
    known = states.states(draft.id)
    told = [_with_state(source, known.get(str(source.get("id")))) for source in sources]
    return replace(draft, data={**draft.data, "sources": told})


def _with_state(source: dict[str, Any], state: State | None) -> dict[str, Any]:
    plain = without_told(source)
    if state is None:
        return plain
    named = {"name": source_name(plain, state.title)} if state.title else {}
    told = {
        "status": state.status,
        "error": state.error or None,
        "content_hash": state.content_hash or None,
        "pages": state.pages,
        "characters": state.characters,
    }
    if plain.get("type") == "file_upload":
        told |= {"size": state.size, "mime_type": state.mime_type}
    return plain | named | told


def without_told(source: Mapping[str, Any]) -> dict[str, Any]:
    """A source as it is stored."""
    return {name: value for name, value in source.items() if name not in TOLD}


def stored(patch: dict[str, Any]) -> dict[str, Any]:
    """A patch of the document without what is only told. Sources may come as a list, or by id."""
    sources = patch.get("sources")
    if isinstance(sources, list):
        kept: Any = [without_told(s) if isinstance(s, dict) else s for s in sources]
    elif isinstance(sources, dict):
        kept = {k: without_told(s) if isinstance(s, dict) else s for k, s in sources.items()}
    else:
        return patch
    return patch | {"sources": kept}
