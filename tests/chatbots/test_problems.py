"""What blocks a chatbot and what would be better, each at its field and in plain words."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from chatbots.draft_type import ChatbotDraft
from drafts import creating, validation
from drafts.models import Entity
from drafts.types import draft_types
from workspaces import credentials

if TYPE_CHECKING:
    from workspaces.access import Actor

pytestmark = pytest.mark.usefixtures("redis_clean")
CHATBOTS = draft_types.get("chatbot")
COMPLETE = {"name": "Ada", "system_prompt": "Help."}


def problems(actor: Actor, data: dict[str, Any]) -> dict[str, list[str]]:
    """The messages by severity of a draft with ``data``."""
    draft = creating.create(actor, CHATBOTS, data)
    found: dict[str, list[str]] = {"error": [], "warning": []}
    for issue in validation.issues(draft, actor):
        found[issue.severity].append(issue.message)
    return found


def paths(actor: Actor, data: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Severity and step of each problem, by path."""
    draft = creating.create(actor, CHATBOTS, COMPLETE | data)
    return {i.path: (i.severity, i.step) for i in validation.issues(draft, actor)}


def knowledge_base(actor: Actor) -> str:
    base = Entity.objects.create(
        workspace=actor.workspace, kind="kb", name="Handbook", slug=f"kb-{uuid.uuid4()}"
    )
    return str(base.pk)


def website(**config: Any) -> dict[str, Any]:
    return {"deployment": {"channels": [{"type": "website", "enabled": True, "config": config}]}}


def test_an_empty_draft_is_told_in_the_designs_words(bob: Actor) -> None:
    found = problems(bob, {})
    assert found["error"] == ["Name is required", "System prompt is required"]
    assert "No knowledge bases configured" in found["warning"]
    assert "Welcome message not set" in found["warning"]


def test_a_name_and_a_prompt_of_blanks_are_missing(bob: Actor) -> None:
    found = problems(bob, {"name": "  ", "system_prompt": " \n"})
    assert found["error"] == ["Name is required", "System prompt is required"]


def test_a_knowledge_base_of_ones_own_is_fine_and_a_foreign_one_is_unknown(
    bob: Actor, mallory: Actor
) -> None:
    own, foreign = knowledge_base(bob), knowledge_base(mallory)
    found = paths(bob, {"knowledge_bases": [{"kb_id": own}, {"kb_id": foreign}, {"kb_id": "x"}]})
    assert f"knowledge_bases.{own}" not in found
    assert found[f"knowledge_bases.{foreign}"] == ("error", "knowledge")
    assert found["knowledge_bases.x"] == ("error", "knowledge")


def test_a_credential_must_be_ones_own_and_of_the_right_kind(bob: Actor, mallory: Actor) -> None:
    def made(actor: Actor, kind: str, **values: str) -> str:
        return str(credentials.create(actor, name=kind, kind=kind, values=values).pk)

    model = made(bob, "llm", api_key="sk-abcdefghijklmnop")
    foreign = made(mallory, "llm", api_key="sk-abcdefghijklmnop")
    assert "credential_id" not in paths(bob, {"credential_id": model})
    assert paths(bob, {"credential_id": foreign})["credential_id"] == ("error", "instructions")
    telegram = {"type": "telegram", "enabled": True, "config": {"bot_token": model}}
    found = paths(bob, {"deployment": {"channels": [telegram]}})
    assert found["deployment.channels.telegram.config.bot_token"] == ("error", "deploy")
    switched_off = telegram | {"enabled": False}
    assert not any(
        "telegram" in path for path in paths(bob, {"deployment": {"channels": [switched_off]}})
    )


def test_without_a_model_it_is_said_what_a_visitor_gets(bob: Actor) -> None:
    words = "No language model is configured: visitors read that the assistant is not available"
    assert words in problems(bob, COMPLETE)["warning"]


def test_a_provider_without_a_key_blocks(bob: Actor) -> None:
    found = paths(bob, {"provider": "anthropic", "model": "claude"})
    assert found["credential_id"] == ("error", "instructions")


