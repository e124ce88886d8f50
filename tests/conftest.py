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
    if not _shares_out(config):
        servers.start()
    config.add_cleanup(servers.stop)


def _shares_out(config: pytest.Config) -> bool:
    """Whether other processes run the tests, each on servers of its own."""
    return bool(config.getoption("numprocesses", None)) and not hasattr(config, "workerinput")
