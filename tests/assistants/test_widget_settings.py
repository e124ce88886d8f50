"""What visitors see of the widget, as a draft's settings: judged, told, and gone back from."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from chatbots.draft_type import ChatbotDraft
from common.problems import Problem
from drafts import creating, editing, validation
from drafts.access import open_draft
from drafts.deploying import deploy, planning
from drafts.deploying.wording import in_words
from drafts.releases import configuration_of
from drafts.types import draft_types
from tests.conversations.conftest import released
from tests.support.people import signed_in

if TYPE_CHECKING:
    from django.test import Client

    from drafts.draft import Draft
    from workspaces.access import Actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis_clean")]

WIDGET = "deployment.widget"
MESSAGES = f"{WIDGET}.proactive_messages"
COMPLETE = {"name": "Ada", "system_prompt": "Help."}
WEBSITE = {"type": "website", "enabled": True, "config": {"allowed_domains": ["example.com"]}}
GERMAN: dict[str, Any] = {"language": "de"}
OFFER: dict[str, Any] = {"id": "offer", "text": "Shall I show you prices?"}


def draft_with(actor: Actor, widget: dict[str, Any], kind: str = "chatbot", **more: Any) -> Draft:
    data = {"deployment": {"channels": [WEBSITE], "widget": widget}, **more}
    return creating.create(actor, draft_types.get(kind), data)


def problems(actor: Actor, draft: Draft) -> dict[str, str]:
    """The sentences about the widget by the paths of their fields."""
    found = [issue for issue in validation.issues(draft, actor) if WIDGET in issue.path]
    return {issue.path.removeprefix(f"{WIDGET}."): issue.message for issue in found}


@pytest.mark.parametrize(
    ("widget", "path", "words"),
    [
        ({"launcher_text": "x" * 31}, "launcher_text", "at most 30 characters"),
        ({"proactive_messages": [{"id": "a"}]}, "proactive_messages.a.text", "Write the message"),
        (
            {"proactive_messages": [OFFER | {"text": "x" * 301}]},
            "proactive_messages.offer.text",
            "at most 300 characters",
        ),
        (
            {"proactive_messages": [OFFER | {"page_match": "contains"}]},
            "proactive_messages.offer.page",
            "Say which pages it is for",
        ),
        (
            {"proactive_messages": [OFFER | {"page_match": "equals", "page": "bikes"}]},
            "proactive_messages.offer.page",
            "An address begins with / or https://",
        ),
        (
            {"proactive_messages": [OFFER | {"percent": 0}]},
            "proactive_messages.offer.percent",
            "must be between 1 and 100",
        ),
        (
            {"proactive_messages": [OFFER | {"quick_replies": list("abcde")}]},
            "proactive_messages.offer.quick_replies",
            "at most 4 entries",
        ),
        (
            {"translations": [{"language": "de", "welcome_message": "x" * 1001}]},
            "translations.de.welcome_message",
            "at most 1000 characters",
        ),
        (
            {
                "translations": [
                    {"language": "de", "proactive_messages": {"a": {"text": "x" * 301}}}
                ]
            },
            "translations.de.proactive_messages.a.text",
            "at most 300 characters",
        ),
        (
            {"translations": [{"language": "de", "welcome_message": "Hallo {{nobody}}"}]},
            "translations.de.welcome_message",
            "no variable has this name",
        ),
        (
            {"translations": [{"language": "de", "variable_labels": {"a": "x" * 101}}]},
            "translations.de.variable_labels.a",
            "at most 100 characters",
        ),
    ],
    ids=[
        "label",
        "empty",
        "long",
        "pages",
        "address",
        "percent",
        "replies",
        "welcome",
        "said",
        "name",
        "asked",
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    alice: Actor, widget: dict[str, Any], path: str, words: str
) -> None:
    assert words in problems(alice, draft_with(alice, widget))[path]


@pytest.mark.parametrize(
    "widget",
    [
        {"language": "tlh"},
        {"translations": [{"language": "tlh"}]},
        {"proactive_messages": [{"id": "a b"}]},
        {"proactive_messages": [OFFER | {"when": "never"}]},
    ],
    ids=["language", "translation", "id", "moment"],
)
def test_what_no_widget_knows_is_not_saved(alice: Actor, widget: dict[str, Any]) -> None:
    draft = draft_with(alice, {})
    chatbots = draft_types.get("chatbot")
    with pytest.raises(Problem) as refused:
        editing.patch(alice, chatbots, draft.id, {"deployment": {"widget": widget}})
    assert refused.value.status == 422


def test_what_is_off_may_be_unfinished(alice: Actor) -> None:
    draft = draft_with(alice, {"proactive_messages": [{"id": "a", "enabled": False}]})
    assert problems(alice, draft) == {}


ASKED: dict[str, Any] = {"name": "user_name", "label": "Your name", "collect_before_chat": True}


@pytest.mark.parametrize("kind", ["chatbot", "chatflow"])
def test_texts_that_some_read_in_another_language_are_named(alice: Actor, kind: str) -> None:
    widget = {
        "proactive_messages": [OFFER],
        "translations": [
            {"language": "de"},
            {
                "language": "fr",
                "welcome_message": "Bonjour",
                "variable_labels": {"user_name": "Votre nom"},
            },
        ],
    }
    more = {"appearance": {"welcome_message": "Hello"}, "variables": [ASKED, {"name": "plan"}]}
    draft = draft_with(alice, widget, kind, **more)
    found = problems(alice, draft)
    offer, told = "“Shall I show you prices?”", "German: not translated yet: the welcome message"
    assert found["translations.de"] == f"{told}, “Your name”, {offer}"
    assert found["translations.fr"] == f"French: not translated yet: {offer}"


def test_messages_without_a_website_are_told(alice: Actor) -> None:
    data = {"deployment": {"widget": {"proactive_messages": [OFFER]}}}
    draft = creating.create(alice, draft_types.get("chatbot"), data)
    assert "the website widget is off" in problems(alice, draft)["proactive_messages"]


LEAVING = ("When the pointer leaves the page", "Once per visitor")


def changed(actor: Actor, patch: dict[str, Any]) -> list[dict[str, str | None]]:
    """What the plan says of a live chatbot's draft after ``patch``."""
    chatbots = draft_types.get("chatbot")
    live = {
        **COMPLETE,
        "deployment": {
            "channels": [WEBSITE],
            "widget": {
                "proactive_messages": [OFFER],
                "translations": [{"language": "de", "title": "Hilfe"}],
            },
        },
    }
    entity = deploy.deploy(actor, chatbots, creating.create(actor, chatbots, live).id).entity
    draft = creating.create_from_entity(actor, entity)
    editing.patch(actor, chatbots, draft.id, {"deployment": {"widget": patch}})
    plan = planning.plan(actor, open_draft(actor, chatbots, draft.id))
    return in_words(chatbots, plan.changes, plan.between, actor)


