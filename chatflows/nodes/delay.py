"""Waits a moment."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from pydantic import Field

from chatflows.executor.node import Node, Result, Settings

if TYPE_CHECKING:
    from chatflows.executor.call import Call


class DelaySettings(Settings):
    seconds: float = Field(default=1, ge=0, le=30, title="Seconds")


class Delay(Node[DelaySettings]):
    kind = "delay"
    settings = DelaySettings
    main = "seconds"
    outputs = ("seconds",)

    async def run(self, call: Call[DelaySettings]) -> Result:
        await asyncio.sleep(call.settings.seconds)
        return Result({"seconds": call.settings.seconds})
