"""Makes a test case of a conversation in the preview: what was written, and the last answer as what
must come of it, to be made more general by whoever keeps it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from chatflows.cases.schema import LONGEST_MESSAGE, MOST_CASES, MOST_MESSAGES
from chatflows.expressions.parsing import LONGEST
from common.problems import conflict, invalid
from conversations import preview_store
from drafts import editing
from drafts.given import cleaned
from drafts.types import draft_types

if TYPE_CHECKING:
    from conversations.preview_store import Session
    from drafts.draft import Draft
    from workspaces.access import Actor

LONGEST_NAME = 60


def make(actor: Actor, draft: Draft) -> str:
    """Add a case of the conversation in which somebody last spoke; gives its id. 409 where there is
    none yet, 422 where it cannot be a case."""
    session = preview_store.newest(draft.workspace_id, draft.id)
    if session is None:
        raise conflict(_("Nobody has written to the preview yet. Try the flow there first."))
    case = _case(session)

    def patch_for(document: dict[str, Any]) -> dict[str, Any]:
        if len(document.get("test_cases") or ()) >= MOST_CASES:
            words = _("A flow has at most %(most)d test cases.")
            raise invalid(words % {"most": MOST_CASES})
        return cleaned({"test_cases": {case["id"]: case}})

    editing.change(actor, draft_types.get(draft.kind), draft.id, patch_for)
    return str(case["id"])


def _case(session: Session) -> dict[str, Any]:
    """The newest messages that are no more than a case has, and what was known of the visitor."""
    asked = [each["content"] for each in session.messages if each["role"] == "user"]
    answers = [each["content"] for each in session.messages if each["role"] == "assistant"]
    if len(asked) > MOST_MESSAGES:
        words = _("A test case has at most %(most)d messages. Start the preview's chat again.")
        raise invalid(words % {"most": MOST_MESSAGES})
    said = " ".join((answers[-1] if answers else "").split())
    expected = [{"kind": "equals", "value": said[:LONGEST]}] if said else []
    return {
        "id": f"case_{secrets.token_hex(4)}",
        "name": " ".join(asked[0].split())[:LONGEST_NAME] if asked else "",
        "messages": [text[:LONGEST_MESSAGE] for text in asked],
        "variables": [
            {"name": str(name), "value": str(value)}
            for name, value in session.variables.items()
            if value not in (None, "")
        ],
        "expectations": expected,
    }
