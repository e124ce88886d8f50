"""The client of MCP servers, against one that behaves in all the ways that servers do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from chatflows.http import GuardedHttp
from chatflows.mcp import wire
from chatflows.mcp.server import McpServer
from chatflows.mcp.wire import VERSIONS, Awaited, McpError, answer_in
from tests.servers.mcp import SESSION, McpStandIn, Offered
from tests.support.processor import takes_at_most

if TYPE_CHECKING:
    from collections.abc import Iterator

CREDENTIAL = {"token": "s3cret-canary"}


@pytest.fixture
def server(settings: Any) -> Iterator[McpStandIn]:
    with McpStandIn(Offered("search", "Found."), Offered("fail", "!No such page.")) as server:
        settings.OUTBOUND_ALLOWED_HOSTS = [server.url.removeprefix("http://")]
        yield server


def client(server: McpStandIn, credential: str | None = None) -> McpServer:
    return McpServer(GuardedHttp({"c": CREDENTIAL}), server.address, credential)


@pytest.mark.parametrize(
    ("events", "stays", "page"), [(False, False, 1), (True, False, 100), (True, True, 1)]
)
async def test_tools_are_listed_and_called(
    server: McpStandIn, *, events: bool, stays: bool, page: int
) -> None:
    server.events, server.stays, server.page = events, stays, page
    one = client(server)
    await one.opened()
    assert [each.name for each in await one.tools()] == ["search", "fail"]
    assert await one.called("search", {"q": "x"}) == "Found."
    assert server.asked[-1]["params"] == {"name": "search", "arguments": {"q": "x"}}
    with pytest.raises(McpError, match=r"^No such page\.$"):
        await one.called("fail", {})
    with pytest.raises(McpError, match=r"127\.0\.0\.1: Unknown: tools/call"):
        await one.called("other", {})
    await one.closed()
    assert server.methods[:2] == ["initialize", "notifications/initialized"]
    assert server.ended == [SESSION]
    assert "mcp-session-id" not in server.headers[0]
    assert all(each["mcp-session-id"] == SESSION for each in server.headers[1:])
    assert all(each["mcp-protocol-version"] == VERSIONS[0] for each in server.headers[1:])


async def test_a_server_may_speak_an_older_version_and_have_no_sessions(server: McpStandIn) -> None:
    server.version, server.has_sessions = "2025-03-26", False
    one = client(server)
    await one.opened()
    await one.tools()
    await one.closed()
    assert server.headers[-1]["mcp-protocol-version"] == "2025-03-26"
    assert server.ended == []


async def test_a_version_that_nobody_knows_is_refused(server: McpStandIn) -> None:
    server.version = "1999-01-01"
    with pytest.raises(McpError, match="speaks another version of MCP: 1999-01-01"):
        await client(server).opened()


@pytest.mark.parametrize("session", ["s\xe9", "one two", "x" * 1001])
async def test_a_session_that_cannot_be_named_is_said(server: McpStandIn, session: str) -> None:
    server.session = session
    with pytest.raises(McpError, match="begins a session whose id cannot be sent"):
        await client(server).opened()


async def test_a_secret_goes_to_the_server_and_into_no_error(server: McpStandIn) -> None:
    server.token = "another"
    with pytest.raises(McpError, match="answered 401: it does not let us in") as failure:
        await client(server, "c").opened()
    assert server.headers[-1]["authorization"] == "Bearer s3cret-canary"
    assert "s3cret" not in f"{failure.value!r}"
    server.token = CREDENTIAL["token"]
    await client(server, "c").opened()
    with pytest.raises(McpError, match="no longer exists"):
        await client(server, "gone").opened()


@pytest.mark.parametrize(
    ("status", "body", "words", "permanent"),
    [
        (503, b"", "answered 503", False),
        (404, b"", "answered 404", True),
        (200, b"<html>", "gave no answer of MCP", True),
        (200, b"[]", "gave no answer of MCP", True),
        (200, b'{"id":1,"result":3}', "cannot be read", True),
        (200, b'{"id":1,"result":{}}', "cannot be read", True),
        (200, b'{"id":1,"error":"x"}', "127.0.0.1: x", True),
        (200, b'{"id":1,"error":{"message":["y"]}}', r"127.0.0.1: \['y'\]", True),
        (200, b'{"id":2,"result":{}}', "gave no answer of MCP", True),
    ],
)
async def test_what_is_no_answer_is_said(
    server: McpStandIn, status: int, body: bytes, words: str, *, permanent: bool
) -> None:
    server.status, server.body = status, body
    with pytest.raises(McpError, match=words) as failure:
        await client(server).opened()
    assert failure.value.permanent is permanent


async def test_a_server_that_is_away_is_named(settings: Any) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    one = McpServer(GuardedHttp(), "http://127.0.0.1:9/mcp")
    with pytest.raises(McpError, match=r"^127\.0\.0\.1: The server cannot be reached") as failure:
        await one.opened()
    assert not failure.value.permanent


async def test_our_own_network_is_not_entered(server: McpStandIn, settings: Any) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = []
    with pytest.raises(McpError) as failure:
        await client(server).opened()
    assert failure.value.permanent
    assert server.asked == []


async def test_a_stranger_s_words_are_bounded(server: McpStandIn) -> None:
    deep: dict[str, Any] = {"type": "object"}
    for _ in range(300):
        deep = {"type": "object", "properties": {"a": deep}}
    large = {"type": "object", "properties": {"a": {"description": "x" * 20_000}}}
    server.tools = (
        Offered("a", "x" * 400_000, description="d" * 5000, schema=large),
        Offered("b", schema={"type": "string"}),
        Offered("c", schema=None),
        Offered(""),
        Offered("e", {"content": [], "structuredContent": {"n": 1}}),
        Offered("f", {"content": [{"type": "image", "data": "…"}, {"type": "text", "text": "t"}]}),
        Offered("g", {"content": [{"type": "resource", "resource": {"text": "r"}}]}),
        Offered("h", {"content": "nonsense"}),
        Offered("deep", {"structuredContent": deep}, schema=deep),
        *(Offered(f"t{n}") for n in range(200)),
    )
    one = client(server)
    await one.opened()
    found = await one.tools()
    assert [each.name for each in found[:4]] == ["a", "b", "e", "f"]
    assert len(found) == 128
    assert len(found[0].told) == 1000
    assert found[0].schema_of_arguments == found[1].schema_of_arguments == {"type": "object"}
    assert len(await one.called("a", {})) == 200_000
    assert await one.called("e", {}) == '{"n":1}'
    assert await one.called("f", {}) == "[image]\nt"
    assert await one.called("g", {}) == "r"
    assert found[6].schema_of_arguments == {"type": "object"}
    assert await one.called("deep", {}) == ""
    with pytest.raises(McpError, match="cannot be read"):
        await one.called("h", {})


@pytest.mark.parametrize(
    "body",
    [
        b'{"id":7,"result":{}}',
        b'[{"id":6,"result":{}},{"id":7,"result":{}}]',
        b'event: message\r\ndata: {"id":7,\r\ndata: "result":{}}\r\n\r\n',
        b': hello\n\ndata: {"id":7,"method":"ping"}\n\ndata: {"id":7,"result":{}}\n\nid: 9\ndata:',
    ],
)
def test_an_answer_is_found_in_what_was_sent(body: bytes) -> None:
    assert answer_in(body, 7) == json.loads(b'{"id":7,"result":{}}')


@pytest.mark.parametrize("body", [b"", b"3", b"null", b'data: {"id":7,"result":{}}', b"\xff\n\n"])
def test_half_an_answer_is_none(body: bytes) -> None:
    assert answer_in(body, 7) is None


@pytest.mark.parametrize("end", [b"\n\n", b"\r\n\r\n"])
def test_an_answer_is_awaited_in_whatever_pieces_it_comes(end: bytes) -> None:
    events = (b'data: {"id": 1, "method": "ping"}', b'data: {"id": 1, "result": {}}')
    whole = b"".join(event + end for event in events)
    awaited, body, heard = Awaited(1), bytearray(), []
    for byte in whole:
        body.append(byte)
        heard.append(awaited(body))
    assert heard == [*[False] * (len(whole) - 1), True]
    assert Awaited(1)(bytearray(whole))
    assert not Awaited(2)(bytearray(whole))


def test_each_event_of_a_body_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    monkeypatch.setattr(wire, "answer_in", lambda body, _number: read.append(len(body)))
    awaited, body = Awaited(1), bytearray()
    for _piece in range(1000):
        body += b"data: 1\n\n"
        awaited(body)
    assert sum(read) == len(body)


def test_of_very_many_parts_the_first_are_read() -> None:
    many: list[dict[str, Any]] = [{} for _number in range(300_000)]
    with takes_at_most(0.5):
        said = wire.Called.model_validate({"content": [{"text": "Hi"}, *many]}).as_text()
        assert list(wire.Page.model_validate({"tools": many}).readable()) == []
    assert said.startswith("Hi\n")
    assert len(said) < 20_000
