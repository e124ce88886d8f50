"""Whether the defaults of a document's variables are what the variables' types ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from conversations.variables import field_problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def unfit(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Path and message for each default that its variable's own form would refuse."""
    for item in data.get("variables") or ():
        if problem := _problem(item):
            name = item.get("name", "")
            words = _("The default of %(name)s does not fit. %(problem)s")
            yield f"variables.{name}.default", words % {"name": name, "problem": problem}


def _problem(variable: Mapping[str, Any]) -> str:
    value, options = variable.get("default"), variable.get("options") or ()
    kind = variable.get("type", "text")
    if value in (None, "") or (kind == "select" and not options):
        return ""  # that a choice has no options is said at the variable
    problem = field_problem({"type": kind, "options": options}, value)
    if problem and kind == "select":
        return _("It must be one of its options: %(options)s.") % {"options": ", ".join(options)}
    return problem
