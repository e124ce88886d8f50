"""An API client that speaks for one key, and checks the status of every answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.test import AsyncClient


@dataclass(frozen=True)
class CheckedApi:
    """Calls addresses below ``base``; an answer of another status than expected fails the test."""

    base: str
    key: str

    async def __call__(
        self, method: str, path: str, body: Any = None, expect: int = 200, accept: str = "*/*"
    ) -> Any:
        answer = await AsyncClient().generic(
            method,
            f"{self.base}{path}",
            json.dumps(body or {}),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.key}", "Accept": accept},
        )
        assert answer.status_code == expect, answer.content
        return answer
