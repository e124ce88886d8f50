"""The stand-in for Discord answers as its documentation says, and notices what apps do wrong."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.servers.channel_server import ChannelServer
from tests.servers.discord import MOST_INVALID, DiscordServer
from tests.servers.discord_payloads import asked, pressed
from tests.servers.faults import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.servers.channel_calls import Call
    from tests.servers.discord_interactions import Interaction

HOOK = "https://bots.example/discord"
AGENT = "DiscordBot (https://bots.example, 1)"
COMMAND = {"name": "ask", "type": 1, "description": "Ask the assistant."}
THINKS = {"type": 5}


class App(ChannelServer):
    """An app's endpoint: it checks signatures, and answers commands with ``says``."""

    key = ""
    checks = True

    def reset(self) -> None:
        super().reset()
        self.says: Any = THINKS
        self.first: Callable[[], Any] = lambda: None

    def answer(self, call: Call) -> Answer:
        if self.checks and not self._is_signed(call):
            return Answer(401, {"error": "bad signature"})
        if call.json["type"] == 1:
            return Answer(200, {"type": 1})
        self.first()
        return Answer(200, self.says) if self.says else Answer(202, b"")

    def _is_signed(self, call: Call) -> bool:
        signed = call.headers["x-signature-timestamp"].encode() + call.body
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.key))
        try:
            key.verify(bytes.fromhex(call.headers.get("x-signature-ed25519", "")), signed)
        except (InvalidSignature, ValueError):
            return False
        return True


@pytest.fixture
def app(discord: DiscordServer) -> Iterator[App]:
    with App() as server:
        server.key = discord.app.public_key
        discord.lead(HOOK, server.url)
        yield server


@pytest.fixture
def client(discord: DiscordServer) -> Iterator[httpx.Client]:
    headers = {"User-Agent": AGENT, "Authorization": f"Bot {discord.app.token}"}
    with httpx.Client(base_url=f"{discord.url}/api/v10", headers=headers) as client:
        yield client


def given(client: httpx.Client, url: str | None = HOOK) -> httpx.Response:
    return client.patch("/applications/@me", json={"interactions_endpoint_url": url})


def address(made: Interaction, message: str = "@original") -> str:
    return f"/webhooks/{made.application_id}/{made.token}/messages/{message}"


@pytest.fixture
def thinking(discord: DiscordServer, app: App, client: httpx.Client) -> Interaction:
    """Somebody asked something, and sees that the app is thinking."""
    given(client)
    return discord.interact(asked("Where is my parcel?"))


def problem(answer: httpx.Response) -> tuple[int, int]:
    return answer.status_code, answer.json()["code"]


# Applications and commands


def test_an_application_tells_its_key(discord: DiscordServer, client: httpx.Client) -> None:
    told = client.get("/applications/@me").json()

    assert told["verify_key"] == discord.app.public_key
    assert len(told["verify_key"]) == 64
    assert told["interactions_endpoint_url"] is None


def test_a_bad_token_is_unauthorized_and_counted(discord: DiscordServer) -> None:
    answer = httpx.get(
        f"{discord.url}/api/v10/applications/@me",
        headers={"User-Agent": AGENT, "Authorization": "Bot wrong"},
    )

    assert answer.status_code == 401
    assert answer.json() == {"message": "401: Unauthorized", "code": 0}
    assert discord.invalid_requests == 1
    discord.advance(601)
    assert discord.invalid_requests == 0


def test_ten_thousand_invalid_requests_are_a_ban(
    discord: DiscordServer, client: httpx.Client
) -> None:
    discord._invalid = [discord.now()] * MOST_INVALID

    answer = client.get("/applications/@me")

    assert (answer.status_code, answer.text) == (429, "error code: 1015")


def test_who_does_not_say_who_it_is_is_blocked(client: httpx.Client) -> None:
    answer = client.get("/applications/@me", headers={"User-Agent": "python-httpx/0.28"})

    assert problem(answer) == (403, 40333)


def test_a_body_must_be_json_and_say_so(client: httpx.Client) -> None:
    as_form = client.post("/applications/1/commands", data={"name": "ask"})
    broken = client.post(
        "/applications/1/commands", content="{", headers={"Content-Type": "application/json"}
    )

    assert problem(as_form) == (400, 50035)
    assert problem(broken) == (400, 50109)


