"""The node that asks another server."""

from __future__ import annotations

import base64
import gzip
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from chatflows.executor.events import Broken
from chatflows.executor.ports import Ports
from chatflows.http import LARGEST, GuardedHttp
from conversations.ports import NoKnowledge
from tests.chatflows.conftest import ServersModels
from tests.chatflows.executor.flows import flow, ran
from tests.servers.flood import CHUNKED, ONE_BYTE, Flood
from tests.servers.rest import Answer
from tests.support.processor import takes_at_most

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from chatflows.executor.flow import Flow
    from tests.servers.rest import RestServer

SECRET = "s3cr3t-canary"
BEARER, HEADER, BASIC, ELSEWHERE, GONE, UNFIT = (str(UUID(int=number)) for number in range(6))


@pytest.fixture
def ports(rest: RestServer) -> Ports:
    return Ports(
        ServersModels(),
        NoKnowledge(),
        GuardedHttp(
            {
                BEARER: {"token": SECRET},
                HEADER: {"token": SECRET, "header": "X-Key"},
                BASIC: {"token": SECRET, "username": "ana"},
                ELSEWHERE: {"token": SECRET, "host": "api.example.com"},
                UNFIT: {"token": "schlüssel", "header": "X-Key", "username": "ana"},
            }
        ),
    )


def asking(rest: RestServer, path: str = "/orders", says: str = "{{http1}}", **set_: Any) -> Flow:
    url = path if "://" in path else f"{rest.url}{path}"
    nodes = {
        "start": ("trigger", {}),
        "http1": ("http", {"url": url, **set_}),
        "end": ("response", {"message": says}),
    }
    return flow(nodes, "start->http1 http1->end")


def test_a_response_is_read_as_json(rest: RestServer, ports: Ports) -> None:
    rest.put("/orders", {"items": [{"id": 17}], "total": 3})
    fields = [{"name": "first", "value": "{{body.items[0].id}}"}]
    says = "{{http1.status}} {{http1.body.total}} {{http1.first}}"
    assert ran(asking(rest, says=says, fields=fields), ports=ports).text == "200 3 17"


def test_values_are_taken_from_all_of_a_response(rest: RestServer, ports: Ports) -> None:
    rest.put("/orders", Answer(body=b'{"a": [1, 2]}', headers={"Content-Type": "application/json"}))
    fields = [
        {"name": "list", "value": "{{body.a}}"},
        {"name": "kind", "value": "{{headers['content-type']}}"},
        {"name": "code", "value": "{{status + 1}}"},
        {"name": "asked", "value": "{{input}} as {{kind}}"},
        {"name": "gone", "value": "{{body.b.c}}"},
    ]
    (output,) = ran(asking(rest, fields=fields), "Hi", ports=ports).outputs("http1")
    assert {name: output[name] for name in ("list", "kind", "code", "asked", "gone")} == {
        "list": [1, 2],
        "kind": "application/json",
        "code": 201,
        "asked": "Hi as application/json",
        "gone": None,
    }


def test_a_value_that_cannot_be_taken_is_named(rest: RestServer, ports: Ports) -> None:
    rest.put("/orders", {"a": "b"})
    end = ran(asking(rest, fields=[{"name": "x", "value": "{{body.a - 1}}"}]), ports=ports).end
    assert isinstance(end, Broken)
    assert (end.node_id, end.field) == ("http1", "fields.x.value")


def test_other_responses_are_texts(rest: RestServer, ports: Ports) -> None:
    rest.put("/orders", Answer(body=b"plain", headers={"Content-Type": "text/plain"}))
    assert ran(asking(rest), ports=ports).text == "plain"


