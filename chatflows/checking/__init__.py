"""What is wrong with a drawing, in words for whoever draws. The schema judges each setting by
itself; here is what only shows in the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatflows.checking.expressions import expressions
from chatflows.checking.reach import Reach
from chatflows.checking.structure import structure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatflows.checking.problem import Problem
    from chatflows.drawn import Drawing


def problems(drawing: Drawing) -> Iterator[Problem]:
    """Errors and warnings, each with its node, as far as it is of one. Of what is larger than a
    flow may be the schema says so: nobody reads thousands of others, nor waits for them."""
    if drawing.is_too_large:
        return
    reach = Reach(drawing)
    yield from structure(drawing, reach)
    yield from expressions(drawing, reach)
