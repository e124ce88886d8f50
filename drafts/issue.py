"""What stands in the way of a deploy, or would be better otherwise."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Issue:
    """One entry of the problem list: what blocks (``error``) or would be better (``warning``).

    ``path`` is dotted inside ``data`` (``appearance.welcome_message``); ``step`` is the step that
    owns it. ``node_id`` is for kinds whose document has nodes; ``place`` is what people call the
    part that it is about, where the message does not say so. A ``notable`` warning stands in the
    open where a deploy is confirmed; others are folded. ``remedy`` is the call of the API, if any,
    that may mend it.
    """

    severity: str
    message: str
    path: str
    step: str
    node_id: str | None = None
    notable: bool = False
    place: str = ""
    remedy: str | None = None

    @property
    def words(self) -> str:
        """What is wrong, and where: for a list of such."""
        return f"{self.place}: {self.message}" if self.place else str(self.message)
