"""What is wrong with what a flow's test cases expect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from chatflows.cases.reading import cases_of
from chatflows.cases.schema import OF_NODES
from chatflows.checking.expressions import GIVEN, not_given
from chatflows.checking.problem import Problem
from chatflows.checking.unknown import unknown
from chatflows.expressions import ExpressionError, parse
from chatflows.expressions.functions.patterns import matches
from chatflows.expressions.syntax import references
from chatflows.expressions.values import UnfitError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from chatflows.cases.reading import Case, Expected
    from chatflows.drawn import Drawing


def case_problems(document: Mapping[str, Any], drawing: Drawing) -> Iterator[Problem]:
    """Expectations that say nothing, cannot be read, or name what is not there; each leads to those
    of its case."""
    for case in cases_of(document):
        for number, expected in enumerate(case.expectations, 1):
            if message := _fault(case, expected, drawing):
                words = _("Expectation %(number)d: %(message)s")
                told = words % {"number": number, "message": message}
                yield Problem("error", f"test_cases.{case.id}.expectations", told)


def _fault(case: Case, expected: Expected, drawing: Drawing) -> str:
    """What is wrong with it; empty where nothing is."""
    if not expected.is_whole:
        return _("Fill it in, or remove it.")
    if expected.kind in OF_NODES and expected.value not in drawing.nodes:
        return _("There is no node %(name)s.") % {"name": expected.value}
    if expected.kind == "matches":
        return _pattern_fault(expected.value)
    return _condition_fault(case, expected.value, drawing) if expected.kind == "condition" else ""


def _pattern_fault(pattern: str) -> str:
    try:
        matches("", pattern)
    except UnfitError as error:
        return str(error)
    return ""


def _condition_fault(case: Case, text: str, drawing: Drawing) -> str:
    known = {*GIVEN, *drawing.nodes, *drawing.variables, *case.variables}
    known |= {each.sets for each in drawing.nodes.values()}
    try:
        read = list(references(parse(text)))
    except ExpressionError as error:
        return _told(error.column, error.message)
    for reference in read:
        if (name := reference.path[0]) not in known:
            return _told(reference.column, unknown(name, known))
        other = drawing.nodes.get(name)
        if other and (message := not_given(other, reference.path)):
            return _told(reference.column, message)
    return ""


def _told(column: int, message: str) -> str:
    return _("Column %(column)d: %(message)s") % {"column": column, "message": message}
