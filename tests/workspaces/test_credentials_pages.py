"""The pages of credentials."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from common.problems import Problem
from drafts import creating
from drafts.deploying import deploy
from drafts.types import draft_types
from tests.servers.telegram import TOKEN
from tests.support.people import signed_in
from tests.workspaces.conftest import CANARY
from workspaces import credentials
from workspaces.credential_kinds import KINDS
from workspaces.credentials import values_of
from workspaces.models import Credential, Role

if TYPE_CHECKING:
    from tests.servers.telegram import TelegramServer
    from workspaces.access import Actor

PAGE = "/w/acme/settings/credentials/"


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_has_its_form_and_stores_what_it_asks_for(ada: Actor, kind: str) -> None:
    client = signed_in(Client(), ada)
    page = client.get(f"{PAGE}new/{kind}/").content.decode()
    sent = {"name": "Ours"}
    for value in KINDS[kind].values:
        assert f'name="values.{value.name}"' in page
        sent[f"values.{value.name}"] = _example(value.name, value.choices)
    assert client.post(f"{PAGE}new/{kind}/", sent).status_code == 302
    stored = Credential.objects.get()
    kept = values_of(stored.workspace_id, stored.pk)
    assert {f"values.{name}": text for name, text in kept.items()} | {"name": "Ours"} == sent


def test_every_kind_is_offered(ada: Actor) -> None:
    client = signed_in(Client(), ada)
    page = client.get(PAGE).content.decode()
    for name in KINDS:
        url = f"{PAGE}new/{name}/"
        assert url in page
        assert client.get(url).status_code == 200


def _example(name: str, choices: object) -> str:
    if choices:
        return "anthropic"
    return "https://models.example.com/v1" if name in {"base_url", "host"} else f"a-long-{name}-1"


def test_what_is_missing_is_said_at_its_field_and_the_secret_is_not_sent_back(ada: Actor) -> None:
    sent = {"name": "WA", "values.access_token": CANARY}
    answer = signed_in(Client(), ada).post(f"{PAGE}new/whatsapp/", sent)
    assert answer.status_code == 422
    assert answer.content.decode().count("is required") >= 3
    assert CANARY not in answer.content.decode()


ADDRESS = "https://models.example.com/v1"


def test_replacing_shows_no_old_secret_and_goes_where_the_old_one_went(
    ada: Actor, stored: Credential
) -> None:
    client = signed_in(Client(), ada)
    page = client.get(f"{PAGE}{stored.pk}/").content.decode()
    assert CANARY not in page
    assert CANARY[-4:] not in page
    assert "models.example.com" in page
    sent = {"name": "Renamed", "values.api_key": "sk-another-0000-wxyz"}
    assert client.post(f"{PAGE}{stored.pk}/", sent).status_code == 302
    stored.refresh_from_db()
    assert (stored.name, stored.hint, stored.host) == ("Renamed", "••••wxyz", "")


def test_a_secret_that_is_left_empty_stays(ada: Actor, stored: Credential) -> None:
    client = signed_in(Client(), ada)
    assert "Leave this empty to keep it" in client.get(f"{PAGE}{stored.pk}/").content.decode()
    sent = {"name": "Renamed", "values.api_key": "", "values.base_url": ADDRESS}
    assert client.post(f"{PAGE}{stored.pk}/", sent).status_code == 302
    stored.refresh_from_db()
    assert (stored.name, stored.hint) == ("Renamed", f"••••{CANARY[-4:]}")
    assert values_of(stored.workspace_id, stored.pk) == {"api_key": CANARY, "base_url": ADDRESS}


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"values.base_url": "https://elsewhere.example.com/v1"},
        {"values.base_url": ""},
        {"values.base_url": ADDRESS, "values.provider": "anthropic"},
    ],
)
def test_a_stored_secret_goes_to_no_other_service(
    ada: Actor, stored: Credential, elsewhere: dict[str, str]
) -> None:
    client = signed_in(Client(), ada)
    answer = client.post(f"{PAGE}{stored.pk}/", {"name": "Ours", **elsewhere})
    assert answer.status_code == 422
    assert "Enter this again" in answer.content.decode()
    assert CANARY not in answer.content.decode()
    assert values_of(stored.workspace_id, stored.pk)["base_url"] == ADDRESS


def test_a_secret_goes_only_when_that_is_said(ada: Actor, stored: Credential) -> None:
    sent = {"name": "Ours", "values.base_url": ADDRESS, "removed.api_key": "on"}
    assert signed_in(Client(), ada).post(f"{PAGE}{stored.pk}/", sent).status_code == 302
    stored.refresh_from_db()
    assert stored.hint == ""
    assert values_of(stored.workspace_id, stored.pk) == {"base_url": ADDRESS}


@pytest.mark.parametrize(
    ("address", "why", "allowed"),
    [
        ("http://127.0.0.1:11434/v1", "Port 11434 of 127.0.0.1 is not allowed", "127.0.0.1:11434"),
        ("http://127.0.0.1/v1", "127.0.0.1 is in a private network", "127.0.0.1:80"),
        ("https://127.0.0.1/v1", "127.0.0.1 is in a private network", "127.0.0.1:443"),
        (
            "http://far.invalid:8000",
            "Port 8000 of far.invalid is not allowed",
            "far.invalid:8000",
        ),
    ],
)
def test_an_address_that_nothing_may_be_sent_to_is_told_at_once(
    ada: Actor, address: str, why: str, allowed: str
) -> None:
    sent = {"name": "Ours", "values.base_url": address}
    client = signed_in(Client(), ada)
    page = client.post(f"{PAGE}new/llm/", sent, follow=True).content.decode()
    assert f"Ours is stored. {why}." in page
    assert f"OUTBOUND_ALLOWED_HOSTS={allowed}" in page


def test_what_nobody_would_be_sent_is_not_stored(ada: Actor, stored: Credential) -> None:
    client = signed_in(Client(), ada)
    sent = {"name": "Ours", "values.base_url": "", "removed.api_key": "on"}
    answer = client.post(f"{PAGE}{stored.pk}/", sent)
    assert answer.status_code == 422
    assert "Enter at least one value." in answer.content.decode()
    assert values_of(stored.workspace_id, stored.pk)["api_key"] == CANARY


def test_what_was_deleted_meanwhile_is_not_replaced(ada: Actor, stored: Credential) -> None:
    Credential.objects.filter(pk=stored.pk).delete()
    with pytest.raises(Problem) as refused:
        credentials.replace(ada, stored, {"provider": "openai", "api_key": "another"})
    assert refused.value.status == 404
    assert not Credential.objects.exists()


def test_deleting_asks_first(ada: Actor, stored: Credential) -> None:
    client = signed_in(Client(), ada)
    url = f"{PAGE}{stored.pk}/delete/"
    page, part = client.get(url), client.get(url, headers={"HX-Request": "true"})
    assert b"<html" in page.content
    assert part.content.strip().startswith(b"<form")
    assert Credential.objects.exists()
    client.post(url)
    assert not Credential.objects.exists()


def test_testing_answers_htmx_with_the_result_alone(ada: Actor, stored: Credential) -> None:
    Credential.objects.update(kind="http")
    client = signed_in(Client(), ada)
    part = client.post(f"{PAGE}{stored.pk}/test/", headers={"HX-Request": "true"})
    assert part.content.strip().startswith(b"<p")
    assert b"tried where it is used" in part.content
    whole = client.post(f"{PAGE}{stored.pk}/test/", follow=True)
    assert b"tried where it is used" in whole.content


def test_whoever_may_replaces_what_was_refused_where_it_was_tried(
    ada: Actor, running_telegram: TelegramServer, settings: Any
) -> None:
    running_telegram.reset()
    settings.TELEGRAM_API_URL = running_telegram.url
    values = {"bot_token": "123:wrong"}
    stored = credentials.create(ada, name="Bot", kind="telegram", values=values)
    client = signed_in(Client(), ada)
    refused = client.post(f"{PAGE}{stored.pk}/test/", headers={"HX-Request": "true"})
    assert b"Invalid bot token" in refused.content
    assert f'href="{PAGE}{stored.pk}/"'.encode() in refused.content
    dialog = client.get(f"{PAGE}{stored.pk}/", headers={"HX-Request": "true"})
    assert b"Replace the values of Bot" in dialog.content
    new = {"name": "Bot", "values.bot_token": TOKEN}
    done = client.post(f"{PAGE}{stored.pk}/", new, headers={"HX-Request": "true"})
    assert not done.content
    assert "credential-replaced" in done["HX-Trigger"]
    works = client.post(f"{PAGE}{stored.pk}/test/", headers={"HX-Request": "true"})
    assert b"@acme_help_bot" in works.content
    assert b"<a" not in works.content
    ada.workspace.memberships.update(role=Role.EDITOR)
    running_telegram.revoked = True
    refused = client.post(f"{PAGE}{stored.pk}/test/", headers={"HX-Request": "true"})
    assert b"Invalid bot token" in refused.content
    assert b"<a" not in refused.content


def test_a_name_is_shown_as_text(ada: Actor) -> None:
    client = signed_in(Client(), ada)
    name = "<img src=x onerror=alert(1)>{{7*7}}"
    client.post(f"{PAGE}new/telegram/", {"name": name, "values.bot_token": "1:aaaaaaaaaaaaaa"})
    page = client.get(PAGE).content.decode()
    assert "<img src=x" not in page
    assert "{{7*7}}" in page


def test_before_it_is_deleted_all_that_uses_it_is_named(
    ada: Actor, stored: Credential, redis_clean: None
) -> None:
    url = f"{PAGE}{stored.pk}/delete/"
    client = signed_in(Client(), ada)
    assert "Nothing uses it." in client.get(url).content.decode()
    chatbots = draft_types.get("chatbot")
    using = {"system_prompt": "Help.", "credential_id": str(stored.pk), "provider": "anthropic"}
    live = creating.create(ada, chatbots, using | {"name": "Support"})
    deploy.deploy(ada, chatbots, live.id)
    creating.create(ada, chatbots, using | {"name": "Onboarding"})
    creating.create(ada, chatbots, {"name": "Elsewhere", "description": str(stored.pk)})
    page = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "It is used in 2 places" in page
    assert re.findall(r'<a [^>]*>(\w+)</a><span class="help">(\w+)<', page) == [
        ("Support", "Live"),
        ("Onboarding", "Draft"),
    ]
