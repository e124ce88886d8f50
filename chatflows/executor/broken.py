"""A node that has failed, as those are told of it that may go on nevertheless."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatflows.executor.node import NodeError
from chatflows.executor.places import told

if TYPE_CHECKING:
    from chatflows.executor.flow import FlowNode


class BrokenError(Exception):
    """A node has failed, and with it the region that it is in: the run, or what another node runs,
    which may go on nevertheless."""

    def __init__(self, each: FlowNode, fault: NodeError) -> None:
        super().__init__(str(fault))
        self.each, self.fault = each, fault

    def of_the_one_that_ran_it(self) -> NodeError:
        """The fault as one of the node that had run the failed one, which it names."""
        settings, fault = self.each.settings, self.fault
        words = f"{self.each.called}: {told(fault, settings)}"
        return NodeError(words, permanent=fault.permanent, code=fault.code)
