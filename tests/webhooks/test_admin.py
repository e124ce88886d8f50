"""Webhooks in the admin: read, never changed, and nothing secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.test import Client
from django.urls import reverse

from workspaces.models import User

if TYPE_CHECKING:
    from tests.webhooks.conftest import Desk


def test_everything_is_shown_and_nothing_changed(desk: Desk, acme: object) -> None:
    desk.webhook(name="Help desk")
    desk.say()
    desk.work()
    boss = User.objects.create_superuser("boss@example.com", "x")
    client = Client()
    client.force_login(boss)
    rows = {"subscription": desk.row, "eventdelivery": desk.row.deliveries.latest("created_at")}
    for name, row in rows.items():
        listed = client.get(reverse(f"admin:webhooks_{name}_changelist"))
        assert "Help desk" in listed.content.decode()
        one = reverse(f"admin:webhooks_{name}_change", args=[row.pk])
        shown = client.get(one)
        assert shown.status_code == 200
        words = shown.content.decode()
        assert desk.hook.url not in words
        assert desk.row.encrypted not in words
        assert client.post(one, {}).status_code == 403
        assert client.get(reverse(f"admin:webhooks_{name}_add")).status_code == 403
        gone = reverse(f"admin:webhooks_{name}_delete", args=[row.pk])
        assert client.post(gone, {"post": "yes"}).status_code == 403
