"""Tables of the knowledge room."""

from knowledge.models.base import KnowledgeBase
from knowledge.models.document import Document
from knowledge.models.index import Chunk, Embedding, Index, Posting, Term

__all__ = ["Chunk", "Document", "Embedding", "Index", "KnowledgeBase", "Posting", "Term"]
