"""Text and nothing else, for channels that show no markup and no buttons."""

from __future__ import annotations

from channels_deploy.dialects.atoms import Limits
from channels_deploy.dialects.dialect import Dialect


class Plain(Dialect):
    """In one part, however long: whatever receives it is a program."""

    limits = Limits(written=1_000_000)
    bullet = "-"
    quote_lead = "> "
    formats = False

    def __init__(self, label: str) -> None:
        self.label = label

    def escaped(self, text: str) -> str:
        return text
