"""The design's example is a valid chatbot as it stands, and so is every starting point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import pytest
from pydantic import ValidationError

from assistants.schema import LeadFieldName
from chatbots.advice import advice
from chatbots.schema import Chatbot
from chatbots.starters import STARTERS
from conversations.lead_fields import LEAD_FIELDS
from conversations.prompt import names_in
from tests.chatbots.example import design_chatbot

if TYPE_CHECKING:
    from drafts.template import Template


def test_the_designs_example_is_accepted() -> None:
    data = design_chatbot(kb_id="kb", telegram="t", discord="d")
    chatbot = Chatbot.model_validate(data)
    stored = chatbot.model_dump(mode="json")
    assert stored["appearance"]["primary_color"] == "#4F46E5"
    assert [channel["type"] for channel in stored["deployment"]["channels"]] == [
        "website",
        "telegram",
        "discord",
        "whatsapp",
        "zapier",
    ]


@pytest.mark.parametrize("starter", STARTERS, ids=lambda starter: starter.name)
def test_every_starting_point_is_complete(starter: Template) -> None:
    chatbot = Chatbot.model_validate(starter.data)
    declared = {variable.name for variable in chatbot.variables}
    assert set(names_in(chatbot.system_prompt)) <= declared
    found = {path for path, _ in advice(starter.data)}
    assert found <= {"knowledge_bases", "provider", "deployment.channels"}


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"name": ""}, ("name",)),
        ({"name": " \t"}, ("name",)),
        ({"name": "\u200b\u2800"}, ("name",)),
        ({"name": "a" * 121}, ("name",)),
        ({"system_prompt": "\n \n"}, ("system_prompt",)),
        ({"temperature": 2.1}, ("temperature",)),
        ({"variables": [{"name": "a"}, {"name": "a"}]}, ("variables",)),
        ({"variables": [{"name": "1st"}]}, ("variables", 0, "name")),
        ({"variables": [{"name": "a", "type": "select"}]}, ("variables", 0)),
        ({"knowledge_bases": [{"kb_id": "a"}, {"kb_id": "a"}]}, ("knowledge_bases",)),
        ({"appearance": {"primary_color": "red"}}, ("appearance", "primary_color")),
        ({"appearance": {"avatar_url": "javascript:alert(1)"}}, ("appearance", "avatar_url")),
        ({"appearance": {"avatar_url": "http://a.com/b.png"}}, ("appearance", "avatar_url")),
        ({"surprise": 1}, ("surprise",)),
    ],
)
def test_what_is_wrong_is_named_by_its_place(
    change: dict[str, Any], where: tuple[str | int, ...]
) -> None:
    with pytest.raises(ValidationError) as raised:
        Chatbot.model_validate({"name": "Ada", "system_prompt": "Help."} | change)
    assert [error["loc"] for error in raised.value.errors()] == [where]


def test_blanks_around_a_name_are_not_deployed() -> None:
    chatbot = Chatbot.model_validate({"name": " Ada ", "system_prompt": "Help.\n"})
    assert (chatbot.name, chatbot.system_prompt) == ("Ada", "Help.")


def test_a_name_is_deployed_without_what_cannot_be_seen() -> None:
    chatbot = Chatbot.model_validate({"name": "Ada\u200b™ \u202e 2", "system_prompt": "Help."})
    assert chatbot.name == "Ada™ 2"


def test_the_lead_form_takes_the_fields_that_can_be_asked_for() -> None:
    assert get_args(LeadFieldName) == tuple(LEAD_FIELDS)
