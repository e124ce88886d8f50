"""What make says when the machine lacks something, before it does anything."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from privexbot.env import BASE_DIR

if TYPE_CHECKING:
    from pathlib import Path

# Stands for an old interpreter: it fails the question for its version and tells its name.
OLD_PYTHON = '#!/bin/sh\n[ "$1" = -V ] && echo "Python 3.9.2" && exit 0\nexit 1\n'


def test_a_python_that_is_too_old(tmp_path: Path) -> None:
    python = tmp_path / "python3.9"
    python.write_text(OLD_PYTHON)
    python.chmod(0o755)
    answer = subprocess.run(
        ["make", "run", f"PYTHON={python}", f"VENV={tmp_path}/venv"],
        cwd=BASE_DIR,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.returncode != 0
    assert "Python 3.11 or later is needed" in answer.stdout
    assert "Python 3.9.2" in answer.stdout
    assert not (tmp_path / "venv").exists()


def test_a_failed_installation_is_explained() -> None:
    answer = subprocess.run(
        [BASE_DIR / ".ci" / "explain-install"], capture_output=True, text=True, check=True
    )

    assert "DATABASE_URL" in answer.stdout
    assert os.uname().machine in answer.stdout
