"""The stream that tells open builders of changes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import httpx
from django.conf import settings
from django.test import Client

from drafts import creating, editing
from tests.support.people import signed_in
from workspaces.models import Membership

if TYPE_CHECKING:
    from collections.abc import Iterator

    from drafts.draft import Draft
    from tests.builder.kinds import Machine
    from tests.support.live import Live
    from workspaces.access import Actor


def cookies(actor: Actor) -> dict[str, str]:
    name = settings.SESSION_COOKIE_NAME
    return {name: signed_in(Client(), actor).cookies[name].value}


def url(live: Live, draft: Draft) -> str:
    return f"{live.url}/w/acme/machines/draft/{draft.id}/events/"


def events(lines: Iterator[str]) -> Iterator[dict[str, object]]:
    for line in lines:
        if line.startswith("data: "):
            yield json.loads(line.removeprefix("data: "))


def listens(lines: Iterator[str]) -> None:
    """The stream says so once Redis has confirmed it: what changes from here on is heard."""
    head = [next(lines) for _line in range(4)]
    assert head == ["retry: 2000", "event: listening", "data: {}", ""]


def test_a_change_is_told_at_once(live: Live, machine: Machine, alice: Actor, bob: Actor) -> None:
    draft = creating.create(alice, machine, {"name": "Robot"})
    stream = httpx.stream("GET", url(live, draft), cookies=cookies(alice), timeout=10)
    with stream as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        lines = answer.iter_lines()
        listens(lines)
        editing.patch(bob, machine, draft.id, {"name": "Bender"}, patch_id="p1")
        event = next(events(lines))
    assert event["version"] == 2
    assert event["by"] == bob.label
    assert event["paths"] == ["name"]
    assert "Bender" not in json.dumps(event)


def test_nobody_else_hears_of_it(
    live: Live, machine: Machine, alice: Actor, mallory: Actor
) -> None:
    draft = creating.create(alice, machine, {"name": "Robot"})
    assert httpx.get(url(live, draft)).status_code == 401
    assert httpx.get(url(live, draft), cookies=cookies(mallory)).status_code == 404
    own = url(live, draft).replace("/acme/", "/evil/")
    assert httpx.get(own, cookies=cookies(mallory)).status_code == 404


def test_who_signs_out_or_is_taken_out_hears_no_more(
    live: Live, machine: Machine, alice: Actor, bob: Actor
) -> None:
    """Not even the change that comes next."""
    draft = creating.create(alice, machine, {"name": "Robot"})
    for end in (_sign_out, _take_out):
        held = cookies(bob)
        with httpx.stream("GET", url(live, draft), cookies=held, timeout=10) as answer:
            lines = answer.iter_lines()
            listens(lines)
            end(bob, held)
            editing.patch(alice, machine, draft.id, {"name": end.__name__})
            assert list(events(lines)) == []


def _sign_out(_: Actor, held: dict[str, str]) -> None:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = held[settings.SESSION_COOKIE_NAME]
    client.logout()


def _take_out(actor: Actor, _: dict[str, str]) -> None:
    Membership.objects.filter(user=actor.user).delete()
