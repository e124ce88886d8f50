"""What a draft's test cases say about it, for its problem list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatflows.cases.told import Told


def advice(found: Told) -> Iterator[tuple[str, str, str]]:
    """Severity, path and message for each case that fails, and for those of which it is not known.
    They block where the flow says so."""
    severity = "error" if found.must_pass else "warning"
    for row in found.failing:
        words = _("The test case “%(name)s” fails. %(why)s")
        message = words % {"name": row.title[:80], "why": row.why}
        yield severity, f"test_cases.{row.case.id}", message
    if found.unrun:
        yield severity, "test_cases", _unrun(found)


def doubt(found: Told) -> str:
    """That some fail; empty where none does."""
    if not (count := len(found.failing)):
        return ""
    words = ngettext(
        "%(count)d of %(total)d test cases fails for this version.",
        "%(count)d of %(total)d test cases fail for this version.",
        count,
    )
    return words % {"count": count, "total": found.total}


def _unrun(found: Told) -> str:
    if found.is_running:
        words = ngettext(
            "%(count)d test case is being run. Wait for it.",
            "%(count)d test cases are being run. Wait for them.",
            found.unrun,
        )
        return words % {"count": found.unrun}
    words = ngettext(
        "%(count)d test case has not been run since the last change. Run it.",
        "%(count)d test cases have not been run since the last change. Run them.",
        found.unrun,
    )
    return words % {"count": found.unrun}
