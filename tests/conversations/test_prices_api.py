"""What models cost a workspace, told by a program."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from conversations import pricing
from conversations.pricing import prices_of
from tests.support.people import member, signed_in
from workspaces import keys
from workspaces.models import AuditEntry, Role

if TYPE_CHECKING:
    from tests.conversations.conftest import Api
    from workspaces.access import Actor
    from workspaces.models import Workspace

pytestmark = pytest.mark.django_db


def get(key: str) -> Any:
    return Client().get("/api/v1/prices", headers={"Authorization": f"Bearer {key}"})


def put(key: str, **body: Any) -> Any:
    return Client().put(
        "/api/v1/prices",
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )


def price(read: Any, written: Any, model: str = "gpt-4o-mini") -> dict[str, Any]:
    return {"model": model, "usd_per_million_in": read, "usd_per_million_out": written}


def test_a_program_sets_and_takes_back_a_price(api: Api, evil_api: Api, acme: Workspace) -> None:
    assert get(api.key).json() == {"results": [], "next": None}
    answer = put(api.key, **price("0.1", 2))
    assert answer.json() == price("0.1000", "2.0000") | {"is_own": True}
    assert get(api.key).json()["results"] == [answer.json()]
    assert get(evil_api.key).json()["results"] == []
    # What the list says counts again, where it says something.
    assert put(api.key, **price(None, None)).json() == price("0.15", "0.60") | {"is_own": False}
    unknown = put(api.key, **price(None, None, "ours/small")).json()
    assert unknown == price(None, None, "ours/small") | {"is_own": False}
    assert prices_of(acme.pk).own == {}
    first = AuditEntry.objects.order_by("at").values_list("action", "target").first()
    assert first == ("price.set", "gpt-4o-mini")


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (price("1", None), "usd_per_million_out"),
        (price(None, "1"), "usd_per_million_in"),
        (price("-1", "1"), "usd_per_million_in"),
        (price("NaN", "1"), "usd_per_million_in"),
        (price("0.00001", "1"), "usd_per_million_in"),
        (price("1", "1", ""), "model"),
        (price("1", "1", "x" * 201), "model"),
        (price("1", "1") | {"currency": "EUR"}, "currency"),
    ],
)
def test_what_is_no_price_changes_nothing(
    api: Api, acme: Workspace, body: dict[str, Any], path: str
) -> None:
    answer = put(api.key, **body)
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, path)
    assert prices_of(acme.pk).own == {}


def test_members_read_and_admins_change(acme: Workspace, bob: Actor) -> None:
    put(keys.issue(acme, "server", "manage")[1], **price("1", "2"))
    for reader in (bob, member("Rita", acme, Role.VIEWER)):
        key = keys.issue(acme, "theirs", "manage", by=reader)[1]
        assert len(get(key).json()["results"]) == 1
        assert put(key, **price("3", "4")).status_code == 403
    assert get("pxb_x_y").status_code == 401


def test_a_workspace_has_so_many_prices(
    api: Api, alice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pricing, "MOST", 1)
    put(api.key, **price("1", "2"))
    assert put(api.key, **price("3", "4")).status_code == 200
    assert put(api.key, **price("1", "2", "another")).status_code == 422
    page = signed_in(Client(), alice).post(
        "/w/acme/analytics/price/?model=another", {"read": "1", "written": "2"}
    )
    assert page.status_code == 422
    assert "at most 1 prices" in page.content.decode()
