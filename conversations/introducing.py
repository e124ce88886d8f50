"""What somebody told a flow of themselves, as a lead: written with the turn in which they did."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import orjson

from common.plain_text import storable
from conversations.leads import LONGEST_CONSENT, LONGEST_EMAIL, LONGEST_NAME, LONGEST_VALUE

if TYPE_CHECKING:
    from conversations.turn import Introduced

# A part of the statement that records a turn, whose row is ``conversation``. The lead that is there
# is completed: what was told again is corrected, and what was agreed to stands beside what was.
LEAD = """
    INSERT INTO conversations_lead AS held (
        id, workspace_id, entity_id, conversation_id, name, email, fields, consent, created_at
    )
    SELECT %(lead_id)s, %(workspace)s, %(entity)s, conversation.id, %(lead_name)s, %(lead_email)s,
        %(lead_fields)s::jsonb, %(lead_consent)s, %(now)s
    FROM conversation WHERE %(lead_fields)s::text IS NOT NULL
    ON CONFLICT (conversation_id) DO UPDATE SET
        name = coalesce(nullif(EXCLUDED.name, ''), held.name),
        email = coalesce(nullif(EXCLUDED.email, ''), held.email),
        fields = held.fields || EXCLUDED.fields,
        consent = CASE
            WHEN EXCLUDED.consent = '' OR position(EXCLUDED.consent IN held.consent) > 0
                THEN held.consent
            WHEN held.consent = '' THEN EXCLUDED.consent
            ELSE left(held.consent || chr(10) || EXCLUDED.consent, %(most_consent)s)
        END
    RETURNING id
"""


def lead_values(introduced: Introduced | None) -> dict[str, Any]:
    """What the statement is given; nothing is written where nothing was told."""
    told = introduced.fields if introduced else {}
    fields = {name: storable(text)[:LONGEST_VALUE] for name, text in told.items()}
    return {
        "lead_id": uuid.uuid4(),
        "lead_name": fields.get("name", "")[:LONGEST_NAME],
        "lead_email": fields.get("email", "")[:LONGEST_EMAIL],
        "lead_fields": orjson.dumps(fields).decode() if fields else None,
        "most_consent": LONGEST_CONSENT,
        "lead_consent": storable(introduced.consent)[:LONGEST_CONSENT] if introduced else "",
    }
