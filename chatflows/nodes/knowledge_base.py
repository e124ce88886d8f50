"""Looks something up in a knowledge base."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from chatflows.executor.node import Node, ReachingSettings, Result, TemplateText
from chatflows.executor.passages import block_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatflows.executor.call import Call
    from conversations.turn import Passage

# Of what is quoted word by word, the best few.
MOST_QUOTED = 3


class KnowledgeBaseSettings(ReachingSettings):
    """None keeps the base's own setting."""

    kb_id: str = Field(min_length=1, max_length=64, title="Knowledge base")
    query: TemplateText = Field(
        default="{{input}}", min_length=1, max_length=5000, title="Question"
    )
    top_k: int | None = Field(
        default=None,
        ge=1,
        le=50,
        title="Passages",
        description="Empty: as many as the knowledge base is set to.",
    )
    search_method: Literal["keyword", "vector", "hybrid"] | None = Field(
        default=None, title="Search method"
    )
    score_threshold: float | None = Field(
        default=None,
        ge=0,
        le=1,
        title="Least relevance",
        description="Empty: as the knowledge base is set.",
    )
    rerank: bool | None = Field(default=None, title="Rerank")


class KnowledgeBase(Node[KnowledgeBaseSettings]):
    """Gives the passages as ``results``; for a prompt, numbered and fenced, as ``context``; and as
    ``response`` the best of them word by word, with the numbers by which they are cited."""

    kind = "knowledge_base"
    settings = KnowledgeBaseSettings
    main = "response"
    outputs = ("response", "context", "results", "count")

    async def run(self, call: Call[KnowledgeBaseSettings]) -> Result:
        settings, question = call.settings, call.text("query")
        override = settings.model_dump(
            mode="json", include={"top_k", "search_method", "score_threshold", "rerank"}
        )
        base = {"kb_id": settings.kb_id, "override_retrieval": override}
        found = await call.ports.retriever.retrieve(question, (base,)) if question.strip() else ()
        passages = call.passages.numbered(found)
        call.passages.quoted(passages[:MOST_QUOTED])
        return _given(passages)

    def nothing(self) -> Result:
        return _given(())


def _given(passages: Sequence[Passage]) -> Result:
    return Result(
        {
            "response": "\n\n".join(map(_quoted, passages[:MOST_QUOTED])),
            "context": block_of(passages),
            "results": [_told(passage) for passage in passages],
            "count": len(passages),
        }
    )


def _quoted(passage: Passage) -> str:
    return f"{(passage.found or passage.text).strip()} [{passage.number}]"


def _told(passage: Passage) -> dict[str, Any]:
    return {
        "number": passage.number,
        "title": passage.title,
        "text": passage.text,
        "url": passage.url,
        "score": round(passage.score, 4),
    }
