"""A note beside the flow, for whoever builds. No run comes to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from chatflows.executor.node import Node, Result, Settings

if TYPE_CHECKING:
    from chatflows.executor.call import Call


class CommentSettings(Settings):
    text: str = Field(default="", max_length=5000, title="Note")


class Comment(Node[CommentSettings]):
    kind = "comment"
    settings = CommentSettings
    has_input = False

    def handles(self, settings: CommentSettings) -> tuple[str, ...]:
        return ()

    async def run(self, call: Call[CommentSettings]) -> Result:
        return Result()
