"""How much a draft may hold, and what no document may hold at all."""

from __future__ import annotations

import math
import re
from typing import Any

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from common.problems import FieldError, Problem, invalid, malformed, too_large, too_many

MOST_BYTES = 1024 * 1024
MOST_FIELDS = 10_000
MOST_DRAFTS = 1000
MOST_ENTRIES = 500
MOST_LOGGED = 1024 * 1024
# In a minute, by all of a workspace: far more than anybody types or a program saves one by one.
MOST_WRITTEN = 64 * 1024 * 1024
DEEPEST = 20
INTEGERS = range(-(2**63), 2**63)
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


def check(value: Any, path: str = "data", depth: int = 1) -> None:
    """Refuse what neither store can keep: NUL, half characters, NaN, huge numbers, deep nests."""
    if isinstance(value, str):
        _check_text(value, path)
    elif isinstance(value, dict | list | tuple):
        if depth > DEEPEST:
            raise malformed(_("The data is nested too deeply."))
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for name, member in items:
            if isinstance(name, str):
                _check_text(name, path)
            check(member, f"{path}.{name}", depth + 1)
    elif isinstance(value, float) and not math.isfinite(value):
        raise malformed(_("A number is not finite."), FieldError(path, _("must be finite")))
    elif isinstance(value, int) and value not in INTEGERS:
        raise invalid(_("A number is too large."), FieldError(path, _("is too large")))


def _check_text(text: str, path: str) -> None:
    if _UNKEEPABLE.search(text):
        reason = _("holds a character that cannot be stored")
        raise malformed(_("A text holds a character that cannot be stored."), _at(path, reason))


def _at(path: str, reason: str) -> FieldError:
    return FieldError(_UNKEEPABLE.sub("\ufffd", path), reason)


def too_big() -> Problem:
    return too_large(_("A draft holds at most 1 MiB. Nothing of this change was saved."))


def too_many_fields() -> Problem:
    return too_large(
        _("A draft holds at most %(most)d values. Nothing of this change was saved.")
        % {"most": MOST_FIELDS}
    )


def no_room() -> Problem:
    detail = _(
        "The drafts of this workspace hold %(most)s together, as much as they may. Nothing of this "
        "change was saved. Deploy or abandon a draft, then try again."
    )
    most = filesizeformat(settings.DRAFT_WORKSPACE_BYTES)
    return Problem(413, "Too large", detail % {"most": most}, "workspace-full")


def too_often(seconds: int) -> Problem:
    detail = _(
        "This workspace changed more of its drafts than it may in a minute. Nothing of this change "
        "was saved. Try again in %(seconds)d seconds."
    )
    return too_many(detail % {"seconds": seconds}, retry_after=seconds)


def too_many_drafts() -> Problem:
    detail = _("This workspace has %(most)d drafts. Deploy or abandon one to start another.")
    return Problem(409, "Conflict", detail % {"most": MOST_DRAFTS}, "too-many-drafts")
