"""What is counted goes to a folder in memory that nobody else can reach into."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from privexbot import metric_files
from privexbot.embedded import EmbeddedError

if TYPE_CHECKING:
    from pathlib import Path


def test_every_data_folder_has_one_of_its_own_outside_of_it(tmp_path: Path) -> None:
    first, second = (metric_files.folder(tmp_path / name) for name in ("a", "b"))

    assert first != second
    assert not first.is_relative_to(tmp_path / "a")


def test_it_starts_empty_for_this_user_alone_and_ends_gone(tmp_path: Path) -> None:
    folder = tmp_path / "metrics"
    folder.mkdir()
    (folder / "counter_1.db").touch()

    with metric_files.empty(folder):
        assert list(folder.iterdir()) == []
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        (folder / "counter_2.db").touch()
    assert not folder.exists()


def test_a_link_that_somebody_put_there_is_refused(tmp_path: Path) -> None:
    elsewhere, folder = tmp_path / "elsewhere", tmp_path / "metrics"
    elsewhere.mkdir()
    (elsewhere / "precious").touch()
    folder.symlink_to(elsewhere)

    with pytest.raises(EmbeddedError, match="belongs to somebody else"), metric_files.empty(folder):
        pass
    assert (elsewhere / "precious").exists()
