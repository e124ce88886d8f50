"""What was said in a session before: what an assistant remembers, and the turn to answer again.

The same for a conversation's rows and a preview's messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, cast

from django.utils.translation import gettext as _

from common.problems import FieldError, invalid
from conversations.turn import Utterance

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FAILED = "failed"


@dataclass(frozen=True)
class Said:
    """One message, as far as the next answer is concerned."""

    id: str
    role: str
    content: str
    status: str = "whole"


@dataclass(frozen=True)
class Past:
    """``said`` is oldest first; ``variables`` what the visitor has told."""

    said: Sequence[Said] = ()
    variables: Mapping[str, Any] = field(default_factory=dict)

    def remembered(self) -> tuple[Utterance, ...]:
        """Questions and answers by turns, as most models want them: a question that got no answer
        is forgotten."""
        kept: list[Utterance] = []
        for message in self.said:
            if not message.content or message.status == FAILED:
                continue
            if kept and kept[-1].role == message.role:
                kept.pop()
            role = cast("Literal['user', 'assistant']", message.role)
            kept.append(Utterance(role, message.content))
        if kept and kept[-1].role == "user":
            kept.pop()
        return tuple(kept)

    def before_last(self) -> Again:
        """The last question to answer once more; raises ``Problem`` 422 when none was asked."""
        for place in range(len(self.said) - 1, -1, -1):
            if self.said[place].role == "user":
                after = self.said[place + 1 :]
                replaces = after[-1].id if after else None
                past = Past(self.said[:place], self.variables)
                return Again(self.said[place].content, replaces, past)
        fault = FieldError("regenerate", _("Nothing was asked yet."))
        raise invalid(_("There is no message to answer again."), fault)


@dataclass(frozen=True)
class Again:
    """A question to answer anew, with what came before it; ``replaces`` is the old answer's id."""

    question: str
    replaces: str | None
    past: Past
