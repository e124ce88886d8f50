"""Qdrant's REST API for tests: real HTTP on loopback, over the engine of Qdrant itself.

The engine (``qdrant-edge-py``) has no server, so requests are translated here, as far as the
product makes them, after the models of the official client have found them right. ``faults`` come
before anything else, one for each request; ``away`` answers nobody.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import threading
from collections import deque
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError
from qdrant_client.http import models
from qdrant_edge import (
    CountRequest,
    Distance,
    EdgeConfig,
    EdgeShard,
    EdgeVectorParams,
    FieldCondition,
    Filter,
    HasIdCondition,
    MatchAny,
    MatchValue,
    PayloadSchemaType,
    Point,
    Query,
    QueryRequest,
    ScrollRequest,
    SearchParams,
    UpdateOperation,
    VectorStorageDatatype,
)

from tests.servers.faults import Answer
from tests.support.loopback import LoopbackServer

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = "qdrant-test-key-0123456789"
Json = dict[str, Any]


class QdrantServer(LoopbackServer):
    """A server with collections; ``asked`` are the requests that it answered."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="privexbot-qdrant-"))
        self.collections: dict[str, EdgeShard] = {}
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Nothing was asked, nothing is there."""
        self.asked: list[str] = []
        self.faults: deque[Answer] = deque()
        self.away = False
        for name in list(self.collections):
            self._drop(name)

    def __exit__(self, *exception: object) -> None:
        super().__exit__(*exception)
        self.reset()
        shutil.rmtree(self.folder, ignore_errors=True)

    def count(self) -> int:
        """Points in all collections."""
        return sum(shard.count(CountRequest()) for shard in self.collections.values())

    def handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(length) or b"{}")
                if server.away:
                    self.close_connection = True
                    return
                key = self.headers.get("api-key", "")
                with server._lock:
                    server.answer(self.command, urlsplit(self.path).path, body, key).send(self)

            do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815

        return Handler

    def answer(self, method: str, path: str, body: Json, key: str) -> Answer:
        """What one request is answered with."""
        self.asked.append(f"{method} {path}")
        if self.faults:
            return self.faults.popleft()
        if key != KEY:
            return Answer(401, b"Must provide an API key or an Authorization bearer token")
        _nothing, collections, name, *action = path.split("/")
        assert collections == "collections"
        if name not in self.collections and (method, action) not in ABSENT:
            error = f"Not found: Collection `{name}` doesn't exist!"
            return Answer(404, {"status": {"error": error}, "time": 0.0})
        what = (method, "/".join(action))
        try:
            if what in BODIES:
                BODIES[what].model_validate(body)
        except ValidationError as error:
            return Answer(400, {"status": {"error": str(error)}, "time": 0.0})
        result = ACTIONS[what](self, name, body)
        return Answer(200, {"result": result, "status": "ok", "time": 0.0})

    def exists(self, name: str, _body: Json) -> Json:
        return {"exists": name in self.collections}

    def create(self, name: str, body: Json) -> bool:
        wanted = body["vectors"]
        vectors = EdgeVectorParams(
            wanted["size"],
            getattr(Distance, wanted["distance"]),
            datatype=getattr(VectorStorageDatatype, wanted["datatype"].capitalize()),
        )
        place = self.folder / name
        place.mkdir()
        self.collections[name] = EdgeShard.create(str(place), EdgeConfig(vectors=vectors))
        return True

    def drop(self, name: str, _body: Json) -> bool:
        return self._drop(name)

    def _drop(self, name: str) -> bool:
        shard = self.collections.pop(name, None)
        if shard is None:
            return False
        shard.close()
        shutil.rmtree(self.folder / name)
        return True

    def index(self, name: str, body: Json) -> Json:
        schema = getattr(PayloadSchemaType, body["field_schema"].capitalize())
        return self._update(name, UpdateOperation.create_field_index(body["field_name"], schema))

    def put(self, name: str, body: Json) -> Json:
        points = [Point(p["id"], p["vector"], p["payload"]) for p in body["points"]]
        return self._update(name, UpdateOperation.upsert_points(points))

    def delete(self, name: str, body: Json) -> Json:
        return self._update(name, UpdateOperation.delete_points(body["points"]))

    def _update(self, name: str, operation: UpdateOperation) -> Json:
        self.collections[name].update(operation)
        return {"operation_id": len(self.asked), "status": "completed"}

    def counted(self, name: str, body: Json) -> Json:
        return {"count": self.collections[name].count(CountRequest(exact=body["exact"]))}

    def retrieve(self, name: str, body: Json) -> list[Json]:
        found = self.collections[name].retrieve(
            body["ids"], body["with_payload"], body["with_vector"]
        )
        return [{"id": record.id, "vector": record.vector} for record in found]

    def query(self, name: str, body: Json) -> Json:
        request = QueryRequest(
            body["limit"],
            query=Query.Nearest(body["query"]),
            filter=_filter(body["filter"]),
            params=SearchParams(**body["params"]),
        )
        found = self.collections[name].query(request)
        return {"points": [{"id": p.id, "version": p.version, "score": p.score} for p in found]}

    def scroll(self, name: str, body: Json) -> Json:
        request = ScrollRequest(offset=body["offset"], limit=body["limit"], with_payload=False)
        found, after = self.collections[name].scroll(request)
        return {"points": [{"id": record.id} for record in found], "next_page_offset": after}


# What may be asked of a collection that is not there.
ABSENT: tuple[tuple[str, list[str]], ...] = (("GET", ["exists"]), ("PUT", []), ("DELETE", []))
ACTIONS: dict[tuple[str, str], Callable[[QdrantServer, str, Json], Any]] = {
    ("GET", "exists"): QdrantServer.exists,
    ("PUT", ""): QdrantServer.create,
    ("DELETE", ""): QdrantServer.drop,
    ("PUT", "index"): QdrantServer.index,
    ("PUT", "points"): QdrantServer.put,
    ("POST", "points"): QdrantServer.retrieve,
    ("POST", "points/delete"): QdrantServer.delete,
    ("POST", "points/count"): QdrantServer.counted,
    ("POST", "points/query"): QdrantServer.query,
    ("POST", "points/scroll"): QdrantServer.scroll,
}


BODIES: dict[tuple[str, str], type[BaseModel]] = {
    ("PUT", ""): models.CreateCollection,
    ("PUT", "index"): models.CreateFieldIndex,
    ("PUT", "points"): models.PointsList,
    ("POST", "points"): models.PointRequest,
    ("POST", "points/delete"): models.PointIdsList,
    ("POST", "points/count"): models.CountRequest,
    ("POST", "points/query"): models.QueryRequest,
    ("POST", "points/scroll"): models.ScrollRequest,
}


def _filter(given: Json) -> Filter:
    return Filter(
        must=[_condition(each) for each in given.get("must", ())],
        must_not=[_condition(each) for each in given.get("must_not", ())],
    )


def _condition(given: Json) -> FieldCondition | HasIdCondition:
    if "has_id" in given:
        return HasIdCondition(set(given["has_id"]))
    match = given["match"]
    wanted = MatchAny(match["any"]) if "any" in match else MatchValue(match["value"])
    return FieldCondition(given["key"], match=wanted)
