"""What streams: previews and chats, as the builder, the API and OpenAI's clients ask for them."""

from django.urls import path

from conversations import kinds, openapi  # noqa: F401 (kinds registers talking_kind)
from conversations.openapi import documented
from conversations.views import chat, openai, panel

DRAFT = "<talking_kind:kind>/draft/<str:draft_id>/preview"
ENTITY = "<talking_kind:kind>/<uuid:entity_id>/chat"

urlpatterns = [
    path(f"w/<slug:workspace>/{DRAFT}/messages", panel.messages),
    path(f"api/v1/{DRAFT}", documented(chat.preview_draft, post=openapi.PREVIEW)),
    path(f"api/v1/{ENTITY}", documented(chat.chat, post=openapi.CHAT)),
    path(f"api/v1/{ENTITY}/messages", documented(chat.said, get=openapi.SAID)),
    path("v1/chat/completions", documented(openai.completions, post=openapi.COMPLETIONS)),
    path("v1/models", documented(openai.models, get=openapi.MODELS)),
    path("v1/models/<str:name>", documented(openai.model, get=openapi.ONE_MODEL)),
]