def test_an_address_is_pinged_and_given_a_bad_signature(
    discord: DiscordServer, app: App, client: httpx.Client
) -> None:
    answer = given(client)

    assert answer.json()["interactions_endpoint_url"] == HOOK
    assert [call.answered for call in app.calls] == [200, 401]
    assert [call.json["type"] for call in app.calls] == [1, 1]
    assert given(client, None).json()["interactions_endpoint_url"] is None


@pytest.mark.parametrize("fault", ["unchecked", "away", "garbage"])
def test_an_address_that_does_not_verify_is_refused(
    discord: DiscordServer, app: App, client: httpx.Client, fault: str
) -> None:
    app.checks = fault != "unchecked"
    if fault == "away":
        app.rule("", "reset")
    if fault == "garbage":
        app.rule("", "bad_json", nth=1)

    answer = given(client)

    assert answer.status_code == 400
    assert answer.json() == {
        "message": "Invalid Form Body",
        "code": 50035,
        "errors": {
            "interactions_endpoint_url": {
                "_errors": [
                    {
                        "code": "APPLICATION_INTERACTIONS_ENDPOINT_URL_INVALID",
                        "message": "The specified interactions endpoint url could not be verified.",
                    }
                ]
            }
        },
    }
    assert discord.app.endpoint is None


def test_an_address_without_tls_is_refused(client: httpx.Client) -> None:
    assert problem(given(client, "http://bots.example/discord")) == (400, 50035)


def test_an_address_that_stops_checking_is_removed(
    discord: DiscordServer, app: App, client: httpx.Client
) -> None:
    given(client)
    assert discord.routine_check()
    assert [call.answered for call in app.calls[2:]] == [200] + [401] * 6

    app.checks = False

    assert not discord.routine_check()
    assert discord.app.endpoint is None


def test_a_command_is_made_once_and_then_changed(
    discord: DiscordServer, client: httpx.Client
) -> None:
    url = f"/applications/{discord.app.id}/commands"
    first, second = client.post(url, json=COMMAND), client.post(url, json=COMMAND)
    client.post(url, json=COMMAND | {"name": "other"})

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    assert [each["name"] for each in client.get(url).json()] == ["ask", "other"]
    assert [each["name"] for each in client.put(url, json=[COMMAND]).json()] == ["ask"]
    gone = client.delete(f"{url}/{first.json()['id']}")
    assert (gone.status_code, gone.content) == (204, b"")
    assert problem(client.delete(f"{url}/{first.json()['id']}")) == (404, 10063)


@pytest.mark.parametrize("change", [{"name": "Ask me"}, {"description": ""}])
def test_a_command_of_a_bad_form_is_refused(
    discord: DiscordServer, client: httpx.Client, change: dict[str, str]
) -> None:
    answer = client.post(f"/applications/{discord.app.id}/commands", json=COMMAND | change)

    assert problem(answer) == (400, 50035)
    assert next(iter(change)) in answer.json()["errors"]


def test_another_apps_commands_are_not_ones_own(
    discord: DiscordServer, client: httpx.Client
) -> None:
    other = discord.application("Other")

    assert problem(client.get(f"/applications/{other.id}/commands")) == (403, 20012)


def test_two_hundred_commands_are_made_in_a_day(
    discord: DiscordServer, client: httpx.Client
) -> None:
    discord.app.created = [discord.now()] * 200
    url = f"/applications/{discord.app.id}/commands"

    refused = client.post(url, json=COMMAND)
    discord.advance(24 * 3600)

    assert problem(refused) == (429, 30034)
    assert refused.json()["retry_after"] > 86_000
    assert client.post(url, json=COMMAND).status_code == 201


def test_a_bot_makes_fifty_requests_in_a_second(
    discord: DiscordServer, client: httpx.Client
) -> None:
    discord.stop_clock()
    answers = [client.get("/applications/@me") for _ in range(51)]

    assert [each.status_code for each in answers] == [200] * 50 + [429]
    assert answers[-1].json()["global"] is True
    assert answers[-1].headers["x-ratelimit-global"] == "true"
    assert answers[-1].headers["x-ratelimit-scope"] == "global"
    assert discord.invalid_requests == 1


