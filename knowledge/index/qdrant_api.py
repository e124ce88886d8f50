"""The part of a Qdrant server's REST API that keeping and finding vectors takes.

The official client would cost every process 46 MB for gRPC, which nothing here needs.
https://api.qdrant.tech/api-reference
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from common.outbound import USER_AGENT
from inference.embedding import EmbeddingError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy import float32
    from numpy.typing import NDArray

Json = dict[str, Any]
T = TypeVar("T")
# Seconds to connect, and for an answer.
TIMEOUT = httpx.Timeout(20, connect=3)
# Points in one request: 384 numbers each make 1 MB.
AT_ONCE = 256
SCROLLED = 1_000
MISSING, UNAUTHORIZED, FORBIDDEN = 404, 401, 403


class VectorStoreError(EmbeddingError):
    """Vectors cannot be kept or had. Whoever needs them treats it like a model that is away:
    questions are answered by words, indexing tries again."""


class NoCollectionError(VectorStoreError):
    """The server has no such collection."""


@lru_cache(maxsize=1)
def server(url: str, key: str) -> QdrantServer:
    """The server of this installation; its connections are kept."""
    try:
        return QdrantServer(url, key)
    except httpx.InvalidURL:
        message = _("QDRANT_URL is no address. Ask whoever runs this server to set it right.")
        raise VectorStoreError(message, permanent=True) from None


def configured() -> QdrantServer:
    """The server that the settings name; raises ``VectorStoreError`` where they name none."""
    if not settings.QDRANT_URL:
        message = _("No Qdrant server is set up. Ask whoever runs this server to set QDRANT_URL.")
        raise VectorStoreError(message, permanent=True)
    return server(settings.QDRANT_URL, settings.QDRANT_API_KEY)


class QdrantServer:
    """One server. Every method raises ``VectorStoreError``; what changes something has been
    applied when it returns."""

    def __init__(self, url: str, key: str) -> None:
        headers = {"User-Agent": USER_AGENT} | ({"api-key": key} if key else {})
        self._client = httpx.Client(
            base_url=url.rstrip("/"), headers=headers, timeout=TIMEOUT, trust_env=False
        )

    def create(self, name: str, dimensions: int, keywords: Sequence[str]) -> None:
        """Make a collection of half precision vectors, compared by cosine, whose payload can be
        searched by ``keywords``. That it is there already is fine."""
        vectors = {"size": dimensions, "distance": "Cosine", "datatype": "float16"}
        if not self.exists(name):
            self._ask("PUT", f"/collections/{name}", {"vectors": vectors})
        for keyword in keywords:
            schema = {"field_name": keyword, "field_schema": "keyword"}
            self._ask("PUT", f"/collections/{name}/index?wait=true", schema)

    def exists(self, name: str) -> bool:
        found = self._ask("GET", f"/collections/{name}/exists")
        return bool(found["exists"])

    def drop(self, name: str) -> None:
        """Forget the collection, if there is one."""
        self._ask("DELETE", f"/collections/{name}")

    def count(self, name: str) -> int:
        """How many points there are, exactly."""
        return int(self._ask("POST", f"/collections/{name}/points/count", {"exact": True})["count"])

    def put(self, name: str, points: Sequence[tuple[int, NDArray[float32], Json]]) -> None:
        """Keep points (key, vector, payload), in place of those with the same keys."""
        for some in _batches(points):
            body = [
                {"id": key, "vector": _numbers(vector), "payload": payload}
                for key, vector, payload in some
            ]
            self._ask("PUT", f"/collections/{name}/points?wait=true", {"points": body})

    def delete(self, name: str, keys: Sequence[int]) -> None:
        """Delete those of the points that are there."""
        for some in _batches(keys):
            body = {"points": list(some)}
            self._ask("POST", f"/collections/{name}/points/delete?wait=true", body)

    def vectors(self, name: str, keys: Sequence[int]) -> dict[int, list[float]]:
        """The vectors of those of ``keys`` that are there, at length 1."""
        found: dict[int, list[float]] = {}
        for some in _batches(keys):
            body = {"ids": list(some), "with_vector": True, "with_payload": False}
            rows = self._ask("POST", f"/collections/{name}/points", body)
            found |= {row["id"]: row["vector"] for row in rows}
        return found

    def nearest(
        self, name: str, vector: NDArray[float32], which: Json, limit: int, *, exact: bool = False
    ) -> dict[int, float]:
        """The cosines of the points nearest to ``vector`` among those that the filter ``which``
        leaves, best first."""
        body = {
            "query": _numbers(vector),
            "filter": which,
            "limit": limit,
            "params": {"exact": exact, "hnsw_ef": max(200, limit)},
        }
        found = self._ask("POST", f"/collections/{name}/points/query", body)
        return {row["id"]: row["score"] for row in found["points"]}

    def keys(self, name: str) -> Iterator[list[int]]:
        """The keys of all points, some at a time."""
        offset = None
        while True:
            body = {"limit": SCROLLED, "offset": offset, "with_payload": False}
            found = self._ask("POST", f"/collections/{name}/points/scroll", body)
            yield [row["id"] for row in found["points"]]
            offset = found["next_page_offset"]
            if offset is None:
                return

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        try:
            answer = self._client.request(method, path, json=body)
            answer.raise_for_status()
            return answer.json()["result"]
        except httpx.HTTPStatusError as error:
            raise _refused(error.response.status_code) from None
        except (httpx.HTTPError, ValueError, KeyError, TypeError):
            message = _("Qdrant does not answer. What was found by words is not affected.")
            raise VectorStoreError(message) from None


def _refused(status: int) -> VectorStoreError:
    """What an answer means for people. What the server says of it may hold addresses and keys."""
    if status == MISSING:
        words = _("The vectors are no longer in Qdrant. Index the knowledge base anew.")
        return NoCollectionError(words)
    if status in (UNAUTHORIZED, FORBIDDEN):
        words = _("Qdrant refuses the key. Ask whoever runs this server to check QDRANT_API_KEY.")
        return VectorStoreError(words)
    words = _("Qdrant refused the request with status %(status)s.") % {"status": status}
    return VectorStoreError(words)


def _batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), AT_ONCE):
        yield items[start : start + AT_ONCE]


def _numbers(vector: NDArray[float32]) -> list[float]:
    """Half precision holds no more than four digits."""
    return [float(format(value, ".6g")) for value in vector.tolist()]
