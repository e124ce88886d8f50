"""A process with databases of its own, in a folder that is removed afterwards.

The settings read where the database is when they are imported; so whoever measures is a process
that is told that by its environment.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile


def run(module: str) -> int:
    """Run ``module`` with this process's arguments in such a place; its exit status."""
    with tempfile.TemporaryDirectory(prefix="privexbot-bench-") as folder:
        place = {"DJANGO_SETTINGS_MODULE": "privexbot.settings", "PRIVEXBOT_DATA_DIR": folder}
        command = [sys.executable, "-m", module, *sys.argv[1:]]
        return subprocess.run(command, env=os.environ | place, check=False).returncode