# Interactions


def test_what_is_thought_of_is_said_later(
    discord: DiscordServer, client: httpx.Client, thinking: Interaction
) -> None:
    assert (thinking.is_thinking, thinking.said) == (True, [])

    edited = client.patch(address(thinking), json={"content": "On its way."})
    more = client.post(address(thinking).partition("/messages")[0], json={"content": "Soon."})

    assert (edited.status_code, more.status_code) == (200, 200)
    assert edited.json()["content"] == "On its way."
    assert discord.until_said(thinking, 2) == ["On its way.", "Soon."]
    assert not thinking.failed


def test_interactions_say_who_did_what_where(
    discord: DiscordServer, app: App, thinking: Interaction
) -> None:
    discord.interact(asked("Hi"), guild="")
    app.says = {"type": 7, "data": {"content": "You said yes."}}
    discord.interact(pressed("yes"), on=thinking)

    in_server, direct, button = (json.loads(call.body) for call in app.calls[2:])
    assert (in_server["type"], in_server["context"], in_server["guild_id"]) == (
        2,
        0,
        "290926798626357999",
    )
    assert in_server["data"]["options"][0]["value"] == "Where is my parcel?"
    assert "user" in in_server["member"]
    assert "guild_id" not in direct
    assert direct["user"]["username"] == "mason"
    assert (button["type"], button["data"]["custom_id"]) == (3, "yes")
    assert button["message"]["id"] == thinking.original["id"]  # type: ignore[index]
    assert thinking.said == ["You said yes."]


@pytest.mark.parametrize(
    "says",
    [{"type": 99}, {"type": 4, "data": {"content": "x" * 2001}}, {"type": 6}, ["no object"]],
    ids=["unknown", "long", "of-components", "list"],
)
def test_an_answer_of_a_bad_form_is_none(
    discord: DiscordServer, app: App, client: httpx.Client, says: Any
) -> None:
    given(client)
    app.says = says

    made = discord.interact(asked("Hi"))

    assert made.failed == "The application did not respond"
    assert problem(client.patch(address(made), json={"content": "Late"})) == (404, 10015)


def test_an_answer_that_comes_too_late_is_none(
    discord: DiscordServer, app: App, client: httpx.Client
) -> None:
    given(client)
    discord.patience = 0.05
    app.rule("", "delay", seconds=0.1)

    made = discord.interact(asked("Hi"))

    assert made.failed
    assert problem(client.patch(address(made), json={"content": "Late"})) == (404, 10015)


def test_a_token_is_good_for_a_quarter_of_an_hour(
    discord: DiscordServer, client: httpx.Client, thinking: Interaction
) -> None:
    discord.advance(15 * 60 + 1)

    answer = client.patch(address(thinking), json={"content": "At last"})

    assert problem(answer) == (401, 50027)
    assert thinking.is_thinking


def test_follow_ups_need_no_token_of_the_bots(
    discord: DiscordServer, thinking: Interaction
) -> None:
    answer = httpx.patch(
        f"{discord.url}/api/v10{address(thinking)}",
        json={"content": "Hello"},
        headers={"User-Agent": AGENT},
    )

    assert answer.status_code == 200


def test_more_than_two_thousand_characters_are_refused(
    client: httpx.Client, thinking: Interaction
) -> None:
    long = client.patch(address(thinking), json={"content": "x" * 2001})
    empty = client.patch(address(thinking), json={"content": ""})

    assert problem(long) == (400, 50035)
    assert long.json()["errors"] == {
        "content": {
            "_errors": [
                {"code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 2000 or fewer in length."}
            ]
        }
    }
    assert problem(empty) == (400, 50006)
    assert client.patch(address(thinking), json={"content": "x" * 2000}).status_code == 200


