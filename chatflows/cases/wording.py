"""What people are told of test cases and of what came of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    from chatflows.cases.judging import Miss
    from chatflows.cases.reading import Case

# What can be expected, as it is chosen.
EXPECTATIONS: Mapping[str, _StrPromise] = {
    "contains": gettext_lazy("The answer contains"),
    "not_contains": gettext_lazy("The answer does not contain"),
    "equals": gettext_lazy("The answer is exactly"),
    "matches": gettext_lazy("The answer matches the pattern"),
    "passes_node": gettext_lazy("This node runs"),
    "avoids_node": gettext_lazy("This node does not run"),
    "condition": gettext_lazy("This condition holds in the end"),
    "waits": gettext_lazy("The flow waits for another message"),
    "ends": gettext_lazy("The flow comes to its end"),
}


def title_of(case: Case) -> str:
    """What a case is called."""
    return case.title or _("New test case")


def why(miss: Miss, names: Mapping[str, str]) -> str:
    """Why an expectation did not hold, as a sentence; ``names`` are those of nodes by their ids."""
    value = names.get(miss.value, miss.value)
    if miss.kind == "condition":
        words = _("%(value)s does not hold: %(found)s")
        alone = _("%(value)s does not hold.") % {"value": value}
        return words % {"value": value, "found": miss.found} if miss.found else alone
    words = _sentence(miss.kind) % {"value": value}
    return f"{words} {miss.found}" if miss.found else words


def _sentence(kind: str) -> str:
    return {
        "contains": _("The answer does not contain “%(value)s”."),
        "not_contains": _("The answer contains “%(value)s”."),
        "equals": _("The answer is not “%(value)s”."),
        "matches": _("The answer does not match %(value)s."),
        "passes_node": _("%(value)s did not run."),
        "avoids_node": _("%(value)s ran."),
        "waits": _("The flow came to its end."),
        "ends": _("The flow waits for another message."),
    }.get(kind, "%(value)s")
