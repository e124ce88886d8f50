"""What a second kind that one talks to gets without a line of its own."""

from __future__ import annotations

import re
import time
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from drafts import creating, validation
from drafts.checks import problems
from drafts.deploying import deploy
from drafts.models import Entity
from drafts.types import draft_types
from knowledge.live.base_use import base_uses
from tests.support.people import signed_in
from workspaces import credentials
from workspaces.credential_use import credential_uses

if TYPE_CHECKING:
    from django.test import Client

    from tests.assistants.parrots import ParrotDraft
    from workspaces.access import Actor

pytestmark = pytest.mark.urls("tests.assistants.urls")
WEBSITE = {"type": "website", "enabled": True, "config": {"allowed_domains": ["example.com"]}}
POLLY: dict[str, Any] = {
    "name": "Polly",
    "phrases": [{"id": "hello", "text": "Hello {{who}}"}],
    "variables": [{"name": "who", "default": "you"}],
    "deployment": {"channels": [WEBSITE]},
}
ADA = {"name": "Ada", "system_prompt": "Help."}


def live(actor: Actor, kind: str, data: dict[str, Any]) -> Entity:
    draft_type = draft_types.get(kind)
    return deploy.deploy(actor, draft_type, creating.create(actor, draft_type, data).id).entity


def page(client: Client, actor: Actor, path: str = "") -> str:
    answer = signed_in(client, actor).get(f"/w/acme/{path}")
    assert answer.status_code == 200, answer
    return answer.content.decode()


def test_its_steps_fit_its_schema(parrots: ParrotDraft) -> None:
    assert not list(problems(parrots))


def test_its_builder_speaks_of_it(client: Client, bob: Actor, parrots: ParrotDraft) -> None:
    draft = creating.create(bob, parrots, POLLY)
    for step, words in (
        ("basic", "what this parrot is for"),
        ("variables", "who"),
        ("customize", "What the parrot shows beside its answers."),
        ("deploy", "For this parrot only"),
    ):
        html = page(client, bob, f"parrots/draft/{draft.id}/{step}/")
        assert words in html
        assert "{kind}" not in html


def test_its_live_pages_are_its_own(client: Client, alice: Actor, parrots: ParrotDraft) -> None:
    polly = live(alice, "parrot", POLLY)
    where = f"/w/acme/parrots/{polly.pk}/"
    for tab in ("", "deployment/", "deployed/", "versions/"):
        html = page(client, alice, f"parrots/{polly.pk}/{tab}")
        assert f"{where}deployment/" in html or f"{where}edit/" in html
        assert f"chatbots/{polly.pk}" not in html
    assert "variables: {who:" in page(client, alice, f"parrots/{polly.pk}/deployment/")
    assert client.post(f"{where}keys/").status_code == 200
    secret = client.post(f"{where}deployment/identity/")
    assert secret["Location"] == f"{where}deployment/#identity"
    retried = client.post(f"{where}deployment/website/retry/")
    assert retried["Location"] == f"{where}deployment/"
    assert client.get(f"/w/acme/chatbots/{polly.pk}/").status_code == 404
    gone = client.post(f"{where}delete/", {"name": "Polly"})
    assert gone["Location"] == "/w/acme/parrots/"
    assert client.get(where).status_code == 404


def test_lists_tell_kinds_apart_and_the_dashboard_has_all(
    client: Client, bob: Actor, parrots: ParrotDraft
) -> None:
    ada, polly = live(bob, "chatbot", ADA), live(bob, "parrot", POLLY)
    draft = creating.create(bob, parrots, {"name": "Loro"})
    time.sleep(0.002)  # of drafts of one millisecond, neither is the newer one
    creating.create(bob, draft_types.get("chatbot"), {"name": "Grace"})
    home = page(client, bob)
    for path in (f"chatbots/{ada.pk}/", f"parrots/{polly.pk}/", f"parrots/draft/{draft.id}/"):
        assert f'href="/w/acme/{path}"' in home
    assert home.index("Grace") < home.index("Loro") < home.index("Polly") < home.index("Ada")
    for mine, others in (("chatbots/", ("Polly", "Loro")), ("parrots/", ("Ada", "Grace"))):
        html = page(client, bob, mine)
        assert not [name for name in others if name in html]
    assert "They repeat." in html


def test_the_dashboard_leads_to_the_list_of_what_it_has_no_room_for(
    client: Client, bob: Actor, parrots: ParrotDraft
) -> None:
    for number in range(9):
        creating.create(bob, parrots, {"name": f"Bird {number}"})
    home = page(client, bob)
    assert re.findall(r'href="([^"]+)">Show all ([^<]+)', home) == [
        ("/w/acme/parrots/#drafts-title", "9 parrots")
    ]
    ids = re.findall(r'id="([^"]+)"', home)
    assert len(ids) == len(set(ids))


def test_what_its_documents_name_is_looked_up_at_its_places(
    bob: Actor, mallory: Actor, parrots: ParrotDraft
) -> None:
    base = Entity.objects.create(workspace=bob.workspace, kind="kb", name="Docs", slug="docs")
    values = {"api_key": "sk-abcdefghijklmnopqrst", "provider": "anthropic"}
    key = credentials.create(bob, name="Our key", kind="llm", values=values)
    phrases = [
        {"id": "good", "kb_id": str(base.pk), "credential_id": str(key.pk)},
        {"id": "bad", "kb_id": str(uuid.uuid4()), "credential_id": str(uuid.uuid4())},
    ]
    draft = creating.create(bob, parrots, {"name": "Polly", "phrases": phrases})
    wrong = {issue.path for issue in validation.issues(draft, bob) if issue.severity == "error"}
    assert wrong == {"phrases.bad.kb_id", "phrases.bad.credential_id"}
    assert [use.name for use in base_uses.get("parrot")(bob, base.pk)] == ["Polly"]
    assert [use.name for use in credential_uses.get("parrot")(bob, key.pk)] == ["Polly"]


def test_one_whose_model_lost_its_credential_is_silent(
    client: Client, bob: Actor, parrots: ParrotDraft
) -> None:
    values = {"api_key": "sk-abcdefghijklmnopqrst", "provider": "anthropic"}
    key = credentials.create(bob, name="Our key", kind="llm", values=values)
    phrases = [{"id": "hello", "credential_id": str(key.pk)}]
    polly = live(bob, "parrot", POLLY | {"phrases": phrases})
    paths = ("", "parrots/", f"parrots/{polly.pk}/")
    for path in paths:
        assert "Cannot answer" not in page(client, bob, path)
    credentials.delete(bob, key)
    for path in paths:
        assert "Cannot answer" in page(client, bob, path)


def test_renaming_a_variable_renames_it_in_texts_of_keyed_lists(parrots: ParrotDraft) -> None:
    welcome = {"appearance": {"welcome_message": "I am {who}."}}
    assert parrots.renamed(POLLY | welcome, "variables", {"who": "name"}) == {
        "appearance": {"welcome_message": "I am {name}."},
        "phrases": {"hello": {"text": "Hello {{name}}"}},
    }
