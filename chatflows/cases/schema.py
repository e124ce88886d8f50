"""A test case of a flow as its document holds it: what a visitor writes, and what must come of it.

Cases are deployed with a release, and no live run ever looks at them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chatflows.expressions.parsing import LONGEST
from common.schema import Schema, key, once_each

MOST_CASES, MOST_MESSAGES, MOST_EXPECTATIONS = 50, 10, 20
LONGEST_MESSAGE = 4000

ExpectationKind = Literal[
    "contains",
    "not_contains",
    "equals",
    "matches",
    "passes_node",
    "avoids_node",
    "condition",
    "waits",
    "ends",
]
# What of them has no value, and what has the id of a node as one.
ALONE: frozenset[str] = frozenset({"waits", "ends"})
OF_NODES: frozenset[str] = frozenset({"passes_node", "avoids_node"})


class Expectation(Schema):
    """What must hold in the end: of the text of the last answer, whatever its letter case and
    blanks (``contains``, ``not_contains``, ``equals``) or by a regular expression (``matches``); of
    the nodes that ran; of an expression about what they gave (``condition``); or that the flow
    ``waits`` for another message, or ``ends``."""

    kind: ExpectationKind = "contains"
    value: str = Field(default="", max_length=LONGEST)


class CaseVariable(Schema):
    """What is known of the visitor from the beginning."""

    name: str = Field(min_length=1, max_length=64)
    value: str = Field(default="", max_length=2000)


class FlowCase(Schema):
    """``messages`` are what the visitor writes, one after the other, each after the answer to the
    one before."""

    id: Annotated[str, key(r"[A-Za-z0-9_-]{1,64}")]
    name: str = Field(default="", max_length=120)
    messages: tuple[
        Annotated[
            str,
            StringConstraints(min_length=1, max_length=LONGEST_MESSAGE, pattern=r"\S"),
        ],
        ...,
    ] = Field(min_length=1, max_length=MOST_MESSAGES)
    variables: Annotated[
        tuple[CaseVariable, ...], once_each("name", "The variable {} is set twice")
    ] = Field(default=(), max_length=50)
    expectations: tuple[Expectation, ...] = Field(default=(), max_length=MOST_EXPECTATIONS)


FlowCases = Annotated[
    tuple[FlowCase, ...],
    Field(default=(), max_length=MOST_CASES),
    once_each("id", "Two test cases have the id {}"),
]
