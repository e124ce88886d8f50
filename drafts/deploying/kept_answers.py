"""The answer of a deploy, kept for an hour so that a retry gets it too: its key is shown only once.

Encrypted like credentials, since it holds the new assistant's API key.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import orjson
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from drafts.storage.connection import answering, connection

SECONDS = 3600


@dataclass(frozen=True)
class Answer:
    """What a deploy answers beyond what can be read from the database later."""

    api_key: str | None = None
    channels: dict[str, Any] = field(default_factory=dict)


@answering
def keep(draft_id: str, answer: Answer) -> None:
    sealed = _fernet().encrypt(orjson.dumps(asdict(answer)))
    connection().set(_key(draft_id), sealed, ex=SECONDS)


@answering
def find(draft_id: str) -> Answer | None:
    sealed = connection().get(_key(draft_id))
    if sealed is None:
        return None
    try:
        return Answer(**orjson.loads(_fernet().decrypt(sealed)))
    except InvalidToken:  # the server's keys were changed meanwhile
        return None


def _key(draft_id: str) -> str:
    return f"deploy-answer:{draft_id}"


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.CREDENTIALS_KEYS])
