"""How knowledge's part of the API is described in the schema. Nothing here is used to answer."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

SOURCE_ID = OpenApiParameter("source_id", str, OpenApiParameter.PATH)
NUMBER = OpenApiParameter("number", int, OpenApiParameter.PATH)


class Source(serializers.Serializer[Any]):
    """One source; what it has besides depends on its `type`."""

    id = serializers.CharField()
    type = serializers.CharField()
    name = serializers.CharField(required=False, allow_blank=True)
    status = serializers.ChoiceField(["pending", "parsing", "ready", "failed"], required=False)
    error = serializers.CharField(allow_null=True, required=False)
    pages = serializers.IntegerField(required=False)
    characters = serializers.IntegerField(required=False)
    content_hash = serializers.CharField(allow_null=True, required=False)


class Sources(serializers.Serializer[Any]):
    sources = Source(many=True)


class Upload(serializers.Serializer[Any]):
    file = serializers.ListField(child=serializers.FileField())


class OneFile(serializers.Serializer[Any]):
    file = serializers.FileField()


class NewText(serializers.Serializer[Any]):
    name = serializers.CharField(required=False, allow_blank=True)
    content = serializers.CharField()
    format = serializers.ChoiceField(["markdown", "text"], required=False)


class NewWebsite(serializers.Serializer[Any]):
    url = serializers.URLField()
    crawl_config = serializers.DictField(required=False)


class NewNotion(serializers.Serializer[Any]):
    page_id = serializers.CharField(help_text="Of a page or a database; an address will do.")
    credential_id = serializers.UUIDField(help_text="Of the kind `notion`.")


class NewGoogleDocs(serializers.Serializer[Any]):
    file_id = serializers.CharField(help_text="Of a document; an address will do.")
    credential_id = serializers.UUIDField(help_text="Of the kind `google`.")


class SourcePatch(serializers.Serializer[Any]):
    """The members to change."""

    name = serializers.CharField(required=False, allow_blank=True)
    enabled = serializers.BooleanField(required=False)
    annotations = serializers.DictField(required=False)
    chunking_config = serializers.DictField(required=False, allow_null=True)


class PageRow(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    title = serializers.CharField(allow_blank=True)
    url = serializers.CharField(allow_blank=True)
    text = serializers.CharField(allow_blank=True, help_text="As it is indexed.")
    original = serializers.CharField(allow_blank=True, help_text="As it was read.")
    edited = serializers.BooleanField()
    approved = serializers.BooleanField()
    digest = serializers.CharField()


class Pages(serializers.Serializer[Any]):
    pages = PageRow(many=True)


class PagePatch(serializers.Serializer[Any]):
    text = serializers.CharField(required=False, allow_blank=True)
    approved = serializers.BooleanField(required=False)
    seen = serializers.CharField(required=False, allow_blank=True)


DOCUMENT_ID = OpenApiParameter("document_id", OpenApiTypes.UUID, OpenApiParameter.PATH)


class ProgressDocument(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    status = serializers.ChoiceField(["waiting", "indexing", "ready", "failed"])
    chunks = serializers.IntegerField()
    error = serializers.CharField(allow_null=True)


class ProgressStats(serializers.Serializer[Any]):
    documents = serializers.IntegerField()
    chunks = serializers.IntegerField()
    tokens = serializers.IntegerField()
    seconds = serializers.FloatField()


class Progress(serializers.Serializer[Any]):
    status = serializers.ChoiceField(
        ["queued", "indexing", "ready", "ready_with_warnings", "failed", "cancelled"]
    )
    stage = serializers.CharField()
    percent = serializers.IntegerField()
    documents = ProgressDocument(many=True)
    stats = ProgressStats()
    started_at = serializers.DateTimeField(allow_null=True)
    updated_at = serializers.DateTimeField()


FILTERS_HELP = "What may answer; all must hold. Left out: no limit. An empty list: nothing."


class DraftFilters(serializers.Serializer[Any]):
    sources = serializers.ListField(child=serializers.CharField(), required=False)
    tags = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="One of them is enough."
    )


class Filters(DraftFilters):
    documents = serializers.ListField(child=serializers.UUIDField(), required=False)
    languages = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Such as `english`."
    )


class DraftQuestion(serializers.Serializer[Any]):
    query = serializers.CharField()
    top_k = serializers.IntegerField(required=False, min_value=1, max_value=50)
    search_method = serializers.ChoiceField(["hybrid", "vector", "keyword"], required=False)
    score_threshold = serializers.FloatField(required=False, min_value=0, max_value=1)
    rerank = serializers.BooleanField(required=False)
    filters = DraftFilters(required=False, help_text=FILTERS_HELP)


class Question(DraftQuestion):
    filters = Filters(required=False, help_text=FILTERS_HELP)


class Scores(serializers.Serializer[Any]):
    keyword = serializers.FloatField()
    vector = serializers.FloatField()
    rerank = serializers.FloatField(
        allow_null=True, help_text="0 to 1; null where the passage was not reranked."
    )


class Passage(serializers.Serializer[Any]):
    title = serializers.CharField()
    url = serializers.CharField(allow_null=True)
    page = serializers.IntegerField()
    content = serializers.CharField()
    headings = serializers.ListField(child=serializers.CharField())
    score = serializers.FloatField(help_text="Orders these results; 1 is the best there could be.")
    relevance = serializers.FloatField(help_text="0 to 1; thresholds are about it.")
    scores = Scores()


class FoundPassage(Passage):
    document_id = serializers.CharField()
    chunk_id = serializers.CharField()


class Found(serializers.Serializer[Any]):
    query = serializers.CharField()
    results = FoundPassage(many=True)


class DocumentRow(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    source_id = serializers.CharField()
    type = serializers.CharField()
    mime_type = serializers.CharField(allow_blank=True)
    url = serializers.CharField(allow_null=True)
    language = serializers.CharField(allow_null=True)
    enabled = serializers.BooleanField()


class WholeDocument(DocumentRow):
    pages = serializers.ListField(child=serializers.DictField())


class Documents(serializers.Serializer[Any]):
    documents = DocumentRow(many=True)


class DocumentPatch(serializers.Serializer[Any]):
    enabled = serializers.BooleanField()


class PreviewChunk(serializers.Serializer[Any]):
    source_id = serializers.CharField()
    content = serializers.CharField()
    position = serializers.IntegerField()
    enabled = serializers.BooleanField(help_text="False: left out, neither indexed nor found.")
    edited = serializers.BooleanField(help_text="Whether somebody wrote or merged its text.")
    metadata = serializers.DictField()


class Preview(serializers.Serializer[Any]):
    draft_id = serializers.CharField()
    sources = Source(many=True)
    chunks_preview = PreviewChunk(many=True)
    total_chunks_estimated = serializers.IntegerField()
    more_chunks = serializers.BooleanField(
        help_text="Whether there are others behind them. Of a draft with more than 20,000 chunks "
        "those beyond are indexed and cannot be looked at before."
    )
    unused_edits = serializers.ListField(
        child=serializers.CharField(),
        help_text="The ids of `chunk_edits` that fit nowhere in the texts any more.",
    )
    status = serializers.ChoiceField(["preview", "preparing"])


class TriedPassage(Passage):
    source_id = serializers.CharField()


class Tried(serializers.Serializer[Any]):
    """While not all chunks are embedded, words alone count."""

    query = serializers.CharField()
    results = TriedPassage(many=True)
    embedded_chunks = serializers.IntegerField()
    total_chunks = serializers.IntegerField()


class EvaluationFigures(serializers.Serializer[Any]):
    questions = serializers.IntegerField()
    k = serializers.IntegerField(help_text="The passages that an answer rests on: `top_k`.")
    recall_at_k = serializers.FloatField()
    mrr_at_10 = serializers.FloatField()
    ndcg_at_10 = serializers.FloatField()


class QuestionsWanted(serializers.Serializer[Any]):
    count = serializers.IntegerField(required=False)


class QuestionsMade(serializers.Serializer[Any]):
    status = serializers.ChoiceField(["none", "running", "done", "failed", "stopped"])
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    error = serializers.CharField(allow_null=True)


class EvaluatedQuestion(serializers.Serializer[Any]):
    id = serializers.CharField()
    question = serializers.CharField()
    expected = serializers.CharField()
    rank = serializers.IntegerField(
        allow_null=True,
        help_text="Of the first passage that holds the answer; null: none does, or a chatbot would "
        "not answer from what was found.",
    )


class EvaluationComparison(serializers.Serializer[Any]):
    """Over the questions that both versions were asked."""

    version = serializers.IntegerField()
    before = EvaluationFigures()
    after = EvaluationFigures()
    losses = serializers.ListField(child=serializers.ChoiceField(["recall", "mrr", "ndcg"]))


class EvaluationRun(EvaluationFigures):
    at = serializers.DateTimeField()
    current = serializers.BooleanField(
        help_text="False: the chunks or the settings have changed since."
    )
    unasked = serializers.IntegerField(help_text="Questions that are new or changed since.")
    results = EvaluatedQuestion(many=True)


class Evaluation(serializers.Serializer[Any]):
    status = serializers.ChoiceField(["none", "running", "done", "stopped", "failed"])
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    error = serializers.CharField(allow_null=True)
    run = EvaluationRun(allow_null=True)
    comparison = EvaluationComparison(allow_null=True)


class ImportedQuestions(serializers.Serializer[Any]):
    added = serializers.IntegerField()
    questions = serializers.IntegerField(help_text="How many the draft has now.")
