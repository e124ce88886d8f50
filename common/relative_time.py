"""A point in time as people say it, from now: "3 minutes ago", "in 24 hours".

The page's script keeps such words true (``frontend/app/times.ts``) and says them as
``Intl.RelativeTimeFormat`` does; what the server says first is the same, so that nothing moves when
the script takes over.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

NOW_SECONDS = 10
# (seconds of one, what is past, what is to come); the number is put in afterwards.
UNITS: tuple[tuple[int, Callable[[int], str], Callable[[int], str]], ...] = (
    (
        31_536_000,
        lambda n: _("last year") if n == 1 else ngettext("%d year ago", "%d years ago", n),
        lambda n: _("next year") if n == 1 else ngettext("in %d year", "in %d years", n),
    ),
    (
        2_592_000,
        lambda n: _("last month") if n == 1 else ngettext("%d month ago", "%d months ago", n),
        lambda n: _("next month") if n == 1 else ngettext("in %d month", "in %d months", n),
    ),
    (
        86_400,
        lambda n: _("yesterday") if n == 1 else ngettext("%d day ago", "%d days ago", n),
        lambda n: _("tomorrow") if n == 1 else ngettext("in %d day", "in %d days", n),
    ),
    (
        3600,
        lambda n: ngettext("%d hour ago", "%d hours ago", n),
        lambda n: ngettext("in %d hour", "in %d hours", n),
    ),
    (
        60,
        lambda n: ngettext("%d minute ago", "%d minutes ago", n),
        lambda n: ngettext("in %d minute", "in %d minutes", n),
    ),
    (
        1,
        lambda n: ngettext("%d second ago", "%d seconds ago", n),
        lambda n: ngettext("in %d second", "in %d seconds", n),
    ),
)


def relative(at: datetime, now: datetime) -> str:
    """``at`` as seen from ``now``, in the largest unit that fits, in the active language.

    What is past is rounded down, what is to come to the nearest: what was just given 24 hours does
    not have 23 of them.
    """
    seconds = math.floor((at - now).total_seconds() + 0.5)
    if abs(seconds) < NOW_SECONDS:
        return _("now")
    for size, past, coming in UNITS:
        if seconds > size:
            words, number = coming, math.floor(seconds / size + 0.5)
        elif -seconds >= size:
            words, number = past, -seconds // size
        else:
            continue
        said = words(number)
        return said % number if "%d" in said else said
    return _("now")
