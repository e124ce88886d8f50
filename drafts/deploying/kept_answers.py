"""The answer of a deploy, kept for an hour so that a retry gets it too: its key is shown only once.

Encrypted like credentials, since it holds the new assistant's API key.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import orjson

from drafts.storage.connection import answering, connection
from workspaces.encryption import UnreadableError, open_text, seal_text

SECONDS = 3600


@dataclass(frozen=True)
class Answer:
    """What a deploy answers beyond what can be read from the database later."""

    api_key: str | None = None
    channels: dict[str, Any] = field(default_factory=dict)


@answering
def keep(draft_id: str, answer: Answer) -> None:
    sealed = seal_text(orjson.dumps(asdict(answer)).decode())
    connection().set(_key(draft_id), sealed, ex=SECONDS)


@answering
def find(draft_id: str) -> Answer | None:
    sealed = connection().get(_key(draft_id))
    if sealed is None:
        return None
    try:
        return Answer(**orjson.loads(open_text(sealed.decode())))
    except UnreadableError:  # the server's keys were changed meanwhile
        return None


def _key(draft_id: str) -> str:
    return f"deploy-answer:{draft_id}"
