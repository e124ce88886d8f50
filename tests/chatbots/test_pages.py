"""The dashboard, the list and the pages of a deployed chatbot, as people with names see them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assistants.pages.dashboard import SHOWN_ON_DASHBOARD
from channels_deploy.models import Connection
from chatbots.draft_type import ChatbotDraft
from chatbots.models import Chatbot
from chatbots.starters import STARTERS
from conversations.models import Conversation
from drafts import creating, editing
from drafts.deploying import deploy
from drafts.entity_pages.listing import PER_PAGE
from drafts.types import draft_types
from tests.conversations.conftest import released
from tests.support.people import signed_in
from workspaces import credentials
from workspaces.access import actor_for_key, may_chat_with
from workspaces.models import ApiKey

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.test import Client

    from drafts.models import Entity
    from workspaces.access import Actor

pytestmark = pytest.mark.usefixtures("redis_clean")
CHATBOTS = draft_types.get("chatbot")
COMPLETE: dict[str, Any] = {
    "name": "Ada",
    "system_prompt": "Help people.",
    "deployment": {
        "channels": [
            {
                "type": "website",
                "enabled": True,
                "config": {"allowed_domains": ["example.com"]},
            }
        ]
    },
}


def live(actor: Actor, **data: Any) -> Entity:
    draft = creating.create(actor, CHATBOTS, COMPLETE | data)
    return deploy.deploy(actor, CHATBOTS, draft.id).entity


def page(client: Client, actor: Actor, path: str = "", **data: Any) -> str:
    answer = signed_in(client, actor).get(f"/w/acme/{path}", data)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def test_an_empty_workspace_teaches_and_offers_every_starting_point(
    client: Client, bob: Actor
) -> None:
    html = page(client, bob)
    assert "First steps" in html
    assert "Build your first chatbot" not in html  # Said once.
    assert "Build your first chatbot" in page(client, bob, "chatbots/")
    for words in ("Blank chatbot", *(str(starter.label) for starter in STARTERS)):
        assert words in html
    assert "New chatbot" in page(client, bob, "chatbots/draft/")


def test_a_starting_point_makes_a_filled_draft_in_one_press(client: Client, bob: Actor) -> None:
    for starter in STARTERS:
        answer = signed_in(client, bob).post("/w/acme/chatbots/draft/", {"template": starter.name})
        assert answer.status_code == 302
        assert client.get(answer["Location"])["Location"].endswith("/basic/")
    names = {draft.name for draft in editing.list_drafts(bob, CHATBOTS)}
    assert names == {str(starter.data["name"]) for starter in STARTERS}


def test_a_viewer_sees_everything_and_is_offered_no_change(
    client: Client, bob: Actor, vera: Actor
) -> None:
    entity = live(bob)
    creating.create(bob, CHATBOTS, {"name": "Work"})
    for path in ("", "chatbots/", *(f"chatbots/{entity.pk}/{p}" for p in PAGES)):
        html = page(client, vera, path)
        assert "New chatbot" not in html
        assert "Edit in a draft" not in html
        assert "Delete chatbot" not in html
    answer = client.post(f"/w/acme/chatbots/{entity.pk}/delete/", {"name": "Ada"})
    assert answer.status_code == 403


PAGES = ("", "deployment/", "versions/", "deployed/")


def test_to_a_stranger_nothing_exists(client: Client, bob: Actor, mallory: Actor) -> None:
    entity = live(bob)
    signed_in(client, mallory)
    for path in PAGES:
        assert client.get(f"/w/acme/chatbots/{entity.pk}/{path}").status_code == 404
        assert client.get(f"/w/evil/chatbots/{entity.pk}/{path}").status_code == 404
    for path in (
        "edit/",
        "delete/",
        "versions/1/rollback/",
        "deployment/website/retry/",
        "deployment/identity/",
    ):
        answer = client.post(f"/w/evil/chatbots/{entity.pk}/{path}", {"name": "Ada"})
        assert answer.status_code == 404
    assert Chatbot.objects.filter(pk=entity.pk).exists()


def test_without_a_session_one_is_led_to_the_sign_in(client: Client, bob: Actor) -> None:
    for path in ("", "chatbots/", f"chatbots/{live(bob).pk}/"):
        answer = client.get(f"/w/acme/{path}")
        assert answer.status_code == 302
        assert "login" in answer["Location"]


def test_drafts_show_their_owner_their_problems_and_what_they_change(
    client: Client, alice: Actor, bob: Actor
) -> None:
    entity = live(bob)
    creating.create(alice, CHATBOTS, {"name": "Half"})
    creating.create_from_entity(bob, entity)
    html = page(client, bob)
    assert "Alice" in html
    assert "1 to fix" in html
    assert "Changes the live chatbot Ada" in html
    assert "draft open" in html


def test_the_search_finds_by_name_and_says_when_it_finds_nothing(
    client: Client, bob: Actor
) -> None:
    live(bob)
    creating.create(bob, CHATBOTS, {"name": "Grace"})
    found = page(client, bob, "chatbots/", q="gra")
    assert "Grace" in found
    assert "Ada" not in found
    assert "Nothing found" in page(client, bob, "chatbots/", q="zzz")
    found = client.get("/w/acme/find/?q=a").json()["results"]
    names = [entry["label"] for entry in found if entry["note"] != "Settings"]
    assert names == ["Ada", "Grace"]


def test_the_palette_finds_the_settings_that_the_person_may_open(
    client: Client, alice: Actor, bob: Actor, vera: Actor
) -> None:
    for actor in (alice, bob, vera):
        html = page(client, actor, "settings/general/")
        (nav,) = re.findall(r'<nav class="side-nav".*?</nav>', html, re.DOTALL)
        found = client.get("/w/acme/find/?q=").json()["results"]
        assert [entry["url"] for entry in found] == re.findall(r'<a [^>]*href="([^"]+)"', nav)
        assert {client.get(entry["url"]).status_code for entry in found} == {200}
    wanted = client.get("/w/acme/find/?q=CREDEN").json()["results"]
    assert [entry["label"] for entry in wanted] == ["Credentials"]
    for query in ("settings", "Sett"):
        assert client.get(f"/w/acme/find/?q={query}").json()["results"] == found, query


def test_long_lists_come_in_pages_that_keep_each_other(client: Client, bob: Actor) -> None:
    for number in range(PER_PAGE + 1):
        creating.create(bob, CHATBOTS, {"name": f"Draft {number}."})
    first = page(client, bob, "chatbots/", q="draft")
    assert 'href="?q=draft&amp;drafts=2"' in first
    second = page(client, bob, "chatbots/", q="draft", drafts="2")
    names = [f"Draft {number}." for number in range(PER_PAGE + 1)]
    assert sum(name in first for name in names) == PER_PAGE
    assert [name for name in names if name in second] == [n for n in names if n not in first]
    assert page(client, bob, "chatbots/", drafts="99", page="x")


def test_the_dashboard_leads_to_all_that_it_has_no_room_for(client: Client, bob: Actor) -> None:
    for number in range(SHOWN_ON_DASHBOARD):
        creating.create(bob, CHATBOTS, {"name": f"Draft {number}."})
    assert "Show all" not in page(client, bob)
    creating.create(bob, CHATBOTS, {"name": "One more"})
    assert f"Show all {SHOWN_ON_DASHBOARD + 1}" in page(client, bob)


def test_what_is_used_comes_before_what_was_deployed_since(client: Client, bob: Actor) -> None:
    used, *_unused = [live(bob, name=f"Bot {number}.") for number in range(3)]
    html = page(client, bob)
    assert html.index("Bot 2.") < html.index("Bot 1.") < html.index("Bot 0.")
    now = timezone.now()
    Conversation.objects.create(
        workspace=bob.workspace,
        entity=used,
        channel="api",
        session_id="s",
        created_at=now,
        last_message_at=now,
    )
    for path in ("", "chatbots/"):
        html = page(client, bob, path)
        assert html.index("Bot 0.") < html.index("Bot 2.") < html.index("Bot 1.")


def test_abandoning_leads_back_to_where_it_was_pressed(client: Client, bob: Actor) -> None:
    for path in ("/w/acme/", "/w/acme/chatbots/?q=ha"):
        draft = creating.create(bob, CHATBOTS, {"name": "Half"})
        html = signed_in(client, bob).get(path).content.decode()
        (back,) = re.findall(r'name="next" value="([^"]*)"', html)
        abandoned = f"/w/acme/chatbots/draft/{draft.id}/abandon/"
        answer = client.post(abandoned, {"next": back}, follow=True)
        assert answer.redirect_chain == [(path, 302)]
        assert "The draft was abandoned." in answer.content.decode()


def test_the_model_of_a_chatbot_is_named(client: Client, bob: Actor, settings: Any) -> None:
    settings.LLM_BASE_URL, settings.LLM_MODEL = "http://127.0.0.1:9/v1", "small-1"
    values = {"api_key": "sk-abcdefghijklmnopqrst", "provider": "anthropic"}
    key = str(credentials.create(bob, name="Our key", kind="llm", values=values).pk)
    for data, told in (
        ({}, "This server&#x27;s model (small-1)"),
        ({"model": "large-2"}, "large-2 · This server"),
        ({"credential_id": key}, "Our key"),
        ({"credential_id": key, "provider": "anthropic", "model": "x"}, "x · Anthropic"),
    ):
        assert told in page(client, bob, f"chatbots/{live(bob, **data).pk}/"), data


def test_a_chatbot_whose_credential_was_deleted_is_said_to_be_silent(
    client: Client, bob: Actor, vera: Actor
) -> None:
    values = {"api_key": "sk-abcdefghijklmnopqrst", "provider": "anthropic"}
    key = credentials.create(bob, name="Our key", kind="llm", values=values)
    entity = live(bob, credential_id=str(key.pk), provider="anthropic", model="x")
    own = [f"chatbots/{entity.pk}/{tab}" for tab in ("", "deployment/", "versions/")]
    for path in ("", "chatbots/", *own):
        assert "Cannot answer" not in page(client, bob, path), path
    credentials.delete(bob, key)
    for path in ("", "chatbots/", *own):
        html = page(client, bob, path)
        assert "Cannot answer" in html, path
        assert not re.search(r'data-tone="green">.{0,200}?(Live v1|Website)</span>', html), path
    for path in own:
        assert "Choose another one and deploy again." in page(client, bob, path), path
        assert 'name="focus" value="credential_id"' in page(client, bob, path), path
        told = page(client, vera, path)
        assert "until an editor chooses another one" in told, path
        assert "Choose a credential" not in told, path
    assert "x · Anthropic · credential deleted" in page(client, bob, own[0])
    focused = client.post(f"/w/acme/chatbots/{entity.pk}/edit/", {"focus": "credential_id"})
    assert "/instructions/?focus=credential_id" in focused["Location"]


def test_more_silent_chatbots_ask_the_database_no_more(client: Client, bob: Actor) -> None:
    values = {"api_key": "sk-abcdefghijklmnopqrst", "provider": "anthropic"}
    asked = []
    for number in range(2):
        key = credentials.create(bob, name=f"Key {number}", kind="llm", values=values)
        live(bob, name=f"Bot {number}", credential_id=str(key.pk))
        credentials.delete(bob, key)
        page(client, bob, "chatbots/")
        with CaptureQueriesContext(connection) as queries:
            html = page(client, bob, "chatbots/")
        asked.append(len(queries))
    assert html.count("Cannot answer") == 2
    assert asked[0] == asked[1]


def test_editing_resumes_the_draft_that_is_open(client: Client, bob: Actor) -> None:
    entity = live(bob)
    first = signed_in(client, bob).post(f"/w/acme/chatbots/{entity.pk}/edit/")
    again = client.post(f"/w/acme/chatbots/{entity.pk}/edit/")
    assert first["Location"] == again["Location"]
    assert len(editing.list_drafts(bob, CHATBOTS)) == 1
    assert "Resume the draft" in page(client, bob, f"chatbots/{entity.pk}/")


def test_the_success_page_shows_the_key_once(client: Client, bob: Actor) -> None:
    draft = creating.create(bob, CHATBOTS, COMPLETE)
    answer = signed_in(client, bob).post(
        f"/w/acme/chatbots/draft/{draft.id}/deploy-now/", {"version": draft.version}, follow=True
    )
    first = answer.content.decode()
    assert "Ada is live" in first
    assert first.count("pxb_") >= 2  # by itself and in the examples
    assert "widget.js" in first
    assert "/c/ada" in first
    assert "Make another under Settings" not in first  # that is for admins
    again = client.get(answer.wsgi_request.path).content.decode()
    assert "pxb_" not in again
    assert "cannot be shown again" in again


def test_the_deployment_page_tells_how_to_reach_it(client: Client, bob: Actor) -> None:
    entity = live(bob, visibility="public")
    html = page(client, bob, f"chatbots/{entity.pk}/deployment/")
    calls = "identify&quot;, {name: &quot;Ana&quot;, variables: {plan:"
    for words in ("integrity=", "data-key=", "example.com", "curl ", "/v1/chat/completions", calls):
        assert words in html
    assert "Telegram" in html
    # Shown, and not run by this very page.
    assert "&lt;script src=" in html
    assert 'widget.js" data-key' not in html


def test_the_identity_secret_is_shown_once_and_can_be_replaced(
    client: Client, bob: Actor, vera: Actor
) -> None:
    entity = live(bob)
    where = f"chatbots/{entity.pk}/deployment/"
    assert "Make a secret" in page(client, bob, where)
    answer = client.post(f"/w/acme/{where}identity/")
    assert answer["Location"].endswith(f"{where}#identity")
    website = entity.connections.get()
    html = page(client, bob, where)
    assert website.identity_secret in html
    for words in ("hmac.new(", "createHmac(", "identify", "Replace the secret"):
        assert words in html
    assert website.identity_secret not in page(client, bob, where)
    part = client.post(f"/w/acme/{where}identity/", headers={"HX-Request": "true"})
    assert entity.connections.get().identity_secret in part.content.decode()
    assert entity.connections.get().identity_secret not in page(client, bob, where)
    assert entity.connections.get().identity_secret != website.identity_secret
    html = page(client, vera, where)
    assert "An editor can replace it" in html
    assert entity.connections.get().identity_secret not in html
    assert client.post(f"/w/acme/{where}identity/").status_code == 403


def test_a_chatbot_that_is_on_no_website_has_no_identity_secret(client: Client, bob: Actor) -> None:
    entity = live(bob, deployment={})
    where = f"chatbots/{entity.pk}/deployment/"
    assert "Identify your visitors" not in page(client, bob, where)
    assert client.post(f"/w/acme/{where}identity/").status_code == 404


def test_versions_tell_what_changed_and_can_be_gone_back_to(
    client: Client, bob: Actor, mallory: Actor
) -> None:
    entity = live(bob)
    draft = creating.create_from_entity(bob, entity)
    editing.patch(
        bob, CHATBOTS, draft.id, {"temperature": 0.2, "features": {"enable_feedback": False}}
    )
    deploy.deploy(bob, CHATBOTS, draft.id)
    html = page(client, bob, f"chatbots/{entity.pk}/versions/")
    assert "Changes since version 1" in html
    assert "Ask for feedback" not in html
    changes = f"chatbots/{entity.pk}/versions/2/changes/"
    whole = page(client, bob, changes)
    part = client.get(f"/w/acme/{changes}", headers={"HX-Request": "true"}).content.decode()
    for html in (whole, part):
        assert html.count("diff-entry") == 2
        assert "Ask for feedback" in html
    assert "<html" not in part
    back = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in client.get(f"/w/acme/{changes}", headers=back).content.decode()
    for number in (0, 1, 3):
        answer = client.get(f"/w/acme/chatbots/{entity.pk}/versions/{number}/changes/")
        assert answer.status_code == 404
    signed_in(client, mallory)
    for workspace in ("acme", "evil"):
        assert client.get(f"/w/{workspace}/{changes}").status_code == 404
    signed_in(client, bob)
    client.post(f"/w/acme/chatbots/{entity.pk}/versions/1/rollback/")
    chatbot = Chatbot.objects.select_related("live_release").get(pk=entity.pk)
    assert chatbot.live_release is not None
    assert chatbot.live_release.number == 3
    assert chatbot.live_release.configuration["temperature"] == 0.7
    refused = client.post(f"/w/acme/chatbots/{entity.pk}/versions/9/rollback/", follow=True)
    assert "There is no such version" in refused.content.decode()


def test_going_back_tells_what_it_does_and_minds_what_is_live(client: Client, bob: Actor) -> None:
    entity = live(bob, deployment={"channels": [{"type": "website", "enabled": True}]})
    draft = creating.create_from_entity(bob, entity)
    editing.patch(bob, CHATBOTS, draft.id, COMPLETE | {"temperature": 0.2})
    deploy.deploy(bob, CHATBOTS, draft.id)
    path = f"chatbots/{entity.pk}/versions/1/rollback/"
    html = page(client, bob, path)
    assert "The widget stops working on example.com." in html
    assert "Website: Hosted page only" in html
    assert "Temperature" in html
    client.post(f"/w/acme/{path}", {"live": "1"})
    assert entity.releases.count() == 2
    client.post(f"/w/acme/{path}", {"live": "2"})
    assert entity.releases.count() == 3
    for number in ("\u00b2", "9" * 5000):
        client.post(f"/w/acme/{path}", {"live": number})
    assert entity.releases.count() == 3
    unknown = client.get(f"/w/acme/chatbots/{entity.pk}/versions/9/rollback/", follow=True)
    assert "There is no such version" in unknown.content.decode()


def test_a_version_that_no_longer_fits_is_told_before_going_back(
    client: Client, bob: Actor
) -> None:
    values = {"api_key": "sk-abcdefghijklmnopqrst", "provider": "anthropic"}
    key = credentials.create(bob, name="Our key", kind="llm", values=values)
    entity = live(bob, credential_id=str(key.pk))
    released(entity, {"name": "Ada", "system_prompt": "Help."})
    path = f"/w/acme/chatbots/{entity.pk}/versions/1/rollback/"
    why = "This version no longer fits: The chosen credential no longer exists."
    signed_in(client, bob)
    dialog = {"HX-Request": "true"}
    fits = client.get(path, headers=dialog).content.decode()
    assert why not in fits
    assert 'type="submit"' in fits
    credentials.delete(bob, key)
    gone = client.get(path, headers=dialog).content.decode()
    assert why in gone
    assert "Version 1 cannot go live again" in gone
    assert "System prompt" in gone
    assert "<form" not in gone
    assert "Go back" not in gone
    assert why in page(client, bob, path.removeprefix("/w/acme/"))
    assert why in client.post(path, {"live": "2"}, follow=True).content.decode()
    assert entity.releases.count() == 2


def test_a_website_without_domains_is_nowhere_called_live(client: Client, bob: Actor) -> None:
    entity = live(bob, deployment={"channels": [{"type": "website", "enabled": True}]})
    for path in ("", "chatbots/", *(f"chatbots/{entity.pk}/{tab}" for tab in ("", "deployment/"))):
        assert "Hosted page only" in page(client, bob, path), path
    answer = signed_in(client, bob).post(
        f"/w/acme/chatbots/{entity.pk}/edit/",
        {"focus": "deployment.channels.website.config.allowed_domains"},
    )
    assert "/deploy/?focus=deployment.channels.website" in answer["Location"]


def test_a_website_with_domains_is_called_live(client: Client, bob: Actor) -> None:
    entity = live(bob)
    for path in ("", "chatbots/", *(f"chatbots/{entity.pk}/{tab}" for tab in ("", "deployment/"))):
        html = page(client, bob, path)
        assert "Hosted page only" not in html, path
        assert "Website" in html, path


def test_channels_are_called_by_their_names(client: Client, bob: Actor) -> None:
    entity = live(bob, deployment={"channels": [{"type": "zapier", "enabled": True}]})
    released(entity, {"name": "Ada", "system_prompt": "Help."})
    assert "Zapier: Needs an https address" in page(client, bob, "chatbots/")
    back = page(client, bob, f"chatbots/{entity.pk}/versions/1/rollback/")
    assert "Zapier: Needs an https address" in back


def test_a_channel_of_another_version_does_not_break_the_pages(client: Client, bob: Actor) -> None:
    entity = live(bob)
    Connection.objects.create(entity=entity, channel="fax", status="disabled")
    own = (f"chatbots/{entity.pk}/{tab}" for tab in ("", "deployment/", "deployed/"))
    for path in ("", "chatbots/", *own):
        assert "fax" in page(client, bob, path), path


def test_versions_are_shown_page_by_page(client: Client, bob: Actor) -> None:
    entity = live(bob)
    for _number in range(2, 28):
        released(entity, {"name": "Ada", "system_prompt": "Help."})
    html = page(client, bob, f"chatbots/{entity.pk}/versions/")
    assert "Version 27" in html
    assert 'id="v2"' not in html
    older = page(client, bob, f"chatbots/{entity.pk}/versions/", page="2")
    assert 'id="v2"' in older
    assert "The first version." in older


class OnceCalledPrompt(ChatbotDraft):
    """Chatbots of a later version, in which the prompt has another name than it had."""

    schema_version = 2

    def upgraded(self, configuration: Mapping[str, Any], version: int) -> dict[str, Any]:
        today = dict(configuration)
        if version < 2:
            today["system_prompt"] = today.pop("prompt")
        return today


def test_a_release_of_an_older_schema_is_shown_in_todays_shape(client: Client, bob: Actor) -> None:
    entity = released(live(bob), {"name": "Ada", "prompt": "From long ago."})
    with draft_types.temporarily("chatbot", OnceCalledPrompt()):
        assert "From long ago." in page(client, bob, f"chatbots/{entity.pk}/")


def test_deleting_needs_the_name(client: Client, bob: Actor) -> None:
    entity = live(bob)
    url = f"/w/acme/chatbots/{entity.pk}/delete/"
    wrong = signed_in(client, bob).post(url, {"name": "ada"})
    assert wrong.status_code == 422
    assert "Nothing was deleted" in wrong.content.decode()
    assert client.post(url, {"name": "Ada"}).status_code == 302
    assert not Chatbot.objects.exists()


def test_blanks_in_a_name_do_not_keep_a_chatbot_from_being_deleted(
    client: Client, bob: Actor
) -> None:
    entity = live(bob)
    Chatbot.objects.update(name="Ada  the Bot ")
    url = f"/w/acme/chatbots/{entity.pk}/delete/"
    assert signed_in(client, bob).post(url, {"name": "Ada the Bot"}).status_code == 302
    assert not Chatbot.objects.exists()


def test_the_first_steps_are_dismissed_for_this_workspace(client: Client, bob: Actor) -> None:
    signed_in(client, bob).post("/w/acme/first-steps/")
    html = page(client, bob)
    assert "First steps" not in html
    assert "Build your first chatbot" in html


def test_whoever_cannot_take_the_first_steps_is_not_shown_them(client: Client, vera: Actor) -> None:
    html = page(client, vera)
    assert "First steps" not in html
    assert "Nobody has built a chatbot in this workspace yet" in html


def test_the_admin_shows_the_live_configuration_and_changes_nothing(
    client: Client, bob: Actor
) -> None:
    entity = live(bob)
    assert bob.user is not None
    bob.user.is_staff = bob.user.is_superuser = True
    bob.user.save()
    html = (
        signed_in(client, bob).get(f"/admin/chatbots/chatbot/{entity.pk}/change/").content.decode()
    )
    assert "Help people." in html
    assert client.get("/admin/chatbots/chatbot/?q=ada").status_code == 200
    assert client.get("/admin/chatbots/chatbot/add/").status_code == 403


def test_the_plan_says_by_their_names_where_the_channels_will_be(
    client: Client, bob: Actor
) -> None:
    both = {
        "website": {"enabled": True, "config": {"allowed_domains": ["a.org", "*.b.org"]}},
        "whatsapp": {"enabled": True},
    }
    draft = creating.create(bob, CHATBOTS, {"name": "Ada", "system_prompt": "Help."})
    editing.patch(bob, CHATBOTS, draft.id, {"deployment": {"channels": both}})
    first = page(client, bob, f"chatbots/draft/{draft.id}/plan/")
    assert "WhatsApp" in first
    assert "Whatsapp" not in first
    assert "2 domains: a.org, *.b.org" in first
    entity = deploy.deploy(bob, CHATBOTS, draft.id).entity
    edit = creating.create_from_entity(bob, entity)
    off = {"deployment": {"channels": {"website": {"enabled": False}}}}
    editing.patch(bob, CHATBOTS, edit.id, off)
    html = page(client, bob, f"chatbots/draft/{edit.id}/plan/")
    assert "Website is switched off: whoever uses it gets no more answers." in html
    assert "2 domains" not in html


def test_an_admin_makes_another_key_for_one_chatbot(
    client: Client, alice: Actor, bob: Actor, mallory: Actor
) -> None:
    """It chats with this chatbot and does nothing else; only its maker's page shows it."""
    entity, other = live(bob), live(bob)
    path = f"/w/acme/chatbots/{entity.pk}/keys/"
    assert signed_in(client, bob).post(path).status_code == 403
    assert signed_in(client, mallory).post(path.replace("acme", "evil")).status_code == 404
    assert signed_in(client, alice).get(path).status_code == 405
    html = client.post(path).content.decode()
    raw = re.search(r"pxb_[a-z2-9]{10}_[A-Za-z0-9_-]{43}", html)
    assert raw
    assert "Make another key" in page(client, alice, f"chatbots/{entity.pk}/deployment/")
    key = ApiKey.objects.get(prefix=raw[0].split("_")[1])
    assert (key.scope, key.subject_id, key.created_by) == ("chat", entity.pk, alice.user)
    actor = actor_for_key(raw[0])
    assert may_chat_with(actor, entity.pk)
    assert not may_chat_with(actor, other.pk)
