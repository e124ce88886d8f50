"""Notion's API for tests: real HTTP on loopback, as its documentation says that it answers.

Pages, blocks and databases are put together by the test (``page``, ``database`` and the functions
for blocks below). What was not shared answers 404, as Notion does. ``faults`` come before anything
else, one for each request; ``endless`` are blocks whose lists of children never end.
"""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from tests.servers.faults import Answer
from tests.support.loopback import LoopbackServer

if TYPE_CHECKING:
    from collections.abc import Sequence

TOKEN = "ntn_test_0123456789abcdefghij"
VERSION = "2025-09-03"
AT_MOST = 100


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    given: dict[str, Any]
    headers: dict[str, str]


@dataclass
class _Database:
    title: str
    rows: list[str] = field(default_factory=list)


class NotionServer(LoopbackServer):
    """One integration's view of a workspace."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.part = AT_MOST
        self.asked: list[Asked] = []
        self.faults: deque[Answer] = deque()
        self.endless: set[str] = set()
        self._pages: dict[str, dict[str, Any]] = {}
        self._children: dict[str, list[dict[str, Any]]] = {}
        self._databases: dict[str, _Database] = {}
        self._numbers = count(1)

    # What there is

    def new_id(self) -> str:
        return str(UUID(int=next(self._numbers) + (0xA1 << 120)))

    def page(
        self, title: str, *blocks: dict[str, Any], properties: dict[str, Any] | None = None
    ) -> str:
        """A page that is shared with the integration; gives its id."""
        page_id = self.new_id()
        named = {"Name": {"id": "title", "type": "title", "title": rich(title)}}
        self._pages[page_id] = {
            "object": "page",
            "id": page_id,
            "in_trash": False,
            "properties": {**(properties or {}), **named},
            "url": f"https://www.notion.so/{title.replace(' ', '-')}-{page_id.replace('-', '')}",
        }
        self.write(page_id, *blocks)
        return page_id

    def write(self, block_id: str, *blocks: dict[str, Any]) -> None:
        """Make ``blocks`` the content of a page or block."""
        self._children[block_id] = [self._stored(each) for each in blocks]

    def database(self, title: str, *rows: str) -> str:
        """A database of one data source, whose rows are pages."""
        database_id = self.new_id()
        self._databases[database_id] = _Database(title, list(rows))
        return database_id

    def put_away(self, page_id: str) -> None:
        self._pages[page_id]["in_trash"] = True

    def _stored(self, given: dict[str, Any]) -> dict[str, Any]:
        stored = {"object": "block", "id": self.new_id(), **given}
        children = stored.pop("children", ())
        if children:
            self.write(stored["id"], *children)
        return {**stored, "has_children": bool(children) or stored["id"] in self.endless}

    # What it answers

    def answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        if self.faults:
            return self.faults.popleft()
        if asked.headers.get("Authorization") != f"Bearer {TOKEN}":
            return refusal(401, "unauthorized", "API token is invalid.")
        if asked.headers.get("Notion-Version") != VERSION:
            return refusal(400, "missing_version", "Notion-Version header should be defined.")
        return self._found(asked)

    def _found(self, asked: Asked) -> Answer:
        kind, *rest = asked.path.strip("/").split("/")
        match asked.method, kind, rest:
            case "GET", "users", ["me"]:
                return Answer(200, {"object": "user", "bot": {"workspace_name": "Acme's wiki"}})
            case "GET", "pages", [page_id] if page_id in self._pages:
                return Answer(200, self._pages[page_id])
            case "GET", "databases", [database_id] if database_id in self._databases:
                return Answer(200, self._described(database_id))
            case "POST", "data_sources", [source_id, "query"]:
                return self._rows(source_id, asked)
            case "GET", "blocks", [block_id, "children"]:
                return self._blocks(block_id, asked)
        return _missing()

    def _described(self, database_id: str) -> dict[str, Any]:
        title = self._databases[database_id].title
        sources = [{"id": f"source-of-{database_id}", "name": title}]
        return {"object": "database", "id": database_id, "data_sources": sources}

    def _rows(self, source_id: str, asked: Asked) -> Answer:
        database = self._databases.get(source_id.removeprefix("source-of-"))
        if database is None:
            return _missing()
        return self._part([self._pages[row] for row in database.rows], asked)

    def _blocks(self, block_id: str, asked: Asked) -> Answer:
        if block_id in self.endless:
            body = {"results": [paragraph("And so on.")], "has_more": True}
            return Answer(200, {**body, "next_cursor": f"after-{len(self.asked)}"})
        if block_id not in self._children:
            return _missing()
        return self._part(self._children[block_id], asked)

    def _part(self, items: Sequence[Any], asked: Asked) -> Answer:
        """So many of ``items`` as were asked for, from the cursor on."""
        start = int(asked.given.get("start_cursor", 0))
        end = start + min(int(asked.given.get("page_size", AT_MOST)), self.part)
        more = end < len(items)
        listed = {"object": "list", "results": items[start:end], "has_more": more}
        return Answer(200, {**listed, "next_cursor": str(end) if more else None})

    def handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                query = {k: v[0] for k, v in parse_qs(urlsplit(self.path).query).items()}
                self._answer(query)

            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                self._answer(json.loads(self.rfile.read(length)))

            def _answer(self, given: dict[str, Any]) -> None:
                path = urlsplit(self.path).path.removeprefix("/v1")
                asked = Asked(self.command, path, given, dict(self.headers))
                server.answer(asked).send(self)

        return Handler


def refusal(status: int, code: str, message: str) -> Answer:
    """An error as Notion words it."""
    return Answer(status, {"object": "error", "status": status, "code": code, "message": message})


def _missing() -> Answer:
    return refusal(404, "object_not_found", "Could not find it. Is it shared?")


def rich(text: str) -> list[dict[str, Any]]:
    """Rich text, in two runs where there is more than one word."""
    first, blank, rest = text.partition(" ")
    runs = [f"{first}{blank}", rest] if rest else [first]
    return [
        {"type": "text", "plain_text": run, "text": {"content": run}, "annotations": {"bold": True}}
        for run in runs
    ]


def block(type_: str, text: str = "", *children: dict[str, Any], **data: Any) -> dict[str, Any]:
    """A block with a text."""
    given = {"type": type_, type_: {"rich_text": rich(text), **data}}
    return {**given, "children": children} if children else given


def paragraph(text: str, *children: dict[str, Any]) -> dict[str, Any]:
    return block("paragraph", text, *children)


def table(*rows: Sequence[str]) -> dict[str, Any]:
    lines = [
        {"type": "table_row", "table_row": {"cells": [rich(cell) for cell in row]}} for row in rows
    ]
    return {"type": "table", "table": {"table_width": len(rows[0])}, "children": lines}


def child_page(page_id: str, title: str) -> dict[str, Any]:
    return {"id": page_id, "type": "child_page", "child_page": {"title": title}}


def child_database(database_id: str, title: str) -> dict[str, Any]:
    return {"id": database_id, "type": "child_database", "child_database": {"title": title}}
