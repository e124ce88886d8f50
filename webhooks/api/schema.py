"""What the API takes for webhooks, and how its documentation describes what it gives."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from conversations.api_schema import AssistantRef
from webhooks.events import NAMES
from webhooks.models import LONGEST_URL, EventDelivery
from webhooks.payloads import VERSION
from workspaces.api import Name, StrictSerializer
from workspaces.names import LONGEST_NAME

EVENT = OpenApiParameter("event", str, required=True, enum=NAMES)
OF_BOT = OpenApiParameter("assistant_id", OpenApiTypes.UUID, description="Only of this bot.")
HOOK_ID = OpenApiParameter("hook_id", OpenApiTypes.UUID, OpenApiParameter.PATH)
WEBHOOK_ID = OpenApiParameter("subscription_id", OpenApiTypes.UUID, OpenApiParameter.PATH)
DELIVERY_ID = OpenApiParameter("delivery_id", OpenApiTypes.UUID, OpenApiParameter.PATH)


class NewHook(StrictSerializer):
    """As Zapier sends it."""

    target_url = serializers.CharField(max_length=LONGEST_URL)
    event = serializers.ChoiceField(choices=NAMES)
    assistant_id = serializers.UUIDField(
        required=False, allow_null=True, help_text="Only of this bot."
    )
    chatbot_id = serializers.UUIDField(
        required=False, allow_null=True, help_text="The same, under another name."
    )


class HookAnswer(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="What to delete when the Zap is switched off.")


class EventAnswer(serializers.Serializer[Any]):
    """An event, as it is sent."""

    id = serializers.CharField(help_text="The same for whoever is told, however often.")
    type = serializers.ChoiceField(choices=NAMES)
    version = serializers.IntegerField(min_value=VERSION)
    timestamp = serializers.DateTimeField()
    data = serializers.DictField(  # type: ignore[assignment]
        help_text="`assistant`, `conversation`, and `message`, `lead` or `handoff`."
    )


class NewWebhook(StrictSerializer):
    url = serializers.CharField(max_length=LONGEST_URL, help_text="By https.")
    events = serializers.ListField(child=serializers.ChoiceField(choices=NAMES), min_length=1)
    name = Name(max_length=LONGEST_NAME, required=False, allow_blank=True)
    assistant_id = serializers.UUIDField(
        required=False, allow_null=True, help_text="Only of this bot; `null`: of all."
    )


class WebhookChange(StrictSerializer):
    """What is left out stays as it is."""

    url = serializers.CharField(max_length=LONGEST_URL, required=False)
    events = serializers.ListField(
        child=serializers.ChoiceField(choices=NAMES), min_length=1, required=False
    )
    name = Name(max_length=LONGEST_NAME, required=False, allow_blank=True)
    assistant_id = serializers.UUIDField(required=False, allow_null=True)
    status = serializers.ChoiceField(choices=["active", "paused"], required=False)


class WebhookAnswer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField(allow_blank=True)
    source = serializers.CharField(  # type: ignore[assignment]
        help_text="`webhook`, or `zapier` for what Zapier made."
    )
    url = serializers.CharField(help_text="Its beginning and its end: the rest is not shown again.")
    events = serializers.ListField(child=serializers.CharField())
    assistant = AssistantRef(allow_null=True)
    status = serializers.ChoiceField(choices=["active", "paused", "disabled"])
    reason = serializers.CharField(
        allow_null=True, help_text="Why it is disabled: `failing`, `gone`, `key` or `left`."
    )
    failing_since = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class MadeWebhook(WebhookAnswer):
    secret = serializers.CharField(help_text="What calls are signed with. It is not shown again.")


class SecretAnswer(serializers.Serializer[Any]):
    secret = serializers.CharField(help_text="What calls are signed with. It is not shown again.")


class WebhookList(serializers.Serializer[Any]):
    results = WebhookAnswer(many=True)
    next = serializers.CharField(allow_null=True)


class DeliveryAnswer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    event_id = serializers.CharField()
    event = serializers.CharField()
    test = serializers.BooleanField()
    status = serializers.ChoiceField(choices=EventDelivery.Status.values)
    attempts = serializers.IntegerField()
    response_status = serializers.IntegerField(allow_null=True)
    response = serializers.CharField(allow_blank=True, help_text="The beginning of the answer.")
    error = serializers.CharField(allow_blank=True)
    duration_ms = serializers.IntegerField(allow_null=True)
    next_attempt_at = serializers.DateTimeField(allow_null=True)
    attempted_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class DeliveryDetail(DeliveryAnswer):
    payload = serializers.CharField(help_text="The JSON text as it is sent.")