def test_the_plan_tells_changes_in_words(alice: Actor) -> None:
    coming = {"text": "Stay?", "when": "leaving", "page_match": "contains", "page": "/bikes"}
    patch = {
        "launcher_text": "Questions?",
        "proactive_messages": {"offer": {"seconds": 30, "repeat": "visit"}, "stay": coming},
        "translations": {"de": None},
    }
    told = {str(each["label"]): (each["from"], each["to"]) for each in changed(alice, patch)}
    offer = "Proactive messages, “Shall I show you prices?”"
    assert told["Text beside the button"] == ("Empty", "Questions?")
    assert told[f"{offer}: Seconds on the page"] == ("10", "30")
    assert told[f"{offer}: How often"] == ("Once per visitor", "Once in every visit")
    assert told["Proactive message"] == (
        None,
        "\n".join((coming["text"], "Pages whose address contains /bikes", *LEAVING)),
    )
    assert told["Texts in German"] == ("Hilfe", None)


def test_a_release_from_before_there_were_such_settings_still_loads(alice: Actor) -> None:
    chatbots = draft_types.get("chatbot")
    old = {**COMPLETE, "deployment": {"channels": [WEBSITE]}}
    entity = deploy.deploy(alice, chatbots, creating.create(alice, chatbots, old).id).entity
    release = entity.live_release
    assert release is not None
    configuration = deepcopy(release.configuration)
    del configuration["deployment"]["widget"]
    older = released(entity, configuration).live_release
    assert older is not None
    assert isinstance(chatbots, ChatbotDraft)
    assert chatbots.read(configuration_of(older)).deployment.widget.language == "auto"
    draft = creating.create_from_entity(alice, entity)
    assert planning.plan(alice, draft).changes == ()


