"""Hands the conversation to a person, and waits until they give it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from chatflows.executor.node import Node, Result, Settings, TemplateText, Waiting
from common.words import gettext as _

if TYPE_CHECKING:
    from chatflows.executor.call import Call

# Characters of what was said, the newest, that the flow goes on with.
LONGEST = 20_000


class HandoffSettings(Settings):
    """``message`` is said to whoever chats; ``note`` tells the team why they are asked for."""

    message: TemplateText = Field(
        default="A colleague will take over. One moment.",
        min_length=1,
        max_length=5000,
        title="Message to the visitor",
    )
    note: TemplateText = Field(
        default="",
        max_length=2000,
        title="Note for the team",
        description="Why a person is needed. Visitors do not see it.",
    )


class Handoff(Node[HandoffSettings]):
    """Left at the visitor's next message once a person has given the conversation back. ``said`` is
    what people said, ``transcript`` all that was said meanwhile."""

    kind = "handoff"
    settings = HandoffSettings
    main = "said"
    outputs = ("said", "transcript")
    asks = True
    hands_off = True
    passes_on = True

    async def run(self, call: Call[HandoffSettings]) -> Result | Waiting:
        if call.reply is None:
            note = call.text("note")
            await call.voice.say(call.text("message"))
            call.voice.hand_off(note)
            return Waiting()
        said = [each.content for each in call.turn.with_person if each.role == "assistant"]
        speakers = {"user": _("Visitor"), "assistant": _("Team")}
        lines = [f"{speakers[each.role]}: {each.content}" for each in call.turn.with_person]
        return Result({"said": _newest("\n\n", said), "transcript": _newest("\n", lines)})


def _newest(between: str, texts: list[str]) -> str:
    return between.join(texts)[-LONGEST:]
