"""What streams: previews and chats, as the builder, the API and OpenAI's clients ask for them."""

from django.urls import path

from conversations.views import chat, panel

urlpatterns = [
    path("w/<slug:workspace>/<slug:kind>/draft/<str:draft_id>/preview/messages", panel.messages),
    path("api/v1/<slug:kind>/draft/<str:draft_id>/preview", chat.preview_draft),
    path("api/v1/<slug:kind>/<uuid:entity_id>/chat", chat.chat),
]
