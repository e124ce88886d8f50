"""Points in time as people say them; the same figures as ``frontend/app/tests/times.test.ts``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template

from common.relative_time import relative

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (3, "now"),
        (-9, "now"),
        (59, "59 seconds ago"),
        (61, "1 minute ago"),
        (3 * 3600 + 59, "3 hours ago"),
        (86_400, "yesterday"),
        (2 * 86_400, "2 days ago"),
        (31 * 86_400, "last month"),
        (3 * 31_536_000, "3 years ago"),
        (-7200, "in 2 hours"),
        (-86_400, "in 24 hours"),
        (-86_395, "in 24 hours"),
        (-23.2 * 3600, "in 23 hours"),
        (-3595, "in 60 minutes"),
        (-86_401, "tomorrow"),
    ],
)
def test_a_time_is_told_from_now(ago: float, words: str) -> None:
    assert relative(NOW - timedelta(seconds=ago), NOW) == words


def test_a_page_says_the_words_at_once() -> None:
    page = Template("{% load times %}{% moment at title=title %}")
    at = datetime.now(UTC) - timedelta(hours=2, minutes=1)
    assert page.render(Context({"at": at, "title": "<Once> & for all"})) == (
        f'<time datetime="{at.isoformat()}" data-relative title="&lt;Once&gt; &amp; for all">'
        "2 hours ago</time>"
    )