def test_undeclared_unused_and_unreachable_variables_are_pointed_out(bob: Actor) -> None:
    found = paths(
        bob,
        {
            "system_prompt": "Hello {{user_name}}, your {plan} and {{order}}.",
            "variables": [
                {"name": "user_name"},
                {"name": "plan"},
                {"name": "idle"},
                {"name": "needed", "required": True},
            ],
        },
    )
    assert found["system_prompt"] == ("warning", "instructions")
    assert found["variables.idle"] == ("warning", "variables")
    assert found["variables.needed"] == ("warning", "variables")
    assert "variables.plan" not in found
    assert "variables.user_name" not in found


def test_a_website_without_domains_is_said_to_be_disabled(bob: Actor) -> None:
    at = "deployment.channels.website.config.allowed_domains"
    assert paths(bob, website())[at] == ("warning", "deploy")
    assert at not in paths(bob, website(allowed_domains=["example.com"]))


@pytest.mark.parametrize("entry", ["nonsense", "*.com", "example.com/path", "a b.com"])
def test_each_domain_is_checked(bob: Actor, entry: str) -> None:
    found = paths(bob, website(allowed_domains=["example.com", entry]))
    at = "deployment.channels.website.config.allowed_domains.1"
    assert found[at] == ("error", "deploy")


def test_no_channel_and_one_that_services_cannot_reach_are_warned_about(bob: Actor) -> None:
    assert paths(bob, {})["deployment.channels"] == ("warning", "deploy")
    inside = {"deployment": {"channels": [{"type": "zapier", "enabled": True}]}}
    assert paths(bob, inside)["deployment.channels.zapier"] == ("warning", "deploy")


def test_channels_that_nobody_can_call_are_told_of_together(bob: Actor, settings: Any) -> None:
    settings.PUBLIC_URL = "http://bots.example"
    bot = {"type": "telegram", "enabled": True, "config": {"bot_token": str(uuid.uuid4())}}
    channels = [*on_messengers("zapier", "website")["deployment"]["channels"], bot]
    found = problems(bob, COMPLETE | {"deployment": {"channels": channels}})["warning"]
    [words] = [each for each in found if "https" in each]
    assert words == (
        "Telegram and Zapier: services call public https addresses only, and this server's is "
        "http://bots.example. Set PUBLIC_URL to one"
    )


def test_a_lead_form_without_a_purpose_is_warned_about(bob: Actor) -> None:
    found = paths(bob, {"lead_capture": {"enabled": True}})
    assert found["lead_capture.consent_text"] == ("warning", "customize")


def test_what_stops_working_is_named_before_the_deploy() -> None:
    read = ChatbotDraft.schema.model_validate
    live = read(COMPLETE | {"visibility": "public"} | website(allowed_domains=["a.com", "b.com"]))
    coming = read(
        COMPLETE
        | {"variables": [{"name": "plan", "required": True}]}
        | website(allowed_domains=["b.com"])
    )
    assert list(ChatbotDraft().breaking(live, coming)) == [
        "The widget stops working on a.com.",
        "API clients should send the variable plan.",
    ]


def test_a_picture_that_pages_over_https_would_not_load_blocks(bob: Actor) -> None:
    found = paths(bob, {"appearance": {"avatar_url": "http://example.com/face.png"}})
    assert found["appearance.avatar_url"] == ("error", "customize")


@pytest.mark.parametrize(
    ("variable", "fits"),
    [
        ({"type": "select", "options": ["Free", "Team"], "default": "Team"}, True),
        ({"type": "select", "options": ["Free", "Team"], "default": ""}, True),
        ({"type": "select", "options": ["Free", "Team"], "default": "Gold"}, False),
        ({"type": "number", "default": 3}, True),
        ({"type": "number", "default": "three"}, False),
        ({"type": "email", "default": "nobody"}, False),
        ({"default": "Gold"}, True),
    ],
)
def test_a_default_must_be_what_the_type_asks_for(
    bob: Actor, variable: dict[str, Any], fits: bool
) -> None:
    found = paths(bob, {"variables": [{"name": "plan", "collect_before_chat": True} | variable]})
    assert found.get("variables.plan.default") == (None if fits else ("error", "variables"))


