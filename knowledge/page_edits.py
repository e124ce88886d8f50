"""The text of a draft's sources, page by page: what was read, what people make of it, and which of
it is indexed. All functions take who acts and raise ``Problem``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from common.problems import conflict, not_found
from drafts import editing, refusals
from drafts.access import is_kept
from drafts.draft import Status
from drafts.types import draft_types
from knowledge import adding
from knowledge.beside import clearing, pages, states
from knowledge.kind import KIND

if TYPE_CHECKING:
    from collections.abc import Callable

    from knowledge.beside.pages import ShownPage
    from workspaces.access import Actor


def pages_of(actor: Actor, draft_id: str, source_id: str) -> tuple[ShownPage, ...]:
    """What was read of the source, page by page."""
    adding.source(actor, draft_id, source_id)
    found = states.state(draft_id, source_id)
    return pages.shown(draft_id, source_id, found) if found else ()


def page_of(actor: Actor, draft_id: str, source_id: str, number: int) -> ShownPage:
    """One page of the source; 404 when there is none of that number."""
    for shown in pages_of(actor, draft_id, source_id):
        if shown.page.number == number:
            return shown
    raise not_found(_("There is no such page."))


def edit_page(
    actor: Actor,
    draft_id: str,
    source_id: str,
    number: int,
    *,
    text: str | None = None,
    approved: bool | None = None,
    seen: str = "",
) -> ShownPage:
    """Change the text of a page, or whether it is indexed; 404 when there is no such page, 409 when
    its text is not the one that was ``seen`` or the draft is being deployed."""
    place = adding.place_of(actor, draft_id, source_id)
    _refuse_while_deploying(actor, draft_id)
    if text is not None:
        text = adding.checked_text(text, may_be_empty=True)
    try:
        edited = pages.edit(place, number, text=text, approved=approved, seen=seen)
    except LookupError:
        raise not_found(_("There is no such page.")) from None
    except pages.ChangedError:
        words = _(
            "Somebody else has changed this page. Your text was not saved: copy it, look again."
        )
        raise conflict(words) from None
    if not is_kept(KIND, draft_id):  # it went meanwhile, and this is the last that is kept of it
        pages.forget(draft_id, [source_id])
        clearing.forget(actor.workspace_id, draft_id)
    editing.touch(actor, draft_types.get(KIND), draft_id)
    _refuse_while_deploying(actor, draft_id)  # whoever began meanwhile may not have seen the edit
    return edited


def choose_pages(
    actor: Actor, draft_id: str, source_id: str, is_wanted: Callable[[ShownPage], bool]
) -> None:
    """Index the pages of a source that are wanted, and no others. 409 while the draft is being
    deployed."""
    place = adding.place_of(actor, draft_id, source_id)
    _refuse_while_deploying(actor, draft_id)
    pages.choose(place, is_wanted)
    editing.touch(actor, draft_types.get(KIND), draft_id)


def _refuse_while_deploying(actor: Actor, draft_id: str) -> None:
    if adding.open_(actor, draft_id).status == Status.DEPLOYING:
        raise refusals.locked()
