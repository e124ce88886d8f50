"""What differs between two configurations, in the words of the builder."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from assistants.model_choice import servers_model
from drafts import creating, editing
from drafts.deploying.planning import Between, PlannedChange
from drafts.deploying.wording import in_words
from drafts.types import draft_types
from workspaces import credentials

if TYPE_CHECKING:
    from workspaces.access import Actor

CHATBOTS = draft_types.get("chatbot")
ORDER = {"name": "order", "required": True}
DOMAINS = "deployment.channels.website.config.allowed_domains"


@pytest.mark.parametrize(
    ("path", "before", "after", "told"),
    [
        ("temperature", 0.7, 1, ("Temperature", "0.7", "1")),
        ("memory.enabled", True, False, ("Remember the conversation", "On", "Off")),
        (DOMAINS, [], ["a.org", "b.org"], ("Website: Allowed domains", "Empty", "a.org, b.org")),
        ("variables.order.type", "text", "date", ("Variables, order: Type", "Text", "Date")),
        ("variables.order", ORDER, None, ("Variables, order", "Name: order\nRequired: On", None)),
        ("description", None, "", ("Description", None, "Empty")),
    ],
)
def test_a_change_in_words(
    path: str, before: Any, after: Any, told: tuple[str, Any, Any], bob: Actor
) -> None:
    (change,) = in_words(CHATBOTS, [PlannedChange(path, before, after)], Between(), bob)
    assert (change["label"], change["from"], change["to"]) == told


def test_what_is_chosen_is_told_by_the_name_that_it_is_chosen_by(bob: Actor) -> None:
    values = {"api_key": "sk-abcdefghijklmnopqrst", "provider": "anthropic"}
    key = credentials.create(bob, name="Our key", kind="llm", values=values)
    gone = str(uuid.uuid4())
    changes = [
        PlannedChange("provider", None, "anthropic"),
        PlannedChange("credential_id", None, str(key.pk)),
        PlannedChange("credential_id", gone, None),
        PlannedChange("category", None, "sales"),
    ]
    told = [
        (change["from"], change["to"]) for change in in_words(CHATBOTS, changes, Between(), bob)
    ]
    assert told == [
        (servers_model(), "Anthropic"),
        ("The server's own key", f"Our key {key.hint}"),
        ("No longer there", "The server's own key"),
        ("No category", "Sales"),
    ]


def test_of_a_long_text_only_the_difference_is_told(bob: Actor) -> None:
    before, after = (f"{'a' * 300}{word}{'z' * 300}" for word in ("cat", "dog"))
    (change,) = in_words(CHATBOTS, [PlannedChange("system_prompt", before, after)], Between(), bob)
    assert change["from"] == f"…{'a' * 40}cat{'z' * 40}…"
    assert change["to"] == f"…{'a' * 40}dog{'z' * 40}…"


def test_texts_that_overlap_themselves(bob: Actor) -> None:
    (change,) = in_words(
        CHATBOTS, [PlannedChange("system_prompt", "ab" * 200, "ab" * 201)], Between(), bob
    )
    assert len(str(change["from"])) + 2 == len(str(change["to"]))


@pytest.mark.parametrize(
    ("patch", "told"),
    [
        ({"max_tokens": 300}, "Changed Longest answer"),
        ({"appearance": {"primary_color": "#000000", "title": "T"}}, "Changed Colour and Title"),
        ({"variables": {"order": {"type": "text"}}}, "Changed Variables"),
        ({"max_tokens": 1, "name": "N", "model": "m"}, "Changed Longest answer, Name and Model"),
        (
            {"max_tokens": 1, "name": "N", "model": "m", "temperature": 1},
            "Changed Longest answer, Name, Model and more",
        ),
    ],
)
def test_the_history_speaks_as_the_plan_does(
    redis_clean: None, alice: Actor, patch: dict[str, Any], told: str
) -> None:
    draft = creating.create(alice, CHATBOTS, {})
    editing.patch(alice, CHATBOTS, draft.id, patch)
    assert editing.history(alice, CHATBOTS, draft.id)[0].summary == told


def test_a_channel_s_credential_is_told_by_its_name(alice: Actor) -> None:
    values = {"bot_token": "12345:a-token-of-ours"}
    key = credentials.create(alice, name="Our bot", kind="telegram", values=values)
    path = "deployment.channels.telegram.config.bot_token"
    (told,) = in_words(
        draft_types.get("chatbot"), [PlannedChange(path, None, str(key.pk))], Between(), alice
    )
    assert (told["from"], told["to"]) == ("No credential", "Our bot ••••ours")
