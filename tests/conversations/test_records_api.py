"""What was said, over the API: listed, filtered, paged, exported."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conversations.models import Message
from tests.conversations.conftest import Api, deployed
from tests.conversations.recorded import known, talk
from tests.support.timestamps import RFC3339
from workspaces import keys

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from drafts.models import Entity
    from workspaces.models import Workspace

pytestmark = pytest.mark.django_db
LISTS = ("/api/v1/conversations", "/api/v1/leads", "/api/v1/analytics")


@pytest.fixture
def bot(acme: Workspace) -> Entity:
    return deployed(acme)


def get(api: Api, path: str, **headers: str) -> Any:
    return Client().get(path, headers={"Authorization": f"Bearer {api.key}", **headers})


def found(api: Api, query: str = "") -> list[str]:
    response = get(api, f"/api/v1/conversations?{query}")
    assert response.status_code == 200, response.content
    return [row["first_message"] for row in response.json()["results"]]


def test_conversations_are_found_by_what_is_known_of_them(bot: Entity, api: Api) -> None:
    other = deployed(bot.workspace, name="Other")
    talk(bot, "first", days_ago=9, feedback="down")
    talk(bot, "second", answer="about refunds", channel="api", visitor={"user": "u7"})
    known(talk(other, "third"), name="Ana", email="ana@example.com")
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    assert found(api) == ["third", "second", "first"]
    assert found(api, "q=REFUNDS") == ["second"]
    assert found(api, "q=u7") == ["second"]
    assert found(api, "q=ana@") == ["third"]
    assert found(api, "channel=api") == ["second"]
    assert found(api, "feedback=down") == ["first"]
    assert found(api, f"assistant={other.pk}") == ["third"]
    assert found(api, f"since={yesterday}") == ["third", "second"]
    assert found(api, f"until={yesterday}") == ["first"]


def test_pages_follow_each_other_while_new_ones_come(bot: Entity, api: Api) -> None:
    for n in range(5):
        talk(bot, f"number {n}", days_ago=5 - n)
    page = get(api, "/api/v1/conversations?limit=2&channel=website").json()
    talk(bot, "newcomer")
    seen = [row["first_message"] for row in page["results"]]
    while page["next"]:
        page = get(api, page["next"].removeprefix("http://testserver")).json()
        seen += [row["first_message"] for row in page["results"]]
    assert seen == ["number 4", "number 3", "number 2", "number 1", "number 0"]


@pytest.mark.parametrize("kind", ["application/json", "text/csv"])
@pytest.mark.parametrize("path", ["conversations", "leads", "analytics/unanswered"])
def test_lists_read_little_of_what_they_do_not_show(
    bot: Entity, api: Api, path: str, kind: str
) -> None:
    """What a flow keeps may be long, and an export reads hundreds of conversations at once."""
    known(talk(bot, "Why?"), name="Ana")
    Message.objects.filter(role="assistant").update(unanswered="not_found")
    with CaptureQueriesContext(connection) as queries:
        answer = get(api, f"/api/v1/{path}", Accept=kind)
        body = b"".join(answer) if answer.streaming else answer.content
    assert b"Why?" in body or b"Ana" in body
    large = {"state_before", "trace", "extras"} | ({"state"} if kind == "text/csv" else set())
    read = {name for each in queries for name in re.findall(r'"(\w+)"', each["sql"])}
    assert not read & large


def test_a_conversation_with_everything_that_was_said(bot: Entity, api: Api) -> None:
    conversation = talk(bot, "Why?", "Because.", feedback="up")
    answer = get(api, f"/api/v1/conversations/{conversation.pk}").json()
    question, said = answer["messages"]
    for at in (answer["created_at"], answer["last_message_at"], said["created_at"]):
        assert RFC3339.fullmatch(at)
    assert (question["role"], question["content"]) == ("user", "Why?")
    assert (said["content"], said["feedback"], said["usage"]["total_tokens"]) == (
        "Because.",
        "up",
        5,
    )


def test_a_long_conversation_comes_in_pages(bot: Entity, api: Api) -> None:
    conversation = talk(bot, "First", "Because.", days_ago=1)
    said = {"conversation": conversation, "role": "user"}
    for number in range(3):
        Message.objects.create(content=f"{number}", created_at=timezone.now(), **said)
    newest = get(api, f"/api/v1/conversations/{conversation.pk}?limit=3").json()
    assert [message["content"] for message in newest["messages"]] == ["0", "1", "2"]
    before = get(api, newest["next"].removeprefix("http://testserver")).json()
    assert [message["content"] for message in before["messages"]] == ["First", "Because."]
    assert before["next"] is None


def test_what_is_another_workspace_s_does_not_exist(
    bot: Entity, api: Api, evil_api: Api, evil: Workspace
) -> None:
    conversation = talk(bot, "secret")
    known(conversation, email="ana@example.com")
    assert get(evil_api, f"/api/v1/conversations/{conversation.pk}").status_code == 404
    assert found(evil_api) == []
    assert get(evil_api, "/api/v1/leads").json()["results"] == []
    assert get(evil_api, "/api/v1/analytics").json()["totals"]["messages"] == 0
    assert get(evil_api, f"/api/v1/conversations?assistant={bot.pk}").status_code == 422
    for path in LISTS:
        assert b"secret" not in b"".join(_body(get(evil_api, f"{path}?format=csv")))


def _body(response: Any) -> list[bytes]:
    return list(response.streaming_content) if response.streaming else [response.content]


def test_leads(bot: Entity, api: Api) -> None:
    lead = known(talk(bot, "hi"), name="Ana", email="ana@example.com", company="Acme")
    known(talk(bot, "hi", channel="telegram"), name="Bo")
    (row,) = get(api, "/api/v1/leads?q=acme&channel=website").json()["results"]
    assert row["id"] == str(lead.pk)
    assert row["fields"]["company"] == "Acme"


def test_analytics_count_by_day(bot: Entity, api: Api) -> None:
    talk(bot, "a", days_ago=2, feedback="up")
    talk(bot, "b", days_ago=2, status="failed")
    known(talk(bot, "c"), email="ana@example.com")
    answer = get(api, "/api/v1/analytics").json()
    assert len(answer["days"]) == 30
    earlier, today = answer["days"][-3], answer["days"][-1]
    assert (earlier["conversations"], earlier["answers"], earlier["failed"]) == (2, 1, 1)
    assert (today["helpful"], today["leads"], today["messages"]) == (1, 1, 1)
    totals = answer["totals"]
    assert (totals["messages"], totals["prompt_tokens"]) == (3, 15)
    assert (totals["latency_p50_ms"], totals["latency_p95_ms"]) == (200, 200)
    assert get(api, "/api/v1/analytics?channel=api").json()["totals"]["messages"] == 0


def test_the_next_page_is_at_our_own_address_whatever_host_was_asked(
    bot: Entity, api: Api, settings: Settings
) -> None:
    settings.PUBLIC_URL = "https://bots.example.com"
    for text in ("one", "two"):
        talk(bot, text)
    answer = get(api, "/api/v1/conversations?limit=1", Host="evil.test").json()
    assert answer["next"].startswith("https://bots.example.com/api/v1/conversations?limit=1&cursor")


def test_a_spreadsheet_runs_nothing_that_a_visitor_typed(bot: Entity, api: Api) -> None:
    for text in ('=HYPERLINK("http://evil.test")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "fine"):
        known(talk(bot, text, visitor={text: text}), name=text, email=text)
    for path in LISTS[:2]:
        response = get(api, path, Accept="text/csv")
        assert response["Content-Type"].startswith("text/csv")
        assert "attachment" in response["Content-Disposition"]
        text = b"".join(_body(response)).decode()
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert len(cells) > 50
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_analytics_as_csv(bot: Entity, api: Api) -> None:
    rows = b"".join(_body(get(api, "/api/v1/analytics?format=csv"))).decode().splitlines()
    assert rows[0].startswith("date,conversations,messages")
    assert len(rows) == 31


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "query",
    [
        "assistant=x",
        "channel=carrier-pigeon",
        "since=yesterday",
        "until=2024-02-31",
        "ordering=id;select pg_sleep(9)",
        "q=%00",
        "cursor=x&limit=2",
        "cursor=OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5IHg=",
        "limit=0",
        "limit=x",
        "format=xml",
    ],
)
def test_a_wrong_filter_is_told_so(bot: Entity, api: Api, path: str, query: str) -> None:
    status = get(api, f"{path}?{query}").status_code
    assert 400 <= status < 500


def test_a_hostile_search_finds_nothing_and_breaks_nothing(bot: Entity, api: Api) -> None:
    talk(bot, "hi")
    for words in ("' OR 1=1 --", "%25", "\\", "{{7*7}}", "'; select pg_sleep(9); --"):
        assert found(api, f"q={words}") == []


def test_a_key_that_may_only_chat_reads_nothing(bot: Entity, acme: Workspace) -> None:
    _, raw = keys.issue(acme, "site", "chat", bot.pk)
    for path in LISTS:
        assert get(Api(raw), path).status_code == 403
        assert Client().get(path).status_code == 401
