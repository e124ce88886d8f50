"""What a response says besides its words: cards and links, in every channel."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from chatflows.executor.run import Run
from chatflows.nodes.cards import address_of
from chatflows.nodes.response import ResponseSettings
from conversations.markdown import rendered
from conversations.turn import Turn
from tests.chatflows.executor.flows import NOWHERE, Told, flow, told

SHOE: dict[str, Any] = {
    "title": "{{input}} shoe",
    "text": "Light.\nFast.",
    "image_url": "https://cdn.example/{{input}}.png",
    "link_label": "See it",
    "link_url": "https://shop.example/a_(b)?q={{input}}",
}


async def said(message: str = "Blue", **settings: Any) -> tuple[Run, Told]:
    nodes = {"start": ("trigger", {}), "end": ("response", {"message": "Look:", **settings})}
    run = Run(flow(nodes, "start->end"), "start", Turn(message), NOWHERE)
    return run, await told(run)


async def test_a_card_is_said_as_markdown_and_handed_on() -> None:
    run, turn = await said(cards=[SHOE], links=[{"label": "Shop", "url": "https://shop.example"}])
    assert turn.text == (
        "Look:\n\n> **Blue shoe**\n> Light.\n> Fast.\n"
        "> [See it](https://shop.example/a_%28b%29?q=Blue)\n"
        "> [Picture](https://cdn.example/Blue.png)"
        "\n\n[Shop](https://shop.example)"
    )
    (card,) = run.voice.cards
    assert card == {
        "title": "Blue shoe",
        "text": "Light.\nFast.",
        "image_url": "https://cdn.example/Blue.png",
        "link": {"label": "See it", "url": "https://shop.example/a_(b)?q=Blue"},
    }
    assert run.voice.links == ({"label": "Shop", "url": "https://shop.example"},)
    assert turn.outputs("end") == [
        {"message": "Look:", "cards": [card], "links": list(run.voice.links)}
    ]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "http://shop.example",
        "//shop.example",
        "https://",
        "https://user:word@shop.example",
        "https://shop.example/a\nx",
        "https://[shop",
        "data:text/html,x",
        " ",
    ],
)
async def test_what_is_no_address_of_a_page_is_refused_and_left_out(url: str) -> None:
    assert address_of(url) == ""
    if url.strip():
        with pytest.raises(ValidationError, match="https://"):
            ResponseSettings.model_validate({"message": "x", "links": [{"label": "x", "url": url}]})
    run, turn = await said(
        url,
        links=[{"label": "Go", "url": "{{input}}"}],
        cards=[SHOE | {"link_url": "{{input}}", "image_url": ""}],
    )
    assert run.voice.links == ()
    assert run.voice.cards[0]["link"] is None
    assert "Go" not in turn.text
    refused = turn.steps[-1].input.get("left out", [])
    assert len(refused) == (2 if url.strip() else 0)


async def test_a_cards_words_are_no_markdown() -> None:
    hostile = "**x** [a](javascript:x) <b> `c`\n# d"
    run, turn = await said(hostile, cards=[{"title": "T", "text": "{{input}}"}])
    html = rendered(turn.text)
    assert "[a](javascript:x) &lt;b&gt; `c`" in html
    assert "<h1>" not in html
    assert run.voice.cards[0]["text"] == hostile


async def test_several_responses_of_a_turn_add_up() -> None:
    link = {"label": "A", "url": "https://a.example"}
    nodes = {
        "start": ("trigger", {}),
        "one": ("response", {"message": "1", "links": [link]}),
        "two": ("response", {"message": "2", "links": [link]}),
    }
    run = Run(flow(nodes, "start->one one->two"), "start", Turn("Hi"), NOWHERE)
    await told(run)
    assert run.voice.links == (link, link)


def test_there_are_not_more_than_fit() -> None:
    with pytest.raises(ValidationError, match="10"):
        ResponseSettings.model_validate({"message": "x", "cards": [SHOE] * 11})
