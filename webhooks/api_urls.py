"""Addresses of the API of events, below ``/api/v1/``."""

from django.urls import path

from webhooks.api import hooks, webhooks

_ONE = "webhooks/<uuid:subscription_id>"
_DELIVERY = f"{_ONE}/deliveries/<uuid:delivery_id>"

urlpatterns = [
    path("hooks", hooks.Hooks.as_view()),
    path("hooks/samples", hooks.HookSamples.as_view()),
    path("hooks/events", hooks.HookEvents.as_view()),
    path("hooks/<uuid:hook_id>", hooks.OneHook.as_view()),
    path("webhooks", webhooks.Webhooks.as_view()),
    path(_ONE, webhooks.OneWebhook.as_view()),
    path(f"{_ONE}/secret", webhooks.WebhookSecret.as_view()),
    path(f"{_ONE}/test", webhooks.WebhookTest.as_view()),
    path(f"{_ONE}/deliveries", webhooks.Deliveries.as_view()),
    path(_DELIVERY, webhooks.OneDelivery.as_view()),
    path(f"{_DELIVERY}/redeliver", webhooks.Redelivery.as_view()),
]
