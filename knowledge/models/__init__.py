"""Tables of the knowledge room."""

from knowledge.models.base import KnowledgeBase
from knowledge.models.document import Document

__all__ = ["Document", "KnowledgeBase"]
