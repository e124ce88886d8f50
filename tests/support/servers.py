"""The test run's own PostgreSQL and Valkey."""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack

from privexbot.embedded import endpoints, postgres
from privexbot.embedded.running import kept
from privexbot.env import DATA_DIR, env

_stack = ExitStack()


def start() -> None:
    """Start both; processes that tests start find them through the environment."""
    # A test run's data need not survive a power cut.
    postgres.OPTIONS.update(fsync="off", synchronous_commit="off", full_page_writes="off")
    owner = "PRIVEXBOT_TEST_PID" not in os.environ
    if owner:
        os.environ["PRIVEXBOT_TEST_PID"] = str(os.getpid())
        _stack.enter_context(kept(endpoints(env, DATA_DIR), "the test run"))


def stop() -> None:
    """Stop both, if they were started, and remove the run's folder."""
    _stack.close()
    if os.environ.get("PRIVEXBOT_TEST_PID", str(os.getpid())) == str(os.getpid()):
        shutil.rmtree(DATA_DIR, ignore_errors=True)