def test_a_variable_s_new_name_is_written_in_translations_too(alice: Actor) -> None:
    chatbots = draft_types.get("chatbot")
    translations = [{"language": "de", "welcome_message": "Hallo {{who}}"}]
    draft = draft_with(alice, {"translations": translations}, variables=[{"name": "who"}])
    found = chatbots.renamed(draft.data, "variables", {"who": "guest"})
    told = found["deployment"]["widget"]["translations"]["de"]["welcome_message"]
    assert told == "Hallo {{guest}}"


@pytest.mark.parametrize("kind", ["chatbot", "chatflow"])
def test_labels_in_translations_follow_a_variable_s_name(alice: Actor, kind: str) -> None:
    labels = {"who": "Wer", "when": "Wann"}
    translations = [{"language": "de", "variable_labels": labels}, {"language": "fr"}]
    named = [{"name": name, "collect_before_chat": True} for name in labels]
    draft = draft_with(alice, {"translations": translations}, kind, variables=named)
    kind_of = draft_types.get(kind)
    found = kind_of.renamed(draft.data, "variables", {"who": "guest"})
    (german,) = found["deployment"]["widget"]["translations"].values()
    assert german["variable_labels"] == {"who": None, "guest": "Wer"}
    swapped = kind_of.renamed(draft.data, "variables", {"who": "when", "when": "who"})
    (german,) = swapped["deployment"]["widget"]["translations"].values()
    assert german["variable_labels"] == {"when": "Wer", "who": "Wann"}


@pytest.mark.parametrize("kind", ["chatbot", "chatflow"])
def test_a_translation_shows_what_it_stands_for(client: Client, alice: Actor, kind: str) -> None:
    look = {
        "title": "Help",
        "welcome_message": "Hi.\nHow are <you>?",
        "suggested_prompts": ["A", "B"],
    }
    widget = {
        "launcher_text": "Questions?",
        "proactive_messages": [OFFER | {"quick_replies": ["Yes", "No"]}],
        "translations": [{"language": "de"}],
    }
    untold = {"name": "plan", "label": "Secret plan"}
    asked = [ASKED, {"name": "order_id", "collect_before_chat": True}, untold]
    draft = draft_with(alice, widget, kind, appearance=look, variables=asked)
    url = f"/w/acme/{draft_types.get(kind).url_name}/draft/{draft.id}/deploy/"
    page = signed_in(client, alice).get(url).content.decode()
    originals = ("Help", "Hi. How are &lt;you&gt;?", "A · B", "Questions?", OFFER["text"])
    for text in (*originals, "Yes · No", "Your name", "Order id"):
        assert f"Original: {text}<" in page
    assert "Asked before the chat: “Your name”" in page
    assert "Secret plan" not in page
    at = f"{WIDGET}.translations.de.variable_labels.user_name"
    body = {"_changed": at, "patch_id": "one", at: "Ihr Name"}
    assert client.post(url, body, headers={"HX-Request": "true"}).status_code == 200
    found = open_draft(alice, draft_types.get(kind), draft.id).data["deployment"]["widget"]
    assert found["translations"][0]["variable_labels"] == {"user_name": "Ihr Name"}


def test_the_builder_edits_them_without_a_script(client: Client, alice: Actor) -> None:
    draft = draft_with(alice, {"proactive_messages": [OFFER], "translations": [{"language": "de"}]})
    where = f"/w/acme/chatbots/draft/{draft.id}/deploy/"
    page = signed_in(client, alice).get(where).content.decode()
    for words in ("“Shall I show you prices?”", "German", "Proactive message “Shall I show"):
        assert words in page
    for operation in (f"add:{MESSAGES}", f"remove:{MESSAGES}:offer"):
        assert client.post(where, {"_op": operation}).status_code in (302, 303)
    chatbots = draft_types.get("chatbot")
    found = open_draft(alice, chatbots, draft.id).data["deployment"]["widget"]
    assert [each["id"] for each in found["proactive_messages"]] == ["message_1"]
