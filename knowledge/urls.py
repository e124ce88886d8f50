"""What the knowledge base builder has besides its forms, and the pages of live bases."""

from django.urls import include, path

from knowledge.views import sources

app_name = "knowledge"
KIND = {"kind": "kb"}

source = [
    path("retry/", sources.retry, KIND, name="retry"),
    path("stop/", sources.stop, KIND, name="stop"),
    path("pages/", sources.source_pages, KIND, name="pages"),
    path("pages/<int:number>/", sources.edit_page, KIND, name="edit_page"),
]
draft = [
    path("sources/upload/", sources.upload, KIND, name="upload"),
    path("sources/text/", sources.text, KIND, name="text"),
    path("sources/website/", sources.website, KIND, name="website"),
    path("sources/progress/", sources.progress, KIND, name="progress"),
    path("sources/<str:source_id>/", include(source)),
]

urlpatterns = [
    path("w/<slug:workspace>/kb/draft/<str:draft_id>/", include(draft)),
]
