"""Tables of the knowledge room."""

from knowledge.models.base import KnowledgeBase
from knowledge.models.document import Document, DocumentText, ReleasedDocument
from knowledge.models.evaluation import EvaluationRun
from knowledge.models.index import Chunk, Embedding, Index, Posting, Term
from knowledge.models.indexing import IndexedDocument, KeptVector
from knowledge.models.refresh import SourceRefresh

__all__ = [
    "Chunk",
    "Document",
    "DocumentText",
    "Embedding",
    "EvaluationRun",
    "Index",
    "IndexedDocument",
    "KeptVector",
    "KnowledgeBase",
    "Posting",
    "ReleasedDocument",
    "SourceRefresh",
    "Term",
]
