"""The screens of the knowledge base builder, and which fields of the document each of them owns."""

from django.utils.translation import gettext_lazy as _

from drafts.step import Step
from knowledge.forms.basic import BasicForm
from knowledge.forms.chunks import ChunksForm
from knowledge.forms.evaluate import EvaluateForm
from knowledge.forms.search import SearchForm
from knowledge.forms.sources import SourcesForm

STEPS = (
    Step("basic", _("Basic"), ("name", "description", "context"), BasicForm, icon="book-open"),
    Step(
        "sources",
        _("Sources"),
        ("sources",),
        SourcesForm,
        "knowledge/steps/sources.html",
        "file-text",
        above="knowledge/steps/add_sources.html",
    ),
    Step(
        "chunks",
        _("Chunks"),
        ("chunking_config", "chunk_edits"),
        ChunksForm,
        icon="layers",
        below="knowledge/steps/chunks.html",
    ),
    Step(
        "search",
        _("Search"),
        ("embedding_config", "vector_store_config", "retrieval_config"),
        SearchForm,
        icon="search",
    ),
    Step(
        "evaluate",
        _("Evaluate"),
        ("test_questions",),
        EvaluateForm,
        icon="gauge",
        above="knowledge/steps/evaluate.html",
    ),
)
