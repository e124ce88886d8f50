"""The pages of webhooks in a workspace's settings."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from django.test import Client
from django.utils import timezone

from tests.support.people import member, signed_in
from webhooks.models import EventDelivery, Subscription
from workspaces.models import Role

if TYPE_CHECKING:
    from tests.webhooks.conftest import Desk, Program
    from workspaces.access import Actor

BASE = "/w/acme/settings/webhooks/"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _clean(redis_clean: None) -> None:
    """Limits of one test are not another's."""


@pytest.fixture
def page(alice: Actor) -> Client:
    return signed_in(Client(), alice)


def text(answer: Any) -> str:
    found: str = answer.content.decode()
    return found


def test_a_webhook_is_added_and_its_secret_shown_once(desk: Desk, page: Client) -> None:
    assert "No webhooks yet" in text(page.get(BASE))
    form = {"name": "Help desk", "url": desk.hook.url, "events": ["lead.created"]}
    made = page.post(f"{BASE}new/", form)
    assert made.status_code == 200
    assert "no-store" in made["Cache-Control"]
    (desk.hook.secret,) = {word for word in text(made).split('"') if word.startswith("whsec_")}
    listed = text(page.get(BASE))
    assert "Help desk" in listed
    assert "New lead" in listed
    detail = text(page.get(f"{BASE}{desk.row.pk}/"))
    for shown in (listed, detail):
        assert desk.hook.secret not in shown
        assert desk.hook.url not in shown
    page.post(f"{BASE}{desk.row.pk}/test/")
    desk.work()
    assert len(desk.hook.taken) == 1


def test_what_is_wrong_is_said_at_its_field(desk: Desk, page: Client) -> None:
    form = {"name": "", "url": "http://example.com/x", "events": ["lead.created"]}
    refused = page.post(f"{BASE}new/", form)
    assert refused.status_code == 422
    assert "Use an address that begins with https://." in text(refused)
    assert 'value="http://example.com/x"' in text(refused)
    refused = page.post(f"{BASE}new/", {"url": "https://example.com/x"})
    assert (refused.status_code, Subscription.objects.count()) == (422, 0)


def test_an_address_that_is_left_empty_stays(desk: Desk, page: Client) -> None:
    made = desk.webhook("lead.created")
    path = f"{BASE}{made.pk}/change/"
    assert desk.hook.url not in text(page.get(path))
    bot = str(desk.bot.pk)
    form = {"name": "New name", "events": ["message.created"], "assistant_id": bot}
    assert page.post(path, form).status_code == 302
    desk.say()
    desk.work()
    assert len(desk.hook.taken) == 2
    assert (desk.row.name, desk.row.entity_id) == ("New name", desk.bot.pk)


def test_the_log_shows_each_delivery_and_sends_it_again(desk: Desk, page: Client) -> None:
    made = desk.webhook("message.created")
    desk.answers(500, body={"error": "<script>alert(1)</script>"})
    desk.say()
    desk.work()
    shown = page.get(f"{BASE}{made.pk}/", headers=HTMX)
    assert text(shown).lstrip().startswith('<section class="stack" id="deliveries"')
    assert "every 2s" in text(shown)
    tried = EventDelivery.objects.filter(attempts=1)[0]
    one = text(page.get(f"{BASE}{made.pk}/deliveries/{tried.pk}/"))
    assert "The receiver answered 500." in one
    assert "&lt;script&gt;alert(1)" in one
    assert "<script>alert(1)" not in one
    assert "&quot;message.created&quot;" in one
    assert "1 of 10 at most" in one
    # What waits longer is looked at too, only not so often.
    later = timezone.now() + timedelta(hours=2)
    EventDelivery.objects.filter(pk=tried.pk).update(attempts=4, next_attempt_at=later)
    assert "every 15s" in text(page.get(f"{BASE}{made.pk}/deliveries/{tried.pk}/"))
    desk.answers(200)
    again = page.post(f"{BASE}{made.pk}/deliveries/{tried.pk}/redeliver/", follow=True)
    assert "The event is on its way again, from the first attempt on." in text(again)
    assert "every 2s" in text(again)
    desk.work()
    tried.refresh_from_db()
    assert tried.status == "sent"
    done = text(page.get(f"{BASE}{made.pk}/deliveries/{tried.pk}/", headers=HTMX))
    assert "Delivered" in done
    assert "hx-get" not in done


