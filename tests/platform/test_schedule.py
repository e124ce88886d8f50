"""What runs again and again by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from privexbot.celery import ScheduleInMemory, app

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_schedule_is_kept_without_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    schedule = ScheduleInMemory(app=app)
    schedule.tick()
    schedule.close()

    assert set(schedule.schedule) == set(settings.CELERY_BEAT_SCHEDULE)
    assert list(tmp_path.iterdir()) == []