@pytest.mark.parametrize("depth", [200, 900, 10_000])
@pytest.mark.parametrize(("opens", "closes"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_what_is_nested_too_deep_is_a_text(
    rest: RestServer, ports: Ports, depth: int, opens: bytes, closes: bytes
) -> None:
    """No store could keep it, and no log."""
    rest.put("/orders", Answer(body=opens * depth + b"1" + closes * depth))
    turn = ran(asking(rest, says="{{http1.body | length}} {{http1.body.a}}"), ports=ports)
    assert turn.text == f"{depth * (len(opens) + len(closes)) + 1} "


def test_what_is_written_into_an_address_is_a_part_of_it(rest: RestServer, ports: Ports) -> None:
    made = asking(rest, "/orders/{{input}}", query=[{"name": "q", "value": "{{input}}"}])
    ran(made, "../admin?x=1&y#z", ports=ports)
    assert rest.asked[-1].path == "/orders/..%2Fadmin%3Fx%3D1%26y%23z?q=..%2Fadmin%3Fx%3D1%26y%23z"


def test_an_address_may_begin_with_a_value(rest: RestServer, ports: Ports) -> None:
    rest.put("/orders", {"ok": 1})
    made = asking(rest, "{{'" + rest.url + "'}}/orders", says="{{http1.body.ok}}")
    assert ran(made, ports=ports).text == "1"


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        ('{"name": "{{input}}", "n": "{{2}}"}', {"name": 'An"a', "n": 2}),
        ('{"name": {{input}}, "list": {{[1, 2]}}}', {"name": 'An"a', "list": [1, 2]}),
        ('{"text": "Hi {{input}}"}', {"text": 'Hi An"a'}),
    ],
)
def test_what_is_written_into_json_is_json(
    rest: RestServer, ports: Ports, body: str, sent: Any
) -> None:
    rest.put("/orders", {})
    ran(asking(rest, method="POST", body_type="json", body=body), 'An"a', ports=ports)
    assert rest.asked[-1].json == sent
    assert rest.asked[-1].headers["content-type"] == "application/json"


def test_forms_and_texts(rest: RestServer, ports: Ports) -> None:
    rest.put("/orders", {})
    form = [{"name": "a b", "value": "{{input}}"}]
    ran(asking(rest, method="PUT", body_type="form", form=form), "x&y", ports=ports)
    assert (rest.asked[-1].method, rest.asked[-1].body) == ("PUT", b"a%20b=x%26y")
    ran(asking(rest, method="POST", body_type="text", body="Hi {{input}}"), "x", ports=ports)
    assert rest.asked[-1].body == b"Hi x"


@pytest.mark.parametrize(
    ("set_", "field"),
    [
        ({"headers": [{"name": "X-A", "value": "{{input}}"}]}, "headers.X-A.value"),
        ({"headers": [{"name": "X A", "value": "1"}]}, "headers"),
        ({"method": "POST", "body_type": "json", "body": "{nonsense"}, "body"),
        ({"method": "POST", "body_type": "json", "body": "{{input}} {"}, "body"),
    ],
)
def test_what_cannot_be_sent_is_said(
    rest: RestServer, ports: Ports, set_: dict[str, Any], field: str
) -> None:
    end = ran(asking(rest, **set_), "a\r\nX-B: 1", ports=ports).end
    assert isinstance(end, Broken)
    assert (end.node_id, end.field) == ("http1", field)
    assert not rest.asked


@pytest.mark.parametrize(
    ("credential", "header", "value"),
    [
        (BEARER, "authorization", f"Bearer {SECRET}"),
        (HEADER, "x-key", SECRET),
        (BASIC, "authorization", "Basic YW5hOnMzY3IzdC1jYW5hcnk="),
    ],
)
def test_a_credential_goes_along_and_shows_nowhere(
    rest: RestServer, ports: Ports, credential: str, header: str, value: str
) -> None:
    rest.put("/orders", {"ok": True})
    turn = ran(asking(rest, credential_id=credential), ports=ports)
    assert rest.asked[-1].headers[header] == value
    assert SECRET not in str(turn.events)


@pytest.mark.parametrize(
    ("credential", "words"),
    [
        (ELSEWHERE, "may only be sent to api.example.com"),
        (GONE, "no longer exists"),
        (UNFIT, "cannot be sent as a header"),
    ],
)
def test_a_credential_goes_nowhere_else(
    rest: RestServer, ports: Ports, credential: str, words: str
) -> None:
    end = ran(asking(rest, credential_id=credential), ports=ports).end
    assert isinstance(end, Broken)
    assert words in end.message
    assert not rest.asked


