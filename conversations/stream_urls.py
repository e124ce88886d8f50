"""What streams: previews and chats, as the builder, the API and OpenAI's clients ask for them."""

from django.urls import path

from conversations import openapi
from conversations.openapi import documented
from conversations.views import chat, openai, panel

urlpatterns = [
    path("w/<slug:workspace>/<slug:kind>/draft/<str:draft_id>/preview/messages", panel.messages),
    path(
        "api/v1/<slug:kind>/draft/<str:draft_id>/preview",
        documented(chat.preview_draft, post=openapi.PREVIEW),
    ),
    path(
        "api/v1/<slug:kind>/<uuid:entity_id>/chat",
        documented(chat.chat, post=openapi.CHAT),
    ),
    path("v1/chat/completions", documented(openai.completions, post=openapi.COMPLETIONS)),
    path("v1/models", documented(openai.models, get=openapi.MODELS)),
    path("v1/models/<str:name>", documented(openai.model, get=openapi.ONE_MODEL)),
]
