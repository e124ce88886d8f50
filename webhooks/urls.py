"""Addresses of the pages of webhooks, among a workspace's settings."""

from django.urls import include, path

from webhooks.views import deliveries, subscriptions

_ONE = "<uuid:subscription_id>"
_DELIVERY = f"{_ONE}/deliveries/<uuid:delivery_id>"

_pages = [
    path("", subscriptions.webhooks, name="webhooks"),
    path("new/", subscriptions.new, name="new"),
    path(f"{_ONE}/", deliveries.webhook, name="webhook"),
    path(f"{_ONE}/change/", subscriptions.change, name="change"),
    path(f"{_ONE}/secret/", subscriptions.replace_secret, name="replace-secret"),
    path(f"{_ONE}/pause/", subscriptions.pause, name="pause"),
    path(f"{_ONE}/resume/", subscriptions.resume, name="resume"),
    path(f"{_ONE}/delete/", subscriptions.delete, name="delete"),
    path(f"{_ONE}/test/", deliveries.send_test, name="test"),
    path(f"{_DELIVERY}/", deliveries.delivery, name="delivery"),
    path(f"{_DELIVERY}/redeliver/", deliveries.redeliver, name="redeliver"),
]

urlpatterns = [
    path("w/<slug:workspace>/settings/webhooks/", include((_pages, "webhooks"))),
]