def test_redirects_are_followed_without_secrets(rest: RestServer, ports: Ports) -> None:
    there = rest.url.replace("127.0.0.1", "localhost")
    rest.put("/orders", Answer(302, b"", {"Location": "/new"}))
    rest.put("/new", {"ok": 1})
    headers = [{"name": "X-Key", "value": SECRET}]
    says = "{{http1.body.ok}}"
    assert ran(asking(rest, headers=headers, says=says), ports=ports).text == "1"
    assert rest.asked[-1].headers["x-key"] == SECRET
    rest.put("/orders", Answer(302, b"", {"Location": f"{there}/new"}))
    end = ran(asking(rest, headers=headers, says=says), ports=ports).end
    assert isinstance(end, Broken)
    assert "localhost" in end.message
    rest.put("/orders", Answer(302, b"", {"Location": "/orders"}))
    end = ran(asking(rest), ports=ports).end
    assert isinstance(end, Broken)
    assert "without end" in end.message
    rest.put("/orders", Answer(302, b"", {"Location": "https://xn--.example/"}))
    end = ran(asking(rest), ports=ports).end
    assert isinstance(end, Broken)
    assert (end.node_id, end.field) == ("http1", "url")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://169.254.169.254/latest/meta-data",
        "http://[::ffff:127.0.0.1]/",
        "http://user:pass@example.com/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_FLUSHALL",
        "http://127.0.0.1\\@8.8.8.8/",
        "ftp://example.com",
        "nonsense",
        "http://exa mple.com/",
    ],
)
def test_nothing_private_is_reached(ports: Ports, url: str) -> None:
    made = flow({"start": ("trigger", {}), "http1": ("http", {"url": "{{input}}"})}, "start->http1")
    end = ran(made, url, ports=ports).end
    assert isinstance(end, Broken)
    assert (end.node_id, end.field) == ("http1", "url")


def test_refusals_are_told_in_the_servers_words(rest: RestServer, ports: Ports) -> None:
    rest.put("/orders", Answer(403, b'{"error":"no access"}'))
    end = ran(asking(rest), ports=ports).end
    assert isinstance(end, Broken)
    assert "answered 403" in end.message
    assert "no access" in end.message


def test_busy_servers_are_asked_again(rest: RestServer, ports: Ports) -> None:
    rest.put("/orders", Answer(503, b"{}"), {"ok": 1})
    assert ran(asking(rest, retries=1, says="{{http1.body.ok}}"), ports=ports).text == "1"
    rest.put("/orders", Answer(404, b"{}"), {"ok": 1})
    assert isinstance(ran(asking(rest, retries=1), ports=ports).end, Broken)


def test_answers_are_bounded(rest: RestServer, ports: Ports) -> None:
    for answer in (
        Answer(body=b"a" * (LARGEST + 1)),
        Answer(body=gzip.compress(b"a" * 50_000_000), headers={"Content-Encoding": "gzip"}),
    ):
        rest.put("/orders", answer)
        end = ran(asking(rest), ports=ports).end
        assert isinstance(end, Broken)
        assert "larger than 1 MB" in end.message
    rest.put("/orders", Answer(hangs=True))
    end = ran(asking(rest, timeout_seconds=1), ports=ports).end
    assert isinstance(end, Broken)
    assert end.code == "upstream-timeout"


def test_a_response_in_very_many_pieces_is_not_read_on(
    rest: RestServer, ports: Ports, settings: Settings
) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    with Flood(CHUNKED, ONE_BYTE) as server, takes_at_most(8):
        told = ran(asking(rest, server.url), ports=ports)
    assert isinstance(told.end, Broken)
    assert "too many pieces" in told.end.message


