"""What clients send to do runs again, to pin nodes and to try one."""

from __future__ import annotations

from typing import Any, Self

from django.utils.translation import gettext as _
from pydantic import Field, model_validator

from conversations.bodies import Body

Output = dict[str, Any]


class ReplayBody(Body):
    """From which node on a run is done again."""

    node_id: str = Field(min_length=1, max_length=64)


class PinBody(Body):
    """An ``output`` and the ``handle`` by which the node is left; or the id of a run that has
    both; or ``tried``: what the node gave when it was run alone last."""

    output: Output | None = None
    handle: str = Field(default="", max_length=40)
    run_id: str | None = Field(default=None, max_length=64)
    tried: bool = False

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.output is not None) + (self.run_id is not None) + self.tried != 1:
            raise ValueError(_("Give an output, or the id of a run, or say that it was tried"))
        return self


class TryBody(Body):
    """What a node is to read, by name: other nodes' outputs, variables, and ``input``."""

    known: Output = {}
