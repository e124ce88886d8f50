"""Addresses of knowledge bases' own, below ``/api/v1/``; what all kinds have is in ``drafts``."""

from django.urls import path

from drafts.types import by_url_name
from knowledge.api import bases, evaluating, sources, trying

DRAFT = "kb/draft/<str:draft_id>"
SOURCE = f"{DRAFT}/sources/<str:source_id>"
BASE = "kb/<uuid:entity_id>"
DOCUMENT = f"{BASE}/documents/<uuid:document_id>"

urlpatterns = [
    path(f"{DRAFT}/finalize", sources.Finalize.as_view(), {"kind": by_url_name("kb")}),
    path(f"{DRAFT}/preview", trying.Preview.as_view()),
    path(f"{DRAFT}/search", trying.Search.as_view()),
    path(f"{DRAFT}/evaluate", evaluating.Evaluate.as_view()),
    path(f"{DRAFT}/evaluation", evaluating.Evaluation.as_view()),
    path(f"{DRAFT}/evaluation/cancel", evaluating.CancelEvaluation.as_view()),
    path(f"{DRAFT}/questions/import", evaluating.ImportQuestions.as_view()),
    path(f"{DRAFT}/questions/export", evaluating.ExportQuestions.as_view()),
    path(f"{DRAFT}/questions/make", evaluating.MakeQuestions.as_view()),
    path(f"{DRAFT}/questions/make/cancel", evaluating.CancelQuestions.as_view()),
    path(f"{DRAFT}/sources", sources.Sources.as_view()),
    path(f"{DRAFT}/sources/upload", sources.Upload.as_view()),
    path(f"{DRAFT}/sources/text", sources.Text.as_view()),
    path(f"{DRAFT}/sources/website", sources.Website.as_view()),
    path(f"{DRAFT}/sources/notion", sources.Notion.as_view()),
    path(f"{DRAFT}/sources/google_docs", sources.GoogleDocs.as_view()),
    path(SOURCE, sources.OneSource.as_view()),
    path(f"{SOURCE}/retry", sources.Retry.as_view()),
    path(f"{SOURCE}/cancel", sources.Cancel.as_view()),
    path(f"{SOURCE}/pages", sources.Pages.as_view()),
    path(f"{SOURCE}/pages/<int:number>", sources.OnePage.as_view()),
    path(f"{BASE}/progress", bases.Progress.as_view()),
    path(f"{BASE}/cancel", bases.Cancel.as_view()),
    path(f"{BASE}/reindex", bases.Reindex.as_view()),
    path(f"{BASE}/search", bases.Search.as_view()),
    path(f"{BASE}/documents", bases.Documents.as_view()),
    path(DOCUMENT, bases.OneDocument.as_view()),
    path(f"{DOCUMENT}/retry", bases.RetryDocument.as_view()),
]
