"""What flows reach in tests: real servers on loopback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chatflows.executor.ports import Ports
from chatflows.http import GuardedHttp
from conversations.ports import NoKnowledge
from inference.resolve import model_client
from tests.servers.rest import RestServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conversations.runtime import ModelChoice
    from inference.client import ModelClient
    from tests.servers.model import ModelServer


class ServersModels:
    """The models of this installation."""

    def of(self, choice: ModelChoice) -> ModelClient:
        return model_client(choice.provider)


@pytest.fixture
def rest(settings: object) -> Iterator[RestServer]:
    """An API that flows may reach."""
    with RestServer() as server:
        settings.OUTBOUND_ALLOWED_HOSTS = [server.url.removeprefix("http://")]  # type: ignore[attr-defined]
        yield server


@pytest.fixture
def ports(model: ModelServer) -> Ports:
    """A model's server, and whatever HTTP the guard lets through."""
    return Ports(ServersModels(), NoKnowledge(), GuardedHttp())
