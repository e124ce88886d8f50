"""Shows in the preview how an answer looks on a channel; registered in ``conversations``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from channels_deploy.dialects import dialect_of, losses
from conversations.elsewhere import Shown, ShownPart
from conversations.markdown import sanitised

if TYPE_CHECKING:
    from channels_deploy.dialects.part import Part
    from conversations.turn import Done


@dataclass(frozen=True)
class InDialect:
    """How the channel called ``name`` shows answers."""

    name: str

    def shown(self, answer: Done) -> Shown:
        """The messages that the channel would be sent, and what it cannot show."""
        dialect = dialect_of(self.name)
        return Shown([_part(part) for part in dialect.seen(answer)], losses(dialect, answer))


def _part(part: Part) -> ShownPart:
    rows = [[(button.label, button.url) for button in row] for row in part.buttons]
    return ShownPart(sanitised(part.text), rows, opens_a_list=part.opens_a_list)
