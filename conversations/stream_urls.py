"""What streams: previews and chats, as the builder, the API and OpenAI's clients ask for them."""

from django.urls import path

from conversations.views import chat, openai, panel

urlpatterns = [
    path("w/<slug:workspace>/<slug:kind>/draft/<str:draft_id>/preview/messages", panel.messages),
    path("api/v1/<slug:kind>/draft/<str:draft_id>/preview", chat.preview_draft),
    path("api/v1/<slug:kind>/<uuid:entity_id>/chat", chat.chat),
    path("v1/chat/completions", openai.completions),
    path("v1/models", openai.models),
    path("v1/models/<str:name>", openai.model),
]
