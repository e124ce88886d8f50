"""The six steps: every page of them, what they keep, and what they offer."""

from __future__ import annotations

import json
import re
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assistants.pages.dashboard import SHOWN_ON_DASHBOARD
from chatbots.starters import STARTERS
from chatbots.steps import STEPS
from drafts import creating, editing
from drafts.access import open_draft
from drafts.models import Entity
from drafts.types import draft_types
from tests.chatbots.example import design_chatbot
from tests.support.people import signed_in
from workspaces import credentials

if TYPE_CHECKING:
    from django.test import Client

    from workspaces.access import Actor

pytestmark = pytest.mark.usefixtures("redis_clean", "model")
CHATBOTS = draft_types.get("chatbot")
NAMES = [step.name for step in STEPS]


class Seat:
    """Bob's browser at one draft."""

    def __init__(self, client: Client, actor: Actor, data: dict[str, Any]) -> None:
        self.client, self.actor = signed_in(client, actor), actor
        self.draft_id = creating.create(actor, CHATBOTS, data).id
        self.base = f"/w/acme/chatbots/draft/{self.draft_id}/"

    def page(self, step: str) -> str:
        answer = self.client.get(f"{self.base}{step}/")
        assert answer.status_code == 200
        return answer.content.decode()

    def post(self, step: str, fields: dict[str, Any]) -> None:
        body = {"_changed": list(fields), "patch_id": str(uuid.uuid4())} | fields
        answer = self.client.post(f"{self.base}{step}/", body, headers={"HX-Request": "true"})
        assert answer.status_code == 200, answer.content

    @property
    def data(self) -> dict[str, Any]:
        return open_draft(self.actor, CHATBOTS, self.draft_id).data


def knowledge_base(actor: Actor, name: str) -> str:
    row = Entity.objects.create(workspace=actor.workspace, kind="kb", name=name, slug=name.lower())
    return str(row.pk)


@pytest.mark.parametrize("name", NAMES)
def test_every_step_shows_an_empty_and_the_designs_chatbot(
    client: Client, bob: Actor, name: str
) -> None:
    seat = Seat(client, bob, {})
    assert "<h1>" in seat.page(name)
    full = design_chatbot(kb_id=knowledge_base(bob, "Docs"), telegram="t", discord="d")
    assert "<h1>" in Seat(client, bob, full).page(name)


@pytest.mark.parametrize("starter", STARTERS, ids=lambda starter: starter.name)
def test_every_step_shows_every_starting_point(client: Client, bob: Actor, starter: Any) -> None:
    seat = Seat(client, bob, dict(starter.data))
    for name in NAMES:
        seat.page(name)


def test_what_is_typed_is_kept_at_its_place(client: Client, bob: Actor) -> None:
    seat = Seat(client, bob, {})
    seat.post("basic", {"name": "Ada", "category": "faq", "visibility": "public"})
    seat.post("instructions", {"temperature": "0.3", "memory.max_messages": "4"})
    seat.post("customize", {"appearance.suggested_prompts": ["One", "Two"]})
    seat.post("customize", {"lead_capture.enabled": "on", "lead_capture.timing": "end_of_chat"})
    seat.post("customize", {"lead_capture": ["email:required", "name:required", "phone:optional"]})
    website = "deployment.channels.website"
    seat.post("deploy", {f"{website}.enabled": "on"})
    seat.post("deploy", {f"{website}.config.allowed_domains": ["example.com", ""]})
    data = seat.data
    assert (data["name"], data["category"], data["visibility"]) == ("Ada", "faq", "public")
    assert (data["temperature"], data["memory"]) == (0.3, {"max_messages": 4})
    assert data["appearance"] == {"suggested_prompts": ["One", "Two"]}
    assert data["lead_capture"] == {
        "enabled": True,
        "timing": "end_of_chat",
        "required_fields": ["email", "name"],
        "optional_fields": ["phone"],
    }
    (channel,) = data["deployment"]["channels"]
    assert channel["type"] == "website"
    assert (channel["enabled"], channel["config"]) == (True, {"allowed_domains": ["example.com"]})


def test_each_detail_of_a_lead_is_asked_for_in_one_way(client: Client, bob: Actor) -> None:
    both = {"required_fields": ["email"], "optional_fields": ["email", "phone"]}
    seat = Seat(client, bob, {"lead_capture": both})
    html = seat.page("customize")
    for chosen in ("email:required", "phone:optional", "name:-"):
        assert f'value="{chosen}" selected' in html
    seat.post("customize", {"lead_capture": ["email:optional", "name:-", "surprise:required"]})
    assert seat.data["lead_capture"] == {"required_fields": [], "optional_fields": ["email"]}


def test_without_a_script_an_untouched_form_leaves_the_details_alone(
    client: Client, bob: Actor
) -> None:
    seat = Seat(client, bob, {"appearance": {"title": "Ada"}})
    html = seat.page("customize")
    shown = re.findall(r'value="(\w+:[\w-]+)" selected', html)
    assert shown[0] == "email:required"
    client.post(f"{seat.base}customize/", {"appearance.title": "Eve", "lead_capture": shown})
    assert seat.data["appearance"]["title"] == "Eve"
    assert "required_fields" not in seat.data.get("lead_capture", {})


