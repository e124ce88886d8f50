"""The kinds of nodes, each in a file of its own. To add one: its file, its name here, its test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatflows.nodes.agent import Agent
from chatflows.nodes.buttons import Buttons
from chatflows.nodes.classifier import Classifier
from chatflows.nodes.collect import Collect
from chatflows.nodes.comment import Comment
from chatflows.nodes.condition import Condition
from chatflows.nodes.delay import Delay
from chatflows.nodes.handoff import Handoff
from chatflows.nodes.http import Http
from chatflows.nodes.knowledge_base import KnowledgeBase
from chatflows.nodes.llm import Llm
from chatflows.nodes.loop import Loop
from chatflows.nodes.parallel import Parallel
from chatflows.nodes.response import Response
from chatflows.nodes.subflow import Subflow
from chatflows.nodes.switch import Switch
from chatflows.nodes.template import Template
from chatflows.nodes.trigger import Trigger
from chatflows.nodes.variable import Variable

if TYPE_CHECKING:
    from chatflows.executor.node import Node

NODES: tuple[Node[Any], ...] = (
    Trigger(),
    Llm(),
    Agent(),
    KnowledgeBase(),
    Condition(),
    Switch(),
    Classifier(),
    Http(),
    Variable(),
    Template(),
    Loop(),
    Parallel(),
    Collect(),
    Buttons(),
    Handoff(),
    Delay(),
    Subflow(),
    Response(),
    Comment(),
)

BY_KIND: dict[str, Node[Any]] = {node.kind: node for node in NODES}
