"""Repeats nodes for all items of a list side by side."""

from __future__ import annotations

import asyncio
from collections import ChainMap
from typing import TYPE_CHECKING, Any

from pydantic import Field

from chatflows.executor.graph import BODY
from chatflows.executor.node import FallibleSettings, Node, NodeError, Result, TemplateText
from chatflows.executor.repeats import where_more
from chatflows.executor.side_by_side import all_of
from chatflows.expressions.values import Output
from chatflows.nodes.items import items_in
from common.words import gettext as _

if TYPE_CHECKING:
    from chatflows.executor.call import Call


class ParallelSettings(FallibleSettings):
    """``items`` is a template that comes to a list; ``result`` is what is kept of each item, for
    ``{{parallel.results}}``. ``at_once`` rounds run side by side."""

    items: TemplateText = Field(min_length=1, max_length=20_000, title="List")
    result: TemplateText = Field(
        default="",
        max_length=20_000,
        title="Result of each item",
        description="What of each item is kept for {{parallel1.results}}.",
    )
    at_once: int = Field(default=4, ge=1, le=10, title="Items at the same time")


class Parallel(Node[ParallelSettings]):
    """In a round, ``{{parallel.item}}`` and ``{{parallel.index}}`` (from 0) say which it is. What
    its nodes give is known in that round alone. Nobody can be asked anything in one."""

    kind = "parallel"
    settings = ParallelSettings
    main = "results"
    outputs = ("results", "count", "item", "index")
    repeats = True
    repeated = "item"
    after_rounds = ("result",)

    def nothing(self) -> Result:
        return Result({"results": [], "count": 0})

    async def run(self, call: Call[ParallelSettings]) -> Result:
        items = items_in(call.value("items") or None)
        if len(items) > (most := call.limits.rounds):
            words = _("The list has %(count)d items, and at most %(most)d are taken.")
            words %= {"count": len(items), "most": most}
            raise NodeError(f"{words} {where_more()}", field="items")
        room = asyncio.Semaphore(call.settings.at_once)
        rounds = (self._round(call, room, number, item) for number, item in enumerate(items))
        return Result({"results": await all_of(rounds), "count": len(items)})

    async def _round(
        self, call: Call[ParallelSettings], room: asyncio.Semaphore, number: int, item: Any
    ) -> Any:
        known = ChainMap(
            {call.node_id: Output({"item": item, "index": number}, "item")}, call.known
        )
        async with room:
            if (await call.body(BODY, number, known)).frame is not None:
                raise NodeError(_("Nobody can be asked anything while nodes run side by side."))
        return call.value_of(call.settings.result, "result", known)