def test_a_folded_group_tells_its_numbers_with_their_units(client: Client, bob: Actor) -> None:
    seat = Seat(client, bob, {"memory": {"max_messages": 1}})
    assert "On · 1 message · 4,000 tokens" in seat.page("instructions")
    assert "On · 50 an hour" in seat.page("customize")


def test_the_servers_model_is_called_by_its_name(client: Client, bob: Actor, settings: Any) -> None:
    settings.LLM_BASE_URL = settings.SECRET_AI_API_KEY = settings.LLM_GGUF = ""
    assert "No model is configured" in Seat(client, bob, {}).page("instructions")
    settings.LLM_BASE_URL, settings.LLM_MODEL = "http://127.0.0.1:9/v1", "small-1"
    assert "This server&#x27;s model (small-1)" in Seat(client, bob, {}).page("instructions")
    settings.LLM_MODEL = ""
    html = Seat(client, bob, {}).page("instructions")
    assert "This server&#x27;s model (OpenAI or compatible)" in html


def test_defaults_are_shown_where_nothing_was_chosen(client: Client, bob: Actor) -> None:
    html = Seat(client, bob, {}).page("deploy")
    (default,) = re.findall(r'<input[^>]*value="bottom-right"[^>]*>', html)
    assert "checked" in default


def test_variables_are_added_renamed_and_removed(client: Client, bob: Actor) -> None:
    seat = Seat(client, bob, {})
    seat.post("variables", {"_op": "add:variables"})
    seat.post(
        "variables", {"variables.variable_1.name": "plan", "variables.variable_1.type": "select"}
    )
    seat.post("variables", {"variables.plan.options": "Free\nTeam"})
    (variable,) = seat.data["variables"]
    assert (variable["name"], variable["type"]) == ("plan", "select")
    assert variable["options"] == ["Free", "Team"]
    assert "plan" in seat.page("instructions")
    seat.post("variables", {"_op": "remove:variables:plan"})
    assert not seat.data.get("variables")


def test_the_prompt_follows_a_renamed_variable(client: Client, bob: Actor) -> None:
    seat = Seat(client, bob, {"system_prompt": "Hi {{user}}, {user}. {{other}} {{ user }}"})
    seat.post("variables", {"_op": "add:variables:user"})
    seat.post("variables", {"variables.user.name": "guest"})
    assert seat.data["system_prompt"] == "Hi {{guest}}, {guest}. {{other}} {{ guest }}"
    assert "Hi {{guest}}" in seat.page("instructions")


def test_knowledge_bases_are_attached_with_settings_of_their_own(
    client: Client, bob: Actor, mallory: Actor
) -> None:
    seat = Seat(client, bob, {})
    nothing = seat.page("knowledge")
    assert "no knowledge base yet" in nothing
    assert "Make a knowledge base" in nothing
    assert "Go on without one" in nothing
    docs = knowledge_base(bob, "Handbook")
    knowledge_base(mallory, "Elsewhere")
    html = seat.page("knowledge")
    assert "_add:knowledge_bases" in html
    assert "Handbook" in html
    assert "Elsewhere" not in html
    seat.post("knowledge", {"_op": f"add:knowledge_bases:{docs}"})
    path = f"knowledge_bases.{docs}.override_retrieval"
    seat.post("knowledge", {f"{path}.top_k": "7", f"{path}.search_method": "keyword"})
    (attached,) = seat.data["knowledge_bases"]
    assert attached["enabled"] is True
    assert attached["override_retrieval"] == {"top_k": 7, "search_method": "keyword"}
    for choice, kept in (("on", True), ("off", False), ("", None)):
        seat.post("knowledge", {f"{path}.rerank": choice})
        (attached,) = seat.data["knowledge_bases"]
        assert attached["override_retrieval"].get("rerank") is kept
        assert f'value="{choice}" selected' in seat.page("knowledge")
    assert "Handbook" in seat.page("knowledge")


def test_models_and_credentials_to_choose_from(client: Client, bob: Actor, mallory: Actor) -> None:
    for actor, name in ((bob, "Our key"), (mallory, "Their key")):
        values = {"api_key": "sk-abcdefghijklmnopqrst", "provider": "anthropic"}
        credentials.create(actor, name=name, kind="llm", values=values)
    html = Seat(client, bob, {"credential_id": str(uuid.uuid4())}).page("instructions")
    assert "Our key" in html
    assert "Their key" not in html
    assert "No longer there" in html
    for provider in ("Secret AI", "Anthropic", "Local model"):
        assert provider in html