def test_a_choice_without_options_is_not_blamed_for_its_default_too(bob: Actor) -> None:
    plan = {"name": "plan", "type": "select", "default": "Gold", "collect_before_chat": True}
    found = paths(bob, {"variables": [plan]})
    assert found["variables.plan"] == ("error", "variables")
    assert "variables.plan.default" not in found


def test_the_default_that_does_not_fit_is_told_with_the_options(bob: Actor) -> None:
    plan = {"name": "plan", "type": "select", "options": ["Free", "Team"], "default": "Gold"}
    assert problems(bob, COMPLETE | {"variables": [plan]})["error"] == [
        "The default of plan does not fit. It must be one of its options: Free, Team."
    ]


def test_the_welcome_message_is_looked_at_as_the_prompt_is(bob: Actor) -> None:
    data = COMPLETE | {
        "variables": [{"name": "who", "collect_before_chat": True}, {"name": "shop"}],
        "appearance": {"welcome_message": "Hello {{who}}, this is {{shop}} for {{nobody}}."},
    }
    found = problems(bob, data)["warning"]
    assert "The welcome message uses {{nobody}}, but no variable has this name" in found
    for name in ("who", "shop"):
        words = f"The welcome message may be shown before {name} is known: give it a default"
        assert words in found
    assert not [words for words in found if "is not used" in words]


def test_the_welcome_message_follows_a_renamed_variable() -> None:
    document = {"system_prompt": "Help.", "appearance": {"welcome_message": "Hello {{who}}."}}
    assert ChatbotDraft().renamed(document, "variables", {"who": "name"}) == {
        "appearance": {"welcome_message": "Hello {{name}}."}
    }


def on_messengers(*names: str) -> dict[str, Any]:
    return {"deployment": {"channels": [{"type": name, "enabled": True} for name in names]}}


WHOLE: dict[str, Any] = {
    "appearance": {
        "welcome_message": "Hello!",
        "suggested_prompts": ["Hours", "Where can I find my newest invoice?"],
    },
    "variables": [{"name": "email", "type": "email", "collect_before_chat": True}],
    "lead_capture": {"enabled": True},
}


def unshown(actor: Actor, data: dict[str, Any]) -> dict[str, str]:
    """What is said of channels that cannot show something, by path."""
    draft = creating.create(actor, CHATBOTS, COMPLETE | data)
    found = validation.issues(draft, actor)
    named = [i for i in found if i.message.startswith(("Telegram", "WhatsApp"))]
    return {i.path: i.message for i in named if not i.path.startswith("deployment")}


def test_what_messengers_cannot_show_is_told_once_with_its_place(bob: Actor) -> None:
    attached = {"knowledge_bases": [{"kb_id": knowledge_base(bob)}]}
    channels = on_messengers("website", "telegram", "whatsapp")
    assert unshown(bob, WHOLE | attached | channels) == {
        "appearance.suggested_prompts": (
            "WhatsApp: not all suggested prompts fit on buttons, so they are written out with "
            "numbers"
        ),
        "variables.email": (
            "Telegram and WhatsApp: nothing is asked before the chat, so email may stay empty"
        ),
        "lead_capture.enabled": (
            "Telegram and WhatsApp: the lead form is not shown there, only on the website"
        ),
        "features.enable_citations": (
            "Telegram and WhatsApp: sources are listed below an answer, and their passages cannot "
            "be opened"
        ),
    }


def test_a_welcome_message_that_takes_several_messages_is_told(bob: Actor) -> None:
    short = {"appearance": {"welcome_message": "**1** " * 90}}
    assert unshown(bob, short | on_messengers("telegram")) == {}
    dense = {"appearance": {"welcome_message": "**1** " * 160}}
    assert [*unshown(bob, dense | on_messengers("telegram"))] == ["appearance.welcome_message"]


def test_on_the_website_all_of_it_is_shown(bob: Actor) -> None:
    assert unshown(bob, WHOLE | website(allowed_domains=["a.com"])) == {}