def test_six_requests_at_once_are_one_too_many(
    discord: DiscordServer, client: httpx.Client, thinking: Interaction
) -> None:
    discord.stop_clock()

    answers = [client.get(address(thinking)) for _ in range(6)]

    assert [each.status_code for each in answers] == [200] * 5 + [429]
    refused = answers[-1]
    assert refused.json()["message"] == "You are being rate limited."
    assert refused.json()["global"] is False
    assert refused.json()["retry_after"] == 2
    assert refused.headers["retry-after"] == "2"
    assert refused.headers["x-ratelimit-scope"] == "user"
    assert [each.headers["x-ratelimit-remaining"] for each in answers] == list("432100")
    discord.advance(2)
    assert client.get(address(thinking)).status_code == 200


def test_an_app_that_only_a_person_installed_says_five_things_more(
    discord: DiscordServer, app: App, client: httpx.Client
) -> None:
    given(client)
    made = discord.interact(asked("Tell me"), is_users_app=True)
    client.patch(address(made), json={"content": "One"})
    discord.per_token = 100
    url = address(made).partition("/messages")[0]

    answers = [client.post(url, json={"content": "More"}) for _ in range(6)]

    assert [each.status_code for each in answers] == [200] * 5 + [400]
    assert answers[-1].json()["code"] == 40094


def test_an_answer_by_callback_is_given_once(
    discord: DiscordServer, app: App, client: httpx.Client, thinking: Interaction
) -> None:
    url = f"/interactions/{thinking.id}/{thinking.token}/callback"

    assert problem(client.post(url, json=THINKS)) == (400, 40060)
    assert problem(client.post("/interactions/1/none/callback", json=THINKS)) == (404, 10062)


def test_an_answer_by_callback_is_an_answer(
    discord: DiscordServer, app: App, client: httpx.Client
) -> None:
    given(client)
    answers: list[httpx.Response] = []

    def call_back() -> None:
        made = discord.interactions[-1]
        says = {"type": 4, "data": {"content": "At once."}}
        url = f"/interactions/{made.id}/{made.token}/callback"
        answers.append(client.post(url, json=says))

    app.says, app.first = None, call_back
    made = discord.interact(asked("Hi"))

    assert (answers[0].status_code, answers[0].content) == (204, b"")
    assert (made.failed, made.said) == ("", ["At once."])


def test_what_is_said_before_the_answer_waits_for_it(
    discord: DiscordServer, app: App, client: httpx.Client
) -> None:
    given(client)
    answers: list[httpx.Response] = []

    def edit() -> None:
        says = {"content": "Early."}
        answers.append(client.patch(address(discord.interactions[-1]), json=says))

    editing = threading.Thread(target=edit)
    app.first = editing.start
    made = discord.interact(asked("Hi"))
    editing.join()

    assert answers[0].status_code == 200
    assert made.said == ["Early."]


def test_who_would_be_called_shows(client: httpx.Client, thinking: Interaction) -> None:
    url = address(thinking).partition("/messages")[0]
    quiet = {"content": "@everyone", "allowed_mentions": {"parse": []}}

    assert client.post(url, json={"content": "@everyone"}).json()["mention_everyone"]
    assert not client.post(url, json=quiet).json()["mention_everyone"]


def test_an_interaction_is_overheard_and_posted_again(
    discord: DiscordServer, app: App, thinking: Interaction
) -> None:
    assert discord.replay(thinking).status == 200
    assert app.calls[-1].body == app.calls[-2].body
    assert app.calls[-1].headers["x-signature-ed25519"] == thinking.headers["X-Signature-Ed25519"]


def test_another_process_has_somebody_ask(
    discord: DiscordServer, app: App, client: httpx.Client
) -> None:
    given(client)

    told = httpx.post(f"{discord.url}/_ctl/push", json={"interact": asked("Hi"), "guild": ""})

    assert told.json()["status"] == 200
    assert discord.interactions[0].is_thinking


def test_a_bot_writes_where_it_may(discord: DiscordServer, client: httpx.Client) -> None:
    discord.app.closed.add("2")

    written = client.post("/channels/1/messages", json={"content": "Good news"})
    refused = client.post("/channels/2/messages", json={"content": "Good news"})

    assert (written.status_code, written.json()["channel_id"]) == (200, "1")
    assert [each["content"] for each in discord.posted] == ["Good news"]
    assert problem(refused) == (403, 50001)
