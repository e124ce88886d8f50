"""The whole truth about a chatflow: what a draft may hold and what a release holds.

Types and closed sets are checked on every save; the rest when the draft is validated. What only
shows in the whole of a graph is told by ``chatflows.checking``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, Union

from pydantic import AfterValidator, Field, create_model
from pydantic_core import PydanticCustomError

from assistants.schema import (
    Appearance,
    AssistantSchema,
    Category,
    Description,
    Features,
    LeadCapture,
    Name,
    Variables,
    Visibility,
)
from channels_deploy.schema import ChannelSettings
from chatflows.cases.schema import FlowCases
from chatflows.executor.graph import MAIN, MOST_EDGES, MOST_NODES
from chatflows.nodes import BY_KIND, NODES
from chatflows.versions import OLDEST
from common.schema import NEWER, NO_VERSION, Schema, key, once_each, untaken

if TYPE_CHECKING:
    from chatflows.executor.node import Node

# A node's id is its name in expressions; one with a hyphen cannot be read by them.
NODE_ID = r"[A-Za-z_][A-Za-z0-9_-]{0,63}"
FURTHEST = 1_000_000


class Position(Schema):
    """Where a node stands on the canvas."""

    x: float = Field(default=0, ge=-FURTHEST, le=FURTHEST)
    y: float = Field(default=0, ge=-FURTHEST, le=FURTHEST)


class FlowNodeSchema(Schema):
    """A node: its kind as ``type``, and its settings flat in ``data``, in the shape of the kind's
    ``version`` (without one, of the oldest)."""

    id: Annotated[str, key(NODE_ID)]
    type: str
    version: int = OLDEST
    position: Position = Position()


_WHOLE = Field(strict=True, json_schema_extra={"minimum": OLDEST})


def _known(kind: str) -> AfterValidator:
    """Refuses a number that is no version, and a version that is newer than the kind's."""

    def check(version: int) -> int:
        most = BY_KIND[kind].version
        if version < OLDEST:
            words = "is no number of a version"
            raise PydanticCustomError(NO_VERSION, words, {"least": OLDEST})
        if version > most:
            words = "is from a newer version of the product"
            raise PydanticCustomError(NEWER, words, {"given": version, "most": most})
        return version

    return AfterValidator(check)


def _model_of(node: Node[Any]) -> type[FlowNodeSchema]:
    return create_model(
        f"{type(node).__name__}Node",
        __base__=FlowNodeSchema,
        __doc__=node.settings.__doc__,
        type=(Literal[node.kind], ...),  # type: ignore[arg-type]
        version=(Annotated[int, _WHOLE, _known(node.kind)], OLDEST),
        data=(node.settings, Field(default_factory=dict, validate_default=True)),
    )


if TYPE_CHECKING:
    AnyNode = FlowNodeSchema
else:
    AnyNode = Annotated[
        Union[tuple(_model_of(node) for node in NODES)],  # noqa: UP007 (of a tuple)
        Field(discriminator="type"),
    ]


class FlowEdgeSchema(Schema):
    """From the ``sourceHandle`` of one node (empty: its only way on) to another node."""

    id: Annotated[str, key(r"[A-Za-z0-9_-]{1,100}")]
    source: Annotated[str, untaken] = Field(min_length=1, max_length=64)
    target: Annotated[str, untaken] = Field(min_length=1, max_length=64)
    sourceHandle: Annotated[str, untaken] = Field(default=MAIN, max_length=40)  # noqa: N815 (React Flow's name)


class FlowSettings(Schema):
    """``max_iterations`` of a loop; ``timeout_seconds`` of a run, from a message to where it ends
    or waits. With ``enable_logging`` what went on inside is kept with each answer. With
    ``tests_must_pass`` a draft is deployed only when all of its test cases pass."""

    enable_logging: bool = True
    max_iterations: int = Field(default=10, ge=1, le=100, title="Most rounds of a loop")
    timeout_seconds: int = Field(default=30, ge=1, le=60, title="Longest run, in seconds")
    tests_must_pass: bool = False


class Chatflow(AssistantSchema):
    """A chatflow's configuration."""

    name: Name
    category: Category = ""
    visibility: Visibility = "private"
    description: Description = ""

    nodes: Annotated[tuple[AnyNode, ...], once_each("id", "Two nodes have the id {}")] = Field(
        default=(), max_length=MOST_NODES
    )
    edges: Annotated[
        tuple[FlowEdgeSchema, ...], once_each("id", "Two connections have the id {}")
    ] = Field(default=(), max_length=MOST_EDGES)

    variables: Variables = ()
    test_cases: FlowCases = ()

    settings: FlowSettings = FlowSettings()
    appearance: Appearance = Appearance()
    features: Features = Features()
    lead_capture: LeadCapture = LeadCapture()

    deployment: ChannelSettings = ChannelSettings()
