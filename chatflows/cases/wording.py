"""What people are told of test cases, of what came of them, and of what changed in them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    from chatflows.cases.judging import Miss
    from chatflows.cases.reading import Case
    from drafts.deploying.planning import PlannedChange

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


def unfinished(case: Case) -> str:
    """What a case that cannot be run has yet to say."""
    missing = [] if case.messages else [_("It says nothing that a visitor writes.")]
    if case.unwritten:
        words = ngettext(
            "Expectation %(numbers)s says nothing: fill it in, or remove it.",
            "Expectations %(numbers)s say nothing: fill them in, or remove them.",
            len(case.unwritten),
        )
        missing.append(words % {"numbers": ", ".join(map(str, case.unwritten))})
    return " ".join(missing)


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


def reworded(change: PlannedChange) -> PlannedChange:
    """A change of a document, what it says of test cases as people read it."""
    listed, _dot, rest = change.path.partition(".")
    if listed != "test_cases" or not rest:
        return change
    field = rest.partition(".")[2]
    before, after = (_in_words(field, value) for value in (change.before, change.after))
    return replace(change, before=before, after=after)


def _in_words(field: str, value: Any) -> Any:
    if field == "" and isinstance(value, dict):
        told = (_in_words(name, value.get(name)) for name in ("messages", "expectations"))
        return "\n".join(filter(None, told))
    if field == "messages" and value:
        return " → ".join(map(str, value))
    if field == "expectations" and value:
        return "\n".join(_expectation(each) for each in value)
    if field == "variables" and value:
        return "\n".join(f"{each.get('name')} = {each.get('value', '')}" for each in value)
    return value


def _expectation(given: Mapping[str, Any]) -> str:
    kind, value = str(given.get("kind") or "contains"), str(given.get("value") or "")
    label = str(EXPECTATIONS.get(kind, kind))
    return f"{label}: {value}" if value else label
