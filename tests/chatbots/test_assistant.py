"""A chatbot's answers: what the model is sent, what the visitor sees, what is told at the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from chatbots.assistant import ChatbotAssistant
from chatbots.starters import STARTERS
from conversations.markdown import rendered
from conversations.prompt import render
from conversations.runtime import Ports, answer
from conversations.turn import Cited, Done, Failed, Passage, Token, Turn, Usage, Utterance
from inference.client import Delta, Finished, InferenceError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from conversations.runtime import Profile
    from conversations.turn import Event
    from drafts.template import Template
    from inference.client import Completion

HANDBOOK = Passage(1, "Returns are free for 30 days.", "Returns", "https://example.com/returns")
PRICES = Passage(2, "A plan costs 10 euro a month.", "Prices")


@dataclass
class ScriptedModel:
    """Says the given pieces, one list per completion, and keeps what it was asked."""

    answers: list[list[str]]
    fails: InferenceError | None = None
    generates: bool = True
    asked: list[Completion] = field(default_factory=list)

    async def stream(self, completion: Completion) -> AsyncIterator[Delta | Finished]:
        self.asked.append(completion)
        for piece in self.answers.pop(0) if self.answers else ():
            yield Delta(piece)
        if self.fails:
            raise self.fails
        yield Finished(12, 5, "scripted-1")


@dataclass
class Shelf:
    """Finds the same passages for every question."""

    passages: tuple[Passage, ...] = ()
    asked: list[tuple[str, tuple[Mapping[str, Any], ...]]] = field(default_factory=list)

    async def retrieve(
        self, question: str, bases: tuple[Mapping[str, Any], ...]
    ) -> tuple[Passage, ...]:
        self.asked.append((question, bases))
        return self.passages


BOT = {
    "name": "Ada",
    "system_prompt": "Help {{user_name}} of {company}, not {someone}.",
    "variables": [{"name": "user_name"}, {"name": "company", "default": "Acme"}],
    "features": {"enable_follow_up_suggestions": False},
}
WITH_KNOWLEDGE = BOT | {"knowledge_bases": [{"kb_id": "a"}, {"kb_id": "b", "enabled": False}]}


async def converse(
    data: Mapping[str, Any], turn: Turn, model: ScriptedModel, shelf: Shelf | None = None
) -> list[Event]:
    assistant = ChatbotAssistant(data)
    ports = Ports(dict.fromkeys(assistant.model_choices, model), shelf or Shelf())
    return [event async for event in answer(assistant, turn, ports)]


def done(events: list[Event]) -> Done:
    assert isinstance(events[-1], Done)
    return events[-1]


async def test_an_answer_comes_piece_by_piece_and_ends_once() -> None:
    events = await converse(BOT, Turn("Hi"), ScriptedModel([["Hello", " there"]]))
    assert events == [
        Token("Hello"),
        Token(" there"),
        Done("Hello there", usage=Usage(12, 5), model="scripted-1"),
    ]


async def test_the_prompt_holds_known_variables_and_leaves_other_names_alone() -> None:
    model = ScriptedModel([["ok"]])
    turn = Turn("Hi", variables={"user_name": "{{company}}\n# Obey", "someone": "x"})
    await converse(BOT, turn, model)
    assert model.asked[0].messages[0].content == "Help {{company}} # Obey of Acme, not {someone}."


async def test_the_models_settings_are_the_chatbots() -> None:
    model = ScriptedModel([["ok"]])
    await converse(
        BOT | {"model": "large-2", "temperature": 0.1, "max_tokens": 77}, Turn("Hi"), model
    )
    asked = model.asked[0]
    assert (asked.model, asked.temperature, asked.max_tokens) == ("large-2", 0.1, 77)


async def test_memory_keeps_the_newest_and_none_when_switched_off() -> None:
    said = tuple(Utterance("user" if n % 2 == 0 else "assistant", f"said {n}") for n in range(10))
    for memory, expected in (
        ({"max_messages": 2}, ["said 8", "said 9"]),
        ({"enabled": False}, []),
    ):
        model = ScriptedModel([["ok"]])
        await converse(BOT | {"memory": memory}, Turn("Hi", history=said), model)
        assert [m.content for m in model.asked[0].messages[1:]] == [*expected, "Hi"]


async def test_only_switched_on_knowledge_is_searched() -> None:
    shelf = Shelf((HANDBOOK,))
    await converse(WITH_KNOWLEDGE, Turn("Returns?"), ScriptedModel([["ok"]]), shelf)
    [(question, bases)] = shelf.asked
    assert (question, [base["kb_id"] for base in bases]) == ("Returns?", ["a"])


async def test_only_passages_of_the_prompt_are_cited() -> None:
    model = ScriptedModel([["Free for 30 days [1", "]. See [7] and [1]."]])
    events = await converse(WITH_KNOWLEDGE, Turn("Returns?"), model, Shelf((HANDBOOK, PRICES)))
    assert "Returns are free" in model.asked[0].messages[0].content
    assert [event for event in events if isinstance(event, Cited)] == [Cited(HANDBOOK)]
    assert done(events).citations == (HANDBOOK,)
    assert done(events).sources == ("Returns", "Prices")


async def test_without_citations_the_numbers_are_left_out() -> None:
    data = WITH_KNOWLEDGE | {
        "features": {"enable_citations": False, "enable_follow_up_suggestions": False}
    }
    model = ScriptedModel([["Free", " [", "1]", ". Use items[1].", "[2]", " Bye [1"]])
    events = await converse(data, Turn("Returns?"), model, Shelf((HANDBOOK, PRICES)))
    text = "".join(event.text for event in events if isinstance(event, Token))
    assert text == done(events).message == "Free. Use items[1]. Bye [1"
    assert done(events).citations == ()


async def test_follow_ups_are_asked_for_when_somebody_sees_them() -> None:
    data = BOT | {"features": {"enable_follow_up_suggestions": True}}
    model = ScriptedModel([["ok"], ['["What does it cost?"]']])
    assert done(await converse(data, Turn("Hi"), model)).follow_ups == ("What does it cost?",)
    unseen = ScriptedModel([["ok"]])
    assert done(await converse(data, Turn("Hi", follow_ups=False), unseen)).follow_ups == ()
    assert len(unseen.asked) == 1


async def test_a_failing_model_is_told_with_what_was_said() -> None:
    broken = InferenceError("The model is busy.", code="rate-limit", retry_after=3)
    events = await converse(BOT, Turn("Hi"), ScriptedModel([["Hel"]], fails=broken))
    assert events == [Token("Hel"), Failed("rate-limit", "The model is busy.", "Hel", 3)]


@pytest.mark.parametrize(
    "data", [{}, {"name": "Ada"}, {"system_prompt": "  "}, {"temperature": 99, "model": ""}]
)
async def test_a_half_filled_draft_answers(data: dict[str, Any]) -> None:
    model = ScriptedModel([["Hello"], []])
    assert done(await converse(data, Turn("Hi"), model)).message == "Hello"
    assert model.asked[0].messages[0].content.startswith("You are ")


@pytest.mark.parametrize("starter", STARTERS, ids=lambda starter: starter.name)
async def test_a_starting_points_prompt_has_no_gap(starter: Template) -> None:
    model = ScriptedModel([["ok"], []])
    await converse(starter.data, Turn("Hi"), model)
    assert "{" not in model.asked[0].messages[0].content


def test_the_profile_holds_what_a_visitor_may_know() -> None:
    profile = ChatbotAssistant(
        {
            "name": "Ada",
            "system_prompt": "secret",
            "variables": [
                {"name": "order_id", "collect_before_chat": True, "required": True},
                {"name": "plan"},
            ],
            "lead_capture": {
                "enabled": True,
                "required_fields": ["email"],
                "optional_fields": ["name", "email"],
            },
            "deployment": {
                "channels": [{"type": "website", "config": {"widget_position": "bottom-left"}}]
            },
        }
    ).profile
    assert (profile.name, profile.title, profile.position) == ("Ada", "", "bottom-left")
    assert [(f["name"], f["label"], f["required"]) for f in profile.collect] == [
        ("order_id", "Order id", True)
    ]
    assert profile.lead is not None
    assert [(f["name"], f["type"], f["required"]) for f in profile.lead["fields"]] == [
        ("email", "email", True),
        ("name", "text", False),
    ]
    assert "secret" not in repr(profile)


def test_what_is_asked_before_the_chat_is_asked_in_the_visitor_s_language() -> None:
    asked = [{"name": name, "collect_before_chat": True} for name in ("user_name", "order_id")]
    german = {"language": "de", "variable_labels": {"user_name": "Ihr Name", "gone": "Weg"}}
    assistant = ChatbotAssistant(
        {"variables": asked, "deployment": {"widget": {"translations": [german]}}}
    )

    def labels(profile: Profile) -> list[str]:
        return [field["label"] for field in profile.collect]

    assert labels(assistant.profile_in("de")) == ["Ihr Name", "Order id"]
    assert (
        labels(assistant.profile_in("fr")) == labels(assistant.profile) == ["User name", "Order id"]
    )


def test_limits_and_the_choice_of_model_come_from_the_configuration() -> None:
    assistant = ChatbotAssistant(
        {
            "provider": "anthropic",
            "model": "m",
            "features": {"rate_limiting": {"enabled": True, "max_messages_per_hour": 9}},
        }
    )
    assert (assistant.model_choice.provider, assistant.model_choice.model) == ("anthropic", "m")
    assert assistant.messages_per_hour == 9
    off = ChatbotAssistant({"features": {"rate_limiting": {"enabled": False}}})
    assert off.messages_per_hour is None


def test_the_first_words_are_filled_in_with_what_is_known() -> None:
    assistant = ChatbotAssistant(
        {
            "name": "Ada",
            "system_prompt": "Help.",
            "variables": [{"name": "who", "default": "you"}, {"name": "shop", "default": "Velo"}],
            "appearance": {"welcome_message": "Hello {{who}}, this is {shop}. {{other}}"},
        }
    )
    assert assistant.greeting({}).welcome_message == "Hello you, this is Velo. {{other}}"
    said = assistant.greeting({"who": "Ana\n{{shop}}", "other": "x"}).welcome_message
    assert said == "Hello Ana {{shop}}, this is Velo. {{other}}"


@pytest.mark.parametrize(
    "value",
    [
        *(
            "[Reset](https://evil.com)",
            "<https://evil.com>",
            "https://evil.com",
            "](https://e.com)",
        ),
        *("*a* _b_ __c__ ~~d~~ `e`", "# a", "- a", "12. a", "1) a", "> a", "---", "===", "+ a"),
        *("a\\", "\\[a](https://e.com)", "&lt;b&gt; & <b>", "| a |", "![a](https://e.com/x.png)"),
        *("Zoë O'Neil-Smith, Jr. (10:30)", "-5", "1.5"),
    ],
)
@pytest.mark.parametrize("template", ["{x}", "Hello **{{x}}**, hello", "Text\n{{x}}\n\n- {{x}}"])
def test_a_value_is_shown_as_it_is(template: str, value: str) -> None:
    shown = rendered(greeted(template, value))
    text = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert shown == rendered(template).replace("{{x}}", text).replace("{x}", text)


@pytest.mark.parametrize(
    ("address", "value", "href"),
    [
        ("https://shop.example/orders/{{x}}", "A-17_b", "https://shop.example/orders/A-17_b"),
        ("https://shop.example/?q={x}", "a b)", "https://shop.example/?q=a%20b%29"),
        ("{{x}}", "https://shop.example/a?b=c#d", "https://shop.example/a?b=c#d"),
        ("/a/{{x}}", ") [b](https://evil.com", "/a/%29%20%5Bb%5D%28https://evil.com"),
    ],
)
def test_a_value_stays_within_the_address_that_it_is_a_part_of(
    address: str, value: str, href: str
) -> None:
    said = greeted(f"See [it]({address}).", value)
    assert said == f"See [it]({href})."


def test_the_prompt_has_values_as_they_are() -> None:
    assert render("{{x}}", {"x": "[a](https://b.c)"}) == "[a](https://b.c)"


def greeted(template: str, value: str) -> str:
    """The first words made of ``template`` with ``value`` in the place of x."""
    look = {"welcome_message": template}
    assistant = ChatbotAssistant({"variables": [{"name": "x"}], "appearance": look})
    return assistant.greeting({"x": value}).welcome_message
