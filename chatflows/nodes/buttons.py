"""Lets whoever chats pick one of several ways on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from chatflows.executor.node import Adds, HandleId, Node, Result, Settings, TemplateText, Waiting
from common.schema import Schema, once_each

if TYPE_CHECKING:
    from chatflows.executor.call import Call

OTHER = "other"


class Button(Schema):
    """``id`` is the handle by which the node is left where this one was picked."""

    id: HandleId
    label: str = Field(min_length=1, max_length=80, title="Label")


class ButtonsSettings(Settings):
    message: TemplateText = Field(min_length=1, max_length=5000, title="Message")
    buttons: Annotated[
        tuple[Button, ...], once_each("id", "Two buttons have the id {}"), Adds("Add a button")
    ] = Field(min_length=1, max_length=10, title="Buttons")


class Buttons(Node[ButtonsSettings]):
    """Left by the id of a button, or by ``other`` where something else was said."""

    kind = "buttons"
    settings = ButtonsSettings
    main = "label"
    outputs = ("label", "id", "said")
    asks = True

    fallbacks = (OTHER,)

    def handles(self, settings: ButtonsSettings) -> tuple[str, ...]:
        return (*(button.id for button in settings.buttons), OTHER)

    def label_of(self, settings: ButtonsSettings, handle: str) -> str:
        return next((e.label for e in settings.buttons if e.id == handle and e.label), handle)

    async def run(self, call: Call[ButtonsSettings]) -> Result | Waiting:
        if call.reply is None:
            await call.voice.say(call.text("message"))
            call.voice.offer(tuple(button.label for button in call.settings.buttons))
            return Waiting()
        said = call.reply.strip()
        call.input["answer"] = said
        for number, button in enumerate(call.settings.buttons, 1):
            if said.casefold() in (button.label.casefold(), button.id.casefold(), str(number)):
                return Result({"label": button.label, "id": button.id, "said": said}, button.id)
        return Result({"label": "", "id": "", "said": said}, OTHER)
