"""What the knowledge base builder has besides its forms, and the pages of live bases."""

from django.urls import URLPattern, URLResolver, include, path

from knowledge.views import bases, evaluating, lists, sources, trying

app_name = "knowledge"
KIND = {"kind": "kb"}

source: list[URLPattern | URLResolver] = [
    path("state/", sources.state, KIND, name="state"),
    path("retry/", sources.retry, KIND, name="retry"),
    path("stop/", sources.stop, KIND, name="stop"),
    path("pages/", sources.source_pages, KIND, name="pages"),
    path("pages/<int:number>/", sources.edit_page, KIND, name="edit_page"),
]
draft: list[URLPattern | URLResolver] = [
    path("chunk-list/", trying.chunks, KIND, name="chunks"),
    path("chunk-edits/", trying.edit_chunk, KIND, name="edit_chunk"),
    path("try/", trying.questions, KIND, name="try"),
    path("evaluation/", evaluating.evaluation, KIND, name="evaluation"),
    path("evaluation/start/", evaluating.start, KIND, name="evaluate"),
    path("evaluation/stop/", evaluating.stop, KIND, name="stop_evaluating"),
    path("questions/make/", evaluating.make, KIND, name="make_questions"),
    path("questions/making/", evaluating.making, KIND, name="making_questions"),
    path("questions/stop/", evaluating.stop_making, KIND, name="stop_questions"),
    path("questions/import/", evaluating.bring, KIND, name="import_questions"),
    path("questions/export/", evaluating.export, KIND, name="export_questions"),
    path("sources/upload/", sources.upload, KIND, name="upload"),
    path("sources/text/", sources.text, KIND, name="text"),
    path("sources/website/", sources.website, KIND, name="website"),
    path("sources/account/<str:type_>/", sources.account, KIND, name="account"),
    path("sources/unread/remove/", sources.remove_unread, KIND, name="remove_unread"),
    path("sources/<str:source_id>/", include(source)),
]
document: list[URLPattern | URLResolver] = [
    path("", bases.document, name="document"),
    path("retry/", bases.retry, name="retry_document"),
    path("switch/", bases.switch, name="switch_document"),
    path("replace/", bases.replace_document, name="replace_document"),
    path("delete/", bases.delete_document, name="delete_document"),
]
base: list[URLPattern | URLResolver] = [
    path("", bases.detail, name="detail"),
    path("search/", bases.search, name="search"),
    path("stop/", bases.stop, name="stop_indexing"),
    path("reindex/", bases.reindex, name="reindex"),
    path("delete/", bases.delete, name="delete"),
    path("documents/add/", bases.add_document, name="add_document"),
    path("documents/<uuid:document_id>/", include(document)),
]

urlpatterns = [
    path("w/<slug:workspace>/kb/passages/<uuid:document_id>/", bases.passage, name="passage"),
    path("w/<slug:workspace>/kb/", lists.bases, name="list"),
    path("w/<slug:workspace>/kb/<uuid:base_id>/", include(base)),
    path("w/<slug:workspace>/kb/draft/<str:draft_id>/", include(draft)),
]