def test_an_exported_file_comes_back_as_a_draft(client: Client, bob: Actor) -> None:
    starter = next(s for s in STARTERS if s.name == "support")
    seat = Seat(client, bob, dict(starter.data))
    exported = client.get(f"{seat.base}export/").content
    assert json.loads(exported)
    file = SimpleUploadedFile("bot.json", exported, "application/json")
    answer = client.post("/w/acme/chatbots/draft/import/", {"file": file})
    assert answer.status_code == 302
    drafts = editing.list_drafts(bob, CHATBOTS)
    assert [draft.name for draft in drafts] == ["Support assistant"] * 2
    one, other = (open_draft(bob, CHATBOTS, draft.id).data for draft in drafts)
    assert one == other


def test_the_dashboard_asks_the_database_little(
    client: Client, bob: Actor, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        creating.create(bob, CHATBOTS, {"name": f"Draft {number}"})
    signed_in(client, bob)
    client.get("/w/acme/")
    with django_assert_max_num_queries(10):
        client.get("/w/acme/")


def test_more_drafts_ask_the_database_no_more(client: Client, bob: Actor) -> None:
    signed_in(client, bob)
    data = {
        "knowledge_bases": [{"kb_id": knowledge_base(bob, "Docs")}],
        "credential_id": str(uuid.uuid4()),
    }
    asked = []
    for more in (2, 6):
        for number in range(more):
            creating.create(bob, CHATBOTS, {"name": f"Draft {number}"} | data)
        client.get("/w/acme/")
        with CaptureQueriesContext(connection) as queries:
            html = client.get("/w/acme/").content.decode()
        asked.append(len(queries))
    assert html.count("Draft ") >= SHOWN_ON_DASHBOARD
    assert asked[0] == asked[1]


TYPED: dict[str, dict[str, Any]] = {
    "basic": {"name": "Helper"},
    "instructions": {"system_prompt": "You help."},
    "customize": {"appearance.title": "Ask me"},
    "deploy": {"deployment.channels.website.enabled": "on"},
}


@pytest.mark.parametrize("step", NAMES)
def test_a_step_asks_the_database_little(
    client: Client, bob: Actor, django_assert_max_num_queries: Any, step: str
) -> None:
    """(33 of the interface's checklist)"""
    full = design_chatbot(kb_id=knowledge_base(bob, "Docs"), telegram="t", discord="d")
    seat = Seat(client, bob, full)
    seat.page(step)
    with django_assert_max_num_queries(8):
        seat.page(step)
    if step in TYPED:
        with django_assert_max_num_queries(8):
            seat.post(step, TYPED[step])


@pytest.mark.parametrize("step", NAMES)
def test_no_box_cuts_what_is_pasted(client: Client, bob: Actor, step: str) -> None:
    seat = Seat(client, bob, {"variables": {"order_id": {"type": "text"}}})
    assert "maxlength" not in seat.page(step)


def test_a_text_that_is_too_long_is_kept_whole_and_told(client: Client, bob: Actor) -> None:
    seat = Seat(client, bob, {})
    body = {"_changed": "description", "patch_id": "p", "description": "x" * 3000}
    answer = client.post(f"{seat.base}basic/", body, headers={"HX-Request": "true"})
    assert "Description may have at most 2000 characters; this has 3000" in answer.content.decode()
    assert len(seat.data["description"]) == 3000


def test_back_at_the_servers_model_the_credential_of_the_other_is_gone(
    client: Client, bob: Actor
) -> None:
    values = {"api_key": "sk-abcdefghijklmnopqrst", "provider": "anthropic"}
    key = str(credentials.create(bob, name="Our key", kind="llm", values=values).pk)
    seat = Seat(client, bob, {"provider": "anthropic", "credential_id": key})
    seat.post("instructions", {"temperature": "0.3"})
    assert seat.data["credential_id"] == key
    seat.post("instructions", {"provider": ""})
    assert not seat.data.get("provider")
    assert not seat.data.get("credential_id")
    # A credential alone says whose it is, and is kept.
    seat.post("instructions", {"credential_id": key})
    assert seat.data["credential_id"] == key


def test_the_page_hears_that_the_credential_is_gone(client: Client, bob: Actor) -> None:
    seat = Seat(client, bob, {"provider": "anthropic", "credential_id": str(uuid.uuid4())})
    body = {"_changed": ["provider"], "patch_id": "p", "provider": ""}
    url = f"{seat.base}instructions/"
    answer = client.post(url, body, headers={"HX-Request": "true"}).content.decode()
    told = re.search(r'<script id="draft-state"[^>]*>(.*?)</script>', answer, re.DOTALL)
    assert told
    assert json.loads(told[1])["values"] == {"credential_id": ""}


def test_another_provider_takes_the_model_s_name_away(client: Client, bob: Actor) -> None:
    seat = Seat(client, bob, {"provider": "anthropic", "model": "claude-x"})
    seat.post("instructions", {"provider": ""})
    assert not seat.data.get("model")
    seat.post("instructions", {"model": "small-1"})
    seat.post("instructions", {"provider": "secret_ai", "model": "large-2"})
    assert seat.data["model"] == "large-2"
