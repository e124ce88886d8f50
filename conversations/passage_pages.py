"""Where whoever builds an assistant reads what its answer cites: where the passage is from, else
the page of its document. Visitors have no such page; they read the passage under the answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from common.registry import Registry

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable, Mapping

    from conversations.answering import Frame


# Gives the path of the page of a workspace's passage, by its document, chunk and text; the app that
# keeps knowledge registers one.
passage_paths: Registry[Callable[[str, str, str, str], str]] = Registry("path of a passage")


@dataclass(frozen=True)
class PassagePages:
    """The pages of one workspace; ``root`` is the address of the server without a slash behind."""

    root: str
    workspace: str

    async def told(self, frames: AsyncGenerator[Frame]) -> AsyncGenerator[Frame]:
        """``frames`` with an address for every passage."""
        async for frame in frames:
            if frame.event == "citation":
                yield replace(frame, data=self._linked(frame.data))
            elif "citations" in frame.data:
                yield replace(frame, data=self.linked_all(frame.data))
            else:
                yield frame

    def linked_all(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """An answer with an address for every passage that it cites."""
        cited: Iterable[Mapping[str, Any]] = said.get("citations") or ()
        return {**said, "citations": [self._linked(each) for each in cited]}

    def _linked(self, citation: Mapping[str, Any]) -> dict[str, Any]:
        if citation.get("url") or not citation.get("document_id"):
            return dict(citation)
        passage = [str(citation.get(name, "")) for name in ("document_id", "chunk_id", "text")]
        for path_of in passage_paths:
            return {**citation, "url": f"{self.root}{path_of(self.workspace, *passage)}"}
        return dict(citation)
