"""Webhooks over the API: their life, their log, and that nobody else has a hand in it."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from limits import RateLimitItemPerMinute

from common import webhook_signature
from tests.webhooks.conftest import Program
from webhooks import limits
from webhooks.models import EventDelivery
from workspaces import keys
from workspaces.models import AuditEntry, Membership, Role

if TYPE_CHECKING:
    from tests.webhooks.conftest import Desk
    from workspaces.access import Actor

NOWHERE = "00000000-0000-4000-8000-000000000000"


def made(desk: Desk, api: Program, **more: Any) -> dict[str, Any]:
    body = {"url": desk.hook.url, "events": ["message.created"], "name": "Mine", **more}
    answer = api("POST", "webhooks", body)
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json()
    desk.hook.secret = found["secret"]
    return found


def test_a_webhook_from_its_making_to_its_end(desk: Desk, api: Program) -> None:
    found = made(desk, api)
    secret = found.pop("secret")
    assert secret.startswith(webhook_signature.PREFIX)
    path = f"webhooks/{found['id']}"
    assert api("GET", path).json() == found
    assert api("GET", "webhooks").json() == {"results": [found], "next": None}
    assert found["url"].startswith(f"{desk.receiver.url}/…")
    assert (found["status"], found["reason"], found["assistant"]) == ("active", None, None)
    changed = api("PATCH", path, {"name": "Ours", "assistant_id": str(desk.bot.pk)}).json()
    assert (changed["name"], changed["events"]) == ("Ours", ["message.created"])
    assert changed["assistant"]["name"] == "Helper"
    assert api("PATCH", path, {"status": "paused"}).json()["status"] == "paused"
    assert api("POST", f"{path}/test").status_code == 409
    assert api("PATCH", path, {"status": "active"}).json()["status"] == "active"
    assert api("DELETE", path).status_code == 204
    assert api("DELETE", path).status_code == 404
    assert api("GET", "webhooks").json()["results"] == []
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == [
        f"subscription.{each}" for each in ("created", "changed", "paused", "resumed", "deleted")
    ]
    assert secret not in str(list(AuditEntry.objects.values()))


def test_deliveries_are_listed_and_sent_again(desk: Desk, api: Program) -> None:
    path = f"webhooks/{made(desk, api)['id']}"
    desk.answers(500, nth=1, body={"oh": "no"})
    desk.say()
    desk.work()
    listed = api("GET", f"{path}/deliveries?limit=1").json()
    rest = api("GET", listed["next"].partition("/api/v1/")[2]).json()
    rows = [*listed["results"], *rest["results"]]
    failed = next(each for each in rows if each["status"] == "pending")
    assert (failed["response_status"], failed["response"]) == (500, '{"oh": "no"}')
    assert (failed["error"], failed["attempts"]) == ("The receiver answered 500.", 1)
    assert failed["next_attempt_at"]
    whole = api("GET", f"{path}/deliveries/{failed['id']}").json()
    assert whole["payload"] == desk.receiver.calls[0].body.decode()
    again = api("POST", f"{path}/deliveries/{failed['id']}/redeliver")
    assert again.status_code == 202
    desk.work()
    found = api("GET", f"{path}/deliveries/{failed['id']}").json()
    assert (found["status"], found["response_status"], found["error"]) == ("sent", 200, "")


def test_a_new_secret_signs_from_then_on(desk: Desk, api: Program) -> None:
    path = f"webhooks/{made(desk, api)['id']}"
    old = desk.hook.secret
    desk.hook.secret = api("POST", f"{path}/secret").json()["secret"]
    assert desk.hook.secret != old
    assert api("POST", f"{path}/test").status_code == 202
    desk.work()
    assert len(desk.hook.taken) == 1
    api("PATCH", path, {"url": f"{desk.hook.url}?again"})
    desk.say()
    desk.work()
    assert len(desk.hook.taken) == 3


@pytest.mark.parametrize(
    ("body", "path"),
    [
        pytest.param({"url": "http://example.com/x"}, "url", id="not https"),
        pytest.param({"url": "https://127.0.0.2/x"}, "url", id="inside"),
        pytest.param({"url": "https://169.254.169.254/x"}, "url", id="metadata"),
        pytest.param({"url": "https://[::1]/x"}, "url", id="inside, by IPv6"),
        pytest.param({"url": "https://2130706433/x"}, "url", id="inside, as a number"),
        pytest.param({"url": "javascript:alert(1)"}, "url", id="a script"),
        pytest.param({"url": "https://example.com/" + "x" * 2000}, "url", id="too long"),
        pytest.param({"url": "https://xn--.example/x"}, "url", id="no name"),
        pytest.param({"events": ["nothing.happened"]}, "events.0", id="no such event"),
        pytest.param({"events": []}, "events", id="no event"),
        pytest.param({"assistant_id": NOWHERE}, "assistant_id", id="no such bot"),
        pytest.param({"secret": "whsec_mine"}, "secret", id="a secret of one's own"),
    ],
)
def test_what_is_not_right_is_refused(
    desk: Desk, api: Program, body: dict[str, Any], path: str
) -> None:
    whole = {"url": "https://example.com/x", "events": ["lead.created"], **body}
    refused = api("POST", "webhooks", whole)
    assert refused.status_code == 422, refused.content
    assert refused.json()["errors"][0]["path"] == path
    found = made(desk, api)
    changed = api("PATCH", f"webhooks/{found['id']}", body)
    assert changed.status_code == 422
    assert changed.json()["errors"][0]["path"] == path


def test_what_belongs_to_another_workspace_is_not_there(
    desk: Desk, api: Program, evil_api: Program
) -> None:
    found = made(desk, api)
    desk.say()
    desk.work()
    path = f"webhooks/{found['id']}"
    delivery = f"{path}/deliveries/{EventDelivery.objects.latest('pk').pk}"
    assert evil_api("GET", "webhooks").json()["results"] == []
    for method, where in [
        *(("GET", path), ("PATCH", path), ("DELETE", path), ("POST", f"{path}/test")),
        *(("POST", f"{path}/secret"), ("GET", f"{path}/deliveries"), ("GET", delivery)),
        ("POST", f"{delivery}/redeliver"),
    ]:
        assert evil_api(method, where, {} if method == "PATCH" else None).status_code == 404, where
    own = made(desk, evil_api)
    mixed = f"webhooks/{own['id']}/deliveries/{delivery.rpartition('/')[2]}"
    assert evil_api("GET", mixed).status_code == 404
    assert evil_api("POST", f"{mixed}/redeliver").status_code == 404


def test_an_editor_may_look_and_change_nothing(desk: Desk, api: Program, alice: Actor) -> None:
    path = f"webhooks/{made(desk, api)['id']}"
    key = Program(keys.issue(alice.workspace, "Mine", "manage", by=alice)[1])
    Membership.objects.filter(user=alice.user).update(role=Role.EDITOR)
    assert key("GET", path).status_code == 200
    assert key("GET", f"{path}/deliveries").status_code == 200
    for method, where in (("PATCH", path), ("DELETE", path), ("POST", f"{path}/test")):
        assert key(method, where, {}).status_code == 403


def test_what_zapier_made_is_zapiers_to_change(desk: Desk, api: Program) -> None:
    body = {"target_url": "https://hooks.zapier.com/hooks/standard/1/2/", "event": "lead.created"}
    path = f"webhooks/{api('POST', 'hooks', body).json()['id']}"
    assert api("GET", path).json()["url"] == "https://hooks.zapier.com/…1/2/"
    assert api("PATCH", path, {"name": "x"}).status_code == 404
    assert api("POST", f"{path}/secret").status_code == 404
    assert api("DELETE", path).status_code == 204


def test_by_hand_only_so_much_is_sent(
    desk: Desk, api: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"webhooks/{made(desk, api)['id']}/test"
    monkeypatch.setattr(limits, "BY_HAND", RateLimitItemPerMinute(1))
    assert api("POST", path).status_code == 202
    refused = api("POST", path)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0


def test_a_workspace_has_so_many(desk: Desk, api: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webhooks.subscribing.MOST_PER_WORKSPACE", 1)
    made(desk, api)
    more = api("POST", "webhooks", {"url": desk.hook.url, "events": ["lead.created"]})
    assert more.status_code == 422
    assert "at most 1 webhooks" in more.json()["detail"]


def test_what_is_sealed_moves_to_the_newest_key(desk: Desk, api: Program, settings: Any) -> None:
    made(desk, api)
    older = settings.CREDENTIALS_KEYS
    settings.CREDENTIALS_KEYS = [Fernet.generate_key().decode(), *older]
    out = StringIO()
    call_command("rotate_credentials", stdout=out)
    assert out.getvalue() == "1 credentials and webhooks are encrypted under the newest key.\n"
    settings.CREDENTIALS_KEYS = settings.CREDENTIALS_KEYS[:1]
    desk.say()
    desk.work()
    assert len(desk.hook.taken) == 2


def test_an_address_that_cannot_be_read_is_said_and_can_be_typed_again(
    desk: Desk, api: Program, settings: Any
) -> None:
    path = f"webhooks/{made(desk, api)['id']}"
    settings.CREDENTIALS_KEYS = [Fernet.generate_key().decode()]
    desk.say()
    desk.work()
    errors = set(EventDelivery.objects.values_list("status", "error"))
    assert errors == {
        ("failed", "The address cannot be read: the server's encryption keys have changed.")
    }
    assert api("POST", f"{path}/secret").status_code == 409
    desk.hook.secret = ""
    assert api("PATCH", path, {"url": desk.hook.url}).status_code == 200
    desk.say("s-2")
    desk.work()
    assert len(desk.told) == 2
