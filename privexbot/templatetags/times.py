"""How pages write points in time, and how long something took."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils import timezone
from django.utils.html import format_html

from common import durations
from common.relative_time import relative

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def moment(at: datetime, title: str = "") -> SafeString:
    """``at`` from now ("3 minutes ago"); the page's script keeps it true.

    What is not said of it in ``title`` is said by the script, which knows the reader's time zone.
    """
    return format_html(
        '<time datetime="{}" data-relative{}>{}</time>',
        at.isoformat(),
        format_html(' title="{}"', title) if title else "",
        relative(at, timezone.now()),
    )


@register.filter
def duration(ms: float) -> str:
    """How long ``ms`` milliseconds are, in their largest fitting unit."""
    return durations.duration(ms)
