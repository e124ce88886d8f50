"""What a run may reach outside of itself. Preview and live give it the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chatflows.executor.flow import Flow
    from conversations.runtime import ModelChoice, Retriever
    from inference.client import ModelClient


@dataclass(frozen=True)
class Request:
    """An HTTP request. ``credential_id`` names a secret that is added where it is sent. ``enough``
    tells of the beginning of a body that no more of it is wanted; it is asked with each piece."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    credential_id: str | None = None
    enough: Callable[[bytearray], bool] | None = None


@dataclass(frozen=True)
class Response:
    """``headers`` have names in small letters. ``body`` is as large as the port takes."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class RequestError(Exception):
    """There is no response. The message is for whoever builds and holds no secret."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent


class Http(Protocol):
    """Sends requests to where a workspace may send them."""

    async def send(self, request: Request) -> Response:
        """Raises ``RequestError``."""
        ...


class Models(Protocol):
    """The models that a flow names."""

    def of(self, choice: ModelChoice) -> ModelClient: ...


@dataclass(frozen=True)
class LiveFlow:
    """A deployed flow that others may run in their midst, from its node ``start`` on; empty:
    nothing begins it with a message."""

    name: str
    flow: Flow
    start: str


@dataclass(frozen=True)
class Ports:
    """``flows`` are those that the flow, and those in its midst, may run in theirs, by their ids.
    ``flow_id`` is its own id, where it is deployed."""

    models: Models
    retriever: Retriever
    http: Http
    flows: Mapping[str, LiveFlow] = field(default_factory=dict)
    flow_id: str = ""
