"""Starts the servers of the test run; the fixtures are in ``tests/support``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support import servers

if TYPE_CHECKING:
    import pytest

pytest_plugins = (
    "tests.support.stores",
    "tests.support.people",
    "tests.support.live",
    "tests.support.browser",
    "tests.servers.fixtures",
)


def pytest_configure(config: pytest.Config) -> None:
    servers.start()
    config.add_cleanup(servers.stop)