def test_a_long_log_has_pages(desk: Desk, page: Client) -> None:
    made = desk.webhook("message.created")
    for number in range(15):
        desk.say(f"s-{number}")
    desk.work()
    first = text(page.get(f"{BASE}{made.pk}/"))
    assert first.count("/deliveries/") == 25
    older = first.split('rel="next" href="')[1].split('"')[0]
    second = text(page.get(older))
    assert second.count("/deliveries/") == 5
    assert "Newest" in second


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"status": "disabled", "reason": "gone"}, "the address is gone (410)"),
        ({"status": "disabled", "reason": "failing"}, "Nothing could be delivered for five days"),
        ({"status": "disabled", "reason": "key"}, "The API key that made it cannot be used"),
        ({"status": "disabled", "reason": "left"}, "no longer a member"),
        ({"status": "paused"}, "Paused. What happens meanwhile is not sent"),
        ({"failing_since": "2026-01-05T09:30Z"}, "Deliveries have failed since"),
    ],
    ids=["gone", "failing for days", "key", "left", "paused", "failing"],
)
def test_what_is_wrong_with_a_webhook_is_said(
    desk: Desk, page: Client, changes: dict[str, Any], words: str
) -> None:
    made = desk.webhook()
    Subscription.objects.update(**changes)
    assert words in text(page.get(f"{BASE}{made.pk}/"))
    if "status" in changes:
        sent = page.post(f"{BASE}{made.pk}/test/", follow=True)
        assert "Resume the webhook first" in text(sent)
        page.post(f"{BASE}{made.pk}/resume/")
        assert desk.row.status == "active"


def test_it_is_paused_replaced_and_deleted_by_hand(desk: Desk, page: Client) -> None:
    path = f"{BASE}{desk.webhook(name='Help desk').pk}"
    assert "is paused" in text(page.post(f"{path}/pause/", follow=True))
    assert "Replace the secret of Help desk?" in text(page.get(f"{path}/secret/", headers=HTMX))
    old = desk.hook.secret
    shown = text(page.post(f"{path}/secret/"))
    assert "whsec_" in shown
    assert old not in shown
    assert "Delete Help desk?" in text(page.get(f"{path}/delete/", headers=HTMX))
    assert "Help desk is deleted." in text(page.post(f"{path}/delete/", follow=True))
    assert not Subscription.objects.exists()


def test_what_zapier_made_is_shown_and_only_deleted(desk: Desk, page: Client, api: Program) -> None:
    zap = "https://hooks.zapier.com/hooks/standard/1/0123456789/"
    made = api("POST", "hooks", {"target_url": zap, "event": "lead.created"}).json()["id"]
    detail = text(page.get(f"{BASE}{made}/"))
    assert "Key “Zapier” (Zapier)" in detail
    assert zap not in detail
    assert "/change/" not in detail
    for part in ("change", "secret"):
        assert page.get(f"{BASE}{made}/{part}/").status_code == 404
    assert page.post(f"{BASE}{made}/pause/").status_code == 404
    assert page.post(f"{BASE}{made}/delete/").status_code == 302
    assert "No webhooks yet" in text(page.get(BASE))


def test_the_palette_finds_the_page(page: Client) -> None:
    found = page.get("/w/acme/find/?q=webhook").json()
    assert BASE in [each["url"] for each in found["results"]]


class Row(NamedTuple):
    """A route, and the least role that may take it."""

    method: str
    path: str
    least: Role


V, A = Role.VIEWER, Role.ADMIN
MATRIX = [
    Row("get", "", V),
    Row("get", "new/", A),
    Row("post", "new/", A),
    Row("get", "{one}/", V),
    Row("get", "{one}/deliveries/{delivery}/", V),
    *(Row("post", f"{{one}}/{name}/", A) for name in ("pause", "resume", "test")),
    *(Row("get", f"{{one}}/{name}/", A) for name in ("change", "secret", "delete")),
    *(Row("post", f"{{one}}/{name}/", A) for name in ("change", "secret", "delete")),
    Row("post", "{one}/deliveries/{delivery}/redeliver/", A),
]


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.name.lower())
def test_every_page_admits_its_roles_and_no_other(desk: Desk, mallory: Actor, role: Role) -> None:
    stranger = signed_in(Client(), mallory)
    client = signed_in(Client(), member("Walter", desk.alice.workspace, role))
    for row in MATRIX:
        made = desk.webhook("conversation.created")
        desk.say(f"s-{made.pk}")
        desk.work()
        delivery = made.deliveries.latest("created_at").pk
        path = BASE + row.path.format(one=made.pk, delivery=delivery)
        assert getattr(Client(), row.method)(path).status_code == 302
        assert getattr(stranger, row.method)(path).status_code == 404
        if row.path.startswith("{one}"):
            own = path.replace("/acme/", "/evil/")
            assert getattr(stranger, row.method)(own).status_code == 404, own
        status = getattr(client, row.method)(path).status_code
        assert status in ({200, 302, 422} if role >= row.least else {403}), row
