"""What is alike in the stand-ins for messengers: rules, recorded calls, deliveries."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.servers.channel_server import ChannelServer
from tests.servers.faults import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers.channel_calls import Call

URL = "https://bots.example"


class Echo(ChannelServer):
    """Answers with what it was sent, and counts what took effect."""

    def reset(self) -> None:
        super().reset()
        self.done = 0

    def answer(self, call: Call) -> Answer:
        self.done += 1
        return Answer(200, {"you": call.body.decode()})

    def push(self, wanted: dict[str, Any]) -> Any:
        return {"status": self.deliver(wanted["url"], b"{}", {}).last.status}


@pytest.fixture
def echo() -> Iterator[Echo]:
    with Echo() as server:
        yield server


@pytest.fixture
def other() -> Iterator[Echo]:
    with Echo() as server:
        yield server


def say(server: Echo, words: str = "hello") -> httpx.Response:
    return httpx.post(f"{server.url}/say", content=words, timeout=5)


def test_a_rule_holds_for_its_call_and_no_other(echo: Echo) -> None:
    echo.rule("SAY", "status", nth=2, status=502, body={"error": 1}, headers={"Retry-After": "7"})

    answers = [say(echo) for _ in range(3)]

    assert [each.status_code for each in answers] == [200, 502, 200]
    assert answers[1].json() == {"error": 1}
    assert answers[1].headers["retry-after"] == "7"
    assert [each.answered for each in echo.called("/say")] == [200, 502, 200]
    assert echo.done == 2


@pytest.mark.parametrize("acts", [False, True])
def test_a_call_whose_connection_is_reset_may_have_taken_effect(echo: Echo, acts: bool) -> None:
    echo.rule("say", "reset", acts=acts)

    with pytest.raises(httpx.ReadError):
        say(echo)

    assert echo.done == acts
    assert echo.calls[0].answered == 0


def test_half_an_answer_is_not_one(echo: Echo) -> None:
    echo.rule("say", "half_body")

    with pytest.raises(httpx.RemoteProtocolError):
        say(echo)

    assert echo.done == 1


def test_who_is_left_hanging_is_let_go_by_a_reset(echo: Echo) -> None:
    echo.rule("say", "hang")
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(f"{echo.url}/say", timeout=0.1)

    echo.reset()

    assert say(echo).status_code == 200


def test_what_is_no_json_and_what_is_too_much(echo: Echo) -> None:
    echo.rule("say", "bad_json", nth=1)
    echo.rule("say", "huge", nth=2, bytes=200_000)

    assert say(echo).text.startswith("<html>")
    with (
        httpx.stream("POST", f"{echo.url}/say") as answer,
        pytest.raises(httpx.RemoteProtocolError),
    ):
        answer.read()
    assert answer.headers["content-length"] == "200000"


def test_a_rule_that_nobody_knows_is_refused(echo: Echo) -> None:
    with pytest.raises(ValueError, match="nonsense"):
        echo.rule("say", "nonsense")  # type: ignore[arg-type]


def test_another_process_sets_rules_and_reads_calls(echo: Echo) -> None:
    made = httpx.post(
        f"{echo.url}/_ctl", json={"rule": {"match": "say", "do": "status", "status": 418}}
    )
    say(echo)
    httpx.post(f"{echo.url}/_ctl", json={"lead": {URL: echo.url}})
    way = echo.request("GET", f"{URL}/_ctl")
    calls = httpx.get(f"{echo.url}/_ctl/calls").json()["calls"]
    httpx.delete(f"{echo.url}/_ctl")

    assert made.status_code == 201
    assert (way.status, way.json) == (200, {})
    assert [(call["path"], call["body"], call["answered"]) for call in calls] == [
        ("/say", "hello", 418)
    ]
    assert not echo.calls


def test_another_process_has_something_delivered(echo: Echo, other: Echo) -> None:
    told = httpx.post(f"{echo.url}/_ctl/push", json={"url": f"{other.url}/hook"}).json()
    assert told == {"status": 200}
    assert other.done == 1


def test_something_is_delivered_again_until_it_arrives(echo: Echo, other: Echo) -> None:
    other.rule("hook", "status", nth=1, status=503, headers={"Retry-After": "2"})
    other.rule("hook", "reset", nth=2)
    echo.lead(URL, other.url)

    delivery = echo.deliver(f"{URL}/hook", b"{}", {"X-Signed": "yes"}, waits=[0, 1, 1, 1])

    assert [each.status for each in delivery.attempts] == [503, 0, 200]
    assert delivery.arrived
    assert delivery.last.json == {"you": "{}"}
    assert {call.headers["x-signed"] for call in other.calls} == {"yes"}


def test_who_gives_up_has_delivered_nothing(echo: Echo) -> None:
    delivery = echo.deliver("http://127.0.0.1:9/hook", b"{}", {}, waits=[0])

    assert not delivery.arrived
    assert [each.status for each in delivery.attempts] == [0, 0]
    assert "ConnectError" in delivery.last.error


def test_a_call_is_waited_for(echo: Echo) -> None:
    threading.Timer(0.05, say, [echo, "late"]).start()

    assert echo.wait_for("say")[0].body == b"late"


def test_time_passes_for_the_service_alone(echo: Echo) -> None:
    echo.stop_clock()
    before = echo.now()

    echo.advance(3600)

    assert echo.now() == before + 3600
