"""A client of the knowledge API, and waiting for what happens in the background."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.drafts.client import Api

if TYPE_CHECKING:
    from collections.abc import Callable

    from workspaces.access import Actor

PATIENCE = 30.0


class KnowledgeApi(Api):
    """Speaks for ``actor`` about knowledge bases."""

    def __init__(self, actor: Actor) -> None:
        super().__init__(actor, "kb")

    def new_draft(self, **data: Any) -> str:
        draft_id: str = self.post("/draft", {"name": "Manual", **data}).json()["draft_id"]
        return draft_id

    def upload(self, draft_id: str, **files: bytes) -> Any:
        """Names are given with ``__`` for the dot: ``manual__md``."""
        given = [SimpleUploadedFile(n.replace("__", "."), body) for n, body in files.items()]
        return self.client.post(
            f"{self.base}/draft/{draft_id}/sources/upload",
            {"file": given},
            headers={"Authorization": f"Bearer {self.key}"},
        )

    def send_file(self, method: str, path: str, name: str, body: bytes) -> Any:
        """One file as a form; the answer knows whether it is ``ok``."""
        encoded = encode_multipart(BOUNDARY, {"file": SimpleUploadedFile(name, body)})
        answer = self.client.generic(
            method,
            f"{self.base}{path}",
            encoded,
            content_type=MULTIPART_CONTENT,
            headers={"Authorization": f"Bearer {self.key}"},
        )
        answer.ok = answer.status_code < 400  # type: ignore[attr-defined]
        return answer

    def add_text(self, draft_id: str, content: str, name: str = "Notes") -> dict[str, Any]:
        body = {"name": name, "content": content}
        added: dict[str, Any] = self.post(f"/draft/{draft_id}/sources/text", body).json()
        return added

    def add_website(self, draft_id: str, url: str, **config: Any) -> dict[str, Any]:
        body = {"url": url, "crawl_config": config}
        answer = self.post(f"/draft/{draft_id}/sources/website", body)
        assert answer.status_code == 201, answer.json()
        added: dict[str, Any] = answer.json()
        return added

    def sources(self, draft_id: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.get(f"/draft/{draft_id}").json()["data"]["sources"]
        return found

    def read(self, draft_id: str) -> list[dict[str, Any]]:
        """The sources, once none of them is being read."""
        busy = ("pending", "parsing")
        wait(lambda: all(s.get("status") not in busy for s in self.sources(draft_id)))
        return self.sources(draft_id)

    def deployed(self, draft_id: str) -> str:
        answer = self.post(f"/draft/{draft_id}/finalize")
        assert answer.status_code == 200, answer.json()
        kb_id: str = answer.json()["kb_id"]
        return kb_id

    def indexed(self, kb_id: str) -> dict[str, Any]:
        """The progress, once the run has ended."""
        wait(lambda: self.progress(kb_id)["status"] not in ("queued", "indexing"))
        return self.progress(kb_id)

    def progress(self, kb_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.get(f"/{kb_id}/progress").json()
        return found

    def search(self, kb_id: str, query: str, **more: Any) -> list[dict[str, Any]]:
        answer = self.post(f"/{kb_id}/search", {"query": query, **more})
        assert answer.status_code == 200, answer.json()
        results: list[dict[str, Any]] = answer.json()["results"]
        return results


def wait(holds: Callable[[], bool]) -> None:
    """Return as soon as ``holds``; an ``AssertionError`` when it does not in time."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.05)
