"""Time and size, whatever the service does."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from knowledge.remote.asking import Manners, Patience, Service
from knowledge.remote.errors import RemoteError
from tests.servers.faults import Answer, busy

if TYPE_CHECKING:
    from tests.servers.notion import NotionServer

HASTY = Patience(between=0.5, total=0.5, attempts=3, first_wait=0.01)


def service(server: NotionServer, patience: Patience = HASTY, **more: Any) -> Service:
    manners = Manners("Notion", f"{server.url}/v1", lambda _body: "", **more)
    return Service(manners, patience=patience)


def test_an_answer_that_comes_byte_by_byte_is_not_waited_for(notion: NotionServer) -> None:
    notion.faults.append(Answer(200, b"{}" * 500, slow=0.05))
    began = time.monotonic()
    with service(notion) as asked, pytest.raises(RemoteError, match="took too long"):
        asked.json("GET", "/pages/x")
    assert time.monotonic() - began < 2


def test_silence_is_not_waited_for(notion: NotionServer) -> None:
    notion.faults.append(Answer(200, b"{}", slow=3))
    with service(notion) as asked, pytest.raises(RemoteError, match="took too long"):
        asked.json("GET", "/pages/x")


def test_it_gives_up_after_a_few_attempts(notion: NotionServer) -> None:
    notion.faults.extend([busy()] * 10)
    with service(notion) as asked, pytest.raises(RemoteError, match="is busy"):
        asked.json("GET", "/pages/x")
    assert len(notion.asked) == 3


@pytest.mark.parametrize("asks", ["soon", "-5", "1e9", "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_it_waits_as_it_likes_where_the_service_says_nothing_usable(
    notion: NotionServer, asks: str
) -> None:
    notion.faults.extend([busy(asks), Answer(200, {"ok": True})])
    with service(notion) as asked:
        assert asked.json("GET", "/pages/x") == {"ok": True}


def test_too_much_is_not_kept(notion: NotionServer) -> None:
    notion.faults.append(Answer(200, b"x" * 3_000_000))
    few = service(notion, largest=1024 * 1024)
    with few as asked, pytest.raises(RemoteError, match="more than 1 MB"):
        asked.json("GET", "/pages/x")
