"""Who tells a flow who they are becomes a lead, or completes the one that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import async_to_sync
from django.test import Client

from chatflows.nodes.collect import CollectSettings
from conversations.leads import record_lead
from conversations.models import Conversation, Lead
from conversations.turn import Introduced
from drafts import creating
from drafts.types import draft_types
from tests.conversations.conftest import Panel, events, released
from tests.conversations.flow_chat import Chat, live_flow
from tests.support.people import signed_in

if TYPE_CHECKING:
    from workspaces.access import Actor
    from workspaces.models import Workspace

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("redis_clean", "connections_returned"),
]
AGREED = "We may write to you about your order."
NODES: list[dict[str, Any]] = [
    {"id": "start", "type": "trigger"},
    {
        "id": "name",
        "type": "collect_input",
        "data": {"question": "Your name?", "lead_field": "name"},
    },
    {
        "id": "mail",
        "type": "collect_input",
        "data": {
            "question": "Your e-mail, {{name}}?",
            "answer_type": "email",
            "lead_field": "email",
            "consent": AGREED,
        },
    },
    {"id": "end", "type": "response", "data": {"message": "Thank you."}},
]
EDGES = [
    {"id": str(n), "source": source, "target": target}
    for n, (source, target) in enumerate((("start", "name"), ("name", "mail"), ("mail", "end")))
]


@pytest.fixture
def chat(acme: Workspace) -> Chat:
    return Chat(live_flow(acme, NODES, EDGES))


def test_answers_make_a_lead_and_complete_it_with_what_was_agreed_to(chat: Chat) -> None:
    chat.say("Hi")
    assert not Lead.objects.exists()
    asked = chat.say("Ana")
    assert asked["message"] == f"Your e-mail, Ana?\n\n{AGREED}"
    first = Lead.objects.get()
    assert (first.name, first.email, first.consent) == ("Ana", "", "")
    chat.say("not an address")
    assert Lead.objects.get().email == ""
    chat.say("ana@example.com")
    lead = Lead.objects.get()
    assert (lead.pk, lead.name, lead.email) == (first.pk, "Ana", "ana@example.com")
    assert lead.fields == {"name": "Ana", "email": "ana@example.com"}
    assert (lead.consent, lead.conversation) == (AGREED, chat.row)


def test_who_begins_anew_corrects_the_lead(chat: Chat) -> None:
    for message in ("Hi", "Ana", "ana@example.com", "Again", "Anna", "anna@example.com"):
        chat.say(message)
    lead = Lead.objects.get()
    assert (lead.name, lead.email, lead.consent) == ("Anna", "anna@example.com", AGREED)


def test_a_flow_completes_the_form_and_the_form_the_flow(acme: Workspace) -> None:
    flow = live_flow(acme, NODES, EDGES)
    document = flow.live_release.configuration | {  # type: ignore[union-attr]
        "lead_capture": {
            "enabled": True,
            "required_fields": ["company"],
            "consent_text": "We may call you.",
        }
    }
    configuration = draft_types.get("chatflow").schema.model_validate(document)
    released(flow, configuration.model_dump(mode="json"))
    chat = Chat(flow)
    chat.say("Hi")
    record_lead(flow, chat.session_id, {"company": "Acme"}, channel="api")
    chat.say("Ana")
    chat.say("ana@example.com")
    lead = Lead.objects.get()
    assert lead.fields == {"company": "Acme", "name": "Ana", "email": "ana@example.com"}
    assert lead.consent == f"We may call you.\n{AGREED}"
    record_lead(flow, chat.session_id, {"company": "Acme Ltd"}, channel="api")
    lead.refresh_from_db()
    assert lead.fields == {"company": "Acme Ltd", "name": "Ana", "email": "ana@example.com"}


def test_a_preview_keeps_no_lead(alice: Actor) -> None:
    document = {"name": "Desk", "nodes": NODES, "edges": EDGES}
    draft = creating.create(alice, draft_types.get("chatflow"), document)
    base = f"/w/acme/chatflows/draft/{draft.id}/preview"
    panel = Panel(signed_in(Client(), alice), base)
    session = panel.post("session", {}).json()["session_id"]
    for message in ("Hi", "Ana", "ana@example.com"):
        answer = panel.post("messages", {"session_id": session, "message": message})
        assert async_to_sync(events)(answer)[-1][0] == "done"
    assert not Lead.objects.exists()
    assert not Conversation.objects.exists()


def test_the_table_of_leads_shows_the_consent(chat: Chat, vera: Actor) -> None:
    for message in ("Hi", "Ana", "ana@example.com"):
        chat.say(message)
    reader = signed_in(Client(), vera)
    html = reader.get(f"/w/acme/leads/?q=ana%20exam&assistant={chat.entity.pk}").content.decode()
    assert AGREED in html
    assert "ana@example.com" in html
    assert "Nothing found" in reader.get("/w/acme/leads/?consent=no").content.decode()
    exported = b"".join(reader.get("/w/acme/leads.csv?consent=yes")).decode()
    assert AGREED in exported


@pytest.mark.parametrize(
    ("lead_field", "answer_type"), [("email", "text"), ("phone", "email"), ("website", "text")]
)
def test_an_answer_that_is_not_checked_is_no_such_detail(lead_field: str, answer_type: str) -> None:
    with pytest.raises(ValueError, match="to keep one"):
        CollectSettings.model_validate(
            {"question": "Who?", "lead_field": lead_field, "answer_type": answer_type}
        )


def test_what_is_told_together_is_one_introduction() -> None:
    first = Introduced({"name": "Ana", "email": "a@example.com"}, "One.")
    both = Introduced({"email": "b@example.com"}, "Two.").after(first)
    assert both == Introduced({"name": "Ana", "email": "b@example.com"}, "One.\nTwo.")
    assert Introduced({}, "One.").after(first).consent == "One."
