"""Says something to whoever chats, with cards and links if it has any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, StringConstraints

from chatflows.executor.node import Adds, Node, Result, Settings, TemplateText
from chatflows.executor.voice import BETWEEN
from chatflows.nodes.cards import Card, Link, address_of, in_markdown

if TYPE_CHECKING:
    from chatflows.executor.call import Call

Choice = Annotated[str, StringConstraints(min_length=1, max_length=80)]


class ResponseSettings(Settings):
    """``message`` is a template in Markdown; ``choices`` are answers to pick instead of typing.
    ``cards`` and ``links`` are said as Markdown too, and handed on as they are."""

    message: TemplateText = Field(min_length=1, max_length=20_000, title="Message")
    choices: tuple[Choice, ...] = Field(
        default=(),
        max_length=10,
        title="Suggested replies",
        description="A line each. Visitors may pick one instead of typing.",
    )
    cards: Annotated[tuple[Card, ...], Adds("Add a card")] = Field(
        default=(), max_length=10, title="Cards"
    )
    links: Annotated[tuple[Link, ...], Adds("Add a link")] = Field(
        default=(), max_length=10, title="Link buttons"
    )


class Response(Node[ResponseSettings]):
    kind = "response"
    settings = ResponseSettings
    main = "message"
    outputs = ("message", "cards", "links")

    def speaks(self, settings: ResponseSettings) -> bool:
        return True

    async def run(self, call: Call[ResponseSettings]) -> Result:
        message = call.text("message")
        worked_out = _Extras(call)
        cards, links = worked_out.cards(), worked_out.links()
        if worked_out.refused:
            call.input["left out"] = worked_out.refused
        await call.voice.say(BETWEEN.join(filter(None, [message, in_markdown(cards, links)])))
        call.voice.show(cards, links)
        if call.settings.choices:
            call.voice.offer(call.settings.choices)
        return Result({"message": message, "cards": cards, "links": links})


class _Extras:
    """The cards and links of one response, worked out. What comes to no address of a web page is
    left out: ``refused`` says where."""

    def __init__(self, call: Call[ResponseSettings]) -> None:
        self.call = call
        self.refused: list[str] = []

    def cards(self) -> list[dict[str, Any]]:
        return [self._card(each, f"cards.{n}") for n, each in enumerate(self.call.settings.cards)]

    def links(self) -> list[dict[str, str]]:
        links = enumerate(self.call.settings.links)
        found = [self._link(each.label, each.url, f"links.{n}") for n, each in links]
        return [each for each in found if each]

    def _card(self, card: Card, path: str) -> dict[str, Any]:
        return {
            "title": self._text(card.title, f"{path}.title"),
            "text": self._text(card.text, f"{path}.text"),
            "image_url": self._address(card.image_url, f"{path}.image_url"),
            "link": self._link(card.link_label, card.link_url, f"{path}.link"),
        }

    def _link(self, label: str, url: str, path: str) -> dict[str, str] | None:
        address = self._address(url, f"{path}.url")
        name = self._text(label, f"{path}.label")
        return {"label": name or address, "url": address} if address else None

    def _address(self, template: str, path: str) -> str:
        text = self._text(template, path)
        found = address_of(text)
        if text and not found:
            self.refused.append(f"{path}: {text[:200]}")
        return found

    def _text(self, template: str, path: str) -> str:
        return self.call.text_of(template, path).strip()
