"""Tables of the knowledge room."""

from knowledge.models.base import KnowledgeBase
from knowledge.models.document import Document, DocumentText, ReleasedDocument

__all__ = ["Document", "DocumentText", "KnowledgeBase", "ReleasedDocument"]