@pytest.mark.parametrize(
    "name",
    ["Host", "Content-Length", "transfer-encoding", "Connection", "Expect", "TE", "Upgrade"],
)
def test_a_request_says_neither_whom_it_is_for_nor_where_it_ends(
    rest: RestServer, ports: Ports, name: str
) -> None:
    """Connections are shared: what one request leaves behind would be the next one's."""
    rest.put("/orders", {})
    headers = [{"name": name, "value": "chunked"}]
    flow_ = asking(rest, method="POST", body_type="text", body="0", headers=headers)
    told = ran(flow_, ports=ports)
    assert isinstance(told.end, Broken)
    assert f"The header {name} cannot be set" in told.end.message
    assert rest.asked == []


@pytest.mark.parametrize(
    "values",
    [
        {"token": "not-seen", "header": "Host"},
        {"token": "17", "header": "Content-Length"},
        {"token": "not-seen", "header": "X\r\nY"},
        {"token": "not-seen", "header": "ключ"},
        {"token": "ключ"},
        {"token": "not\nseen"},
    ],
)
def test_a_credential_that_is_no_header_is_not_sent(
    rest: RestServer, values: dict[str, str]
) -> None:
    ports = Ports(ServersModels(), NoKnowledge(), GuardedHttp({GONE: values}))
    told = ran(asking(rest, credential_id=GONE), ports=ports)
    assert isinstance(told.end, Broken)
    assert "cannot be" in told.end.message
    assert "not-seen" not in told.end.message
    assert rest.asked == []


@pytest.mark.parametrize("status", [200, 401])
@pytest.mark.parametrize("credential", [BEARER, HEADER, BASIC])
def test_a_secret_that_comes_back_is_not_shown(
    rest: RestServer, ports: Ports, credential: str, status: int
) -> None:
    pair = base64.b64encode(f"ana:{SECRET}".encode()).decode()
    body = f'{{"error": "Not a key: {SECRET} {pair}"}}'.encode()
    rest.put("/orders", Answer(status, body, headers={"X-Asked": f"Bearer {SECRET} {pair}"}))
    told = ran(asking(rest, credential_id=credential), ports=ports)
    shown = repr(told.events)
    assert "Not a key: •••" in shown
    assert SECRET not in shown
    assert credential != BASIC or pair not in shown


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://127.0.0.1:9/", "it refused the connection. Check the address and its port."),
        ("http://nobody.invalid/", "there is no server of this name. Check the address."),
        ("https://{plain}/", "no secure connection could be made. Does it speak HTTPS?"),
    ],
)
def test_why_a_server_cannot_be_reached_is_told_in_words(
    rest: RestServer, ports: Ports, settings: Settings, url: str, words: str
) -> None:
    plain = rest.url.removeprefix("http://")
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1", plain, "nobody.invalid"]
    request = {"url": url.format(plain=plain)}
    made = flow({"start": ("trigger", {}), "http1": ("http", request)}, "start->http1")
    end = ran(made, ports=ports).end
    assert isinstance(end, Broken)
    assert end.message == f"The server cannot be reached: {words}"


@pytest.mark.parametrize("where", ["query", "form"])
def test_values_of_a_form_are_no_longer_together_than_a_text_may_be(
    where: str, rest: RestServer, ports: Ports
) -> None:
    """Each letter of them becomes up to twelve where it is encoded."""
    rest.put("/orders", "é" * 100_000)
    values = [{"name": f"v{number}", "value": "{{http1.body}}"} for number in range(50)]
    sent = {"method": "POST", "body_type": "form", where: values}
    nodes: dict[str, tuple[str, dict[str, object]]] = {
        "start": ("trigger", {}),
        "http1": ("http", {"url": f"{rest.url}/orders"}),
        "http2": ("http", {"url": f"{rest.url}/orders", **sent}),
    }
    with takes_at_most(2):
        told = ran(flow(nodes, "start->http1 http1->http2"), ports=ports)
    assert isinstance(told.end, Broken)
    assert "All values together are longer than 1,048,576 characters" in told.end.message
    assert len(rest.asked) == 1
