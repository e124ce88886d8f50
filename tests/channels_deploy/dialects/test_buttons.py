"""Replies and links are buttons where the channel has them, and lose nothing where it has not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels_deploy.dialects import Part, dialect_of
from channels_deploy.dialects.unseen import UNSEEN
from channels_deploy.dialects.whatsapp import LIKE_A_BACKTICK
from common.plain_text import visible
from conversations.turn import Done
from tests.channels_deploy.dialects.answers import NAMES

every = pytest.mark.parametrize("channel", NAMES)
SHOP = {"label": "Shop", "url": "https://shop.example"}


def _last(channel: str, answer: Done) -> Part:
    return dialect_of(channel).parts(answer)[-1]


def _labels(part: Part) -> list[list[str]]:
    return [[button.label for button in row] for row in part.buttons]


@every
@settings(max_examples=60, deadline=None)
@given(replies=st.lists(st.text(min_size=1, max_size=120), max_size=40), message=st.text())
def test_every_reply_is_a_button_or_stands_in_the_text(
    channel: str, replies: list[str], message: str
) -> None:
    said = dialect_of(channel).parts(Done(message, follow_ups=tuple(replies)))

    buttons = [button for part in said for row in part.buttons for button in row]
    wanted, shown = {*filter(None, map(visible, replies))}, {button.label for button in buttons}
    text = _squeezed("".join(part.plain for part in said))
    assert wanted <= shown or all(_squeezed(label) in text for label in wanted)
    assert len(shown) == len(buttons)
    assert not any(part.buttons for part in said[:-1])


def _squeezed(text: str) -> str:
    """Without white space, nor what keeps signs from meaning something."""
    return "".join(text.replace(UNSEEN, "").replace(LIKE_A_BACKTICK, "`").split())


@settings(max_examples=60, deadline=None)
@given(replies=st.lists(st.text(min_size=1, max_size=120), max_size=40))
def test_buttons_keep_to_what_channels_take(replies: list[str]) -> None:
    answer = Done("Well?", follow_ups=tuple(replies), links=(SHOP,) * 3)

    discord, telegram, whatsapp = (
        _last(channel, answer) for channel in ("discord", "telegram", "whatsapp")
    )

    assert len(discord.buttons) <= 5
    for row in discord.buttons:
        assert len(row) <= 5
        assert all(0 < len(each.label) <= 80 and len(each.data) <= 100 for each in row)
    for row in telegram.buttons:
        assert len(row) <= 3
        assert all(len(each.data.encode(errors="replace")) <= 64 for each in row)
    rows = whatsapp.buttons
    most, longest = (10, 24) if whatsapp.opens_a_list else (3, 20)
    assert len(rows) <= most
    assert all(len(row) == 1 and len(row[0].label) <= longest for row in rows)


def test_short_replies_share_a_row_in_telegram() -> None:
    replies = ("Yes", "No", "Where is my order of last week?")

    assert _labels(_last("telegram", Done("So?", follow_ups=replies))) == [
        ["Yes", "No"],
        ["Where is my order of last week?"],
    ]


def test_a_button_says_its_label() -> None:
    ((button,),) = _last("telegram", Done("So?", follow_ups=("Yes, please",))).buttons

    assert (button.label, button.data, button.url) == ("Yes, please", "Yes, please", "")


def test_what_telegram_cannot_give_back_is_listed_with_all_others() -> None:
    part = _last("telegram", Done("So?", follow_ups=("Yes", "é" * 40)))

    assert _labels(part) == [["Yes"]]
    assert part.text == f"So?\n\n1. Yes\n2. {'é' * 40}"


def test_whatsapp_has_buttons_for_three_short_replies_and_a_list_for_more() -> None:
    three = _last("whatsapp", Done("So?", follow_ups=("A", "B", "C")))
    four = _last("whatsapp", Done("So?", follow_ups=("A", "B", "C", "D" * 24)))

    assert _labels(three) == [["A"], ["B"], ["C"]]
    assert _labels(four) == [["A"], ["B"], ["C"], ["D" * 24]]
    assert three.text == four.text == "So?"
    assert (three.opens_a_list, four.opens_a_list) == (False, True)


def test_more_than_ten_replies_are_listed_in_whatsapp() -> None:
    part = _last("whatsapp", Done("So?", follow_ups=tuple("abcdefghijkl")))

    assert len(part.buttons) == 10
    assert part.text.endswith("\n11. k\n12. l")


def test_a_text_with_buttons_is_short_in_whatsapp() -> None:
    answer = Done("A long story goes on. " * 90 + "\n\nWhat do you want?", follow_ups=("More",))

    story, question = dialect_of("whatsapp").parts(answer)

    assert not story.buttons
    assert len(question.text) <= 1024
    assert question.text.endswith("What do you want?")
    assert _labels(question) == [["More"]]


def test_links_become_buttons_and_leave_the_text() -> None:
    answer = Done("Look around:\n\n[Shop](https://shop.example)", links=(SHOP,))

    for channel in ("telegram", "discord"):
        (part,) = dialect_of(channel).parts(answer)
        assert part.text == "Look around:"
        assert part.buttons[0][0].url == "https://shop.example"
    assert _last("whatsapp", answer).text == "Look around:\n\nShop: https://shop.example"


def test_a_link_too_long_for_a_button_stays_in_the_text() -> None:
    address = "https://shop.example/" + "a" * 600
    answer = Done(f"Look:\n\n[Shop]({address})", links=({"label": "Shop", "url": address},))

    part = _last("discord", answer)

    assert not part.buttons
    assert part.text == f"Look:\n\n[Shop]({address})"


@every
def test_buttons_without_a_text_are_given_one(channel: str) -> None:
    replied = _last(channel, Done("", follow_ups=("Yes", "No")))
    linked = _last(channel, Done("[Shop](https://shop.example)", links=(SHOP,)))

    assert replied.plain == "1. Yes\n2. No"
    assert "Shop" in linked.text
