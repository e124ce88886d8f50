"""Names that look the same are the same, and whoever acted can be told from all others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client

from common.plain_text import plain
from drafts import creating, editing
from drafts.types import draft_types
from tests.support.people import signed_in
from workspaces import keys
from workspaces.access import actor_for_key, member_of
from workspaces.audit import record
from workspaces.models import ApiKey, AuditEntry, Credential, User, Workspace

if TYPE_CHECKING:
    from collections.abc import Callable

    from workspaces.access import Actor

WIDE_A = "\uff21"
# Zero width, the other way round, isolates, byte order mark, soft hyphen, bell, tags, fillers.
UNSEEN = (
    *("\u200b", "\u202e", "\u2066", "\u2069", "\ufeff", "\u00ad", "\x07", "\u200d", "\u200c"),
    *("\U000e0041", "\u3164", "\u115f", "\u034f", "\ufe0f", "\u2800", "\u2028", "\ue000", "\u180e"),
    *("\U0001d159", "\U00016fe4", "\U00013441", "\ufffc", "\u17b4", "\ufe00"),
)
QUOTES = (
    *("\u2018\u2019", "\u2039\u203a", "❝❞", "「」", "\u201f\u2032", "«»", "''", '""', "``"),
    *("❛❜", "〝〞", "[]", "<>", "\u2032\u2032"),
)
LIKE_A_KEY = tuple(f"Key {pair[0]}x{pair[1]}" for pair in QUOTES)


@pytest.mark.parametrize("char", UNSEEN, ids=ascii)
def test_what_cannot_be_seen_is_left_out(char: str) -> None:
    assert plain(f"{char}Al{char}ice{char}").replace(" ", "") == "Alice"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (f"{WIDE_A}lice", "Alice"),
        ("  Alice \t\u00a0\u3000 \u200b Adams\n", "Alice Adams"),
        ("Jose\u0301", "José"),
        ("e\u200b\u0301", "é"),
        ("\u200b\u202e", ""),
        ("\u0301Ada \u0301\u0302Lin", "Ada Lin"),
        ("\u200b\u0301", ""),
        ("\u00b4", ""),
        ("a\u094d\u200db", "a\u094db"),
        ("a\u094d\u200c", "a\u094d"),
    ],
    ids=ascii,
)
def test_a_name_is_written_the_plain_way(typed: str, kept: str) -> None:
    assert plain(typed) == kept
    assert plain(kept) == kept


@pytest.mark.parametrize(
    "name",
    [
        *("Zoë", "Алиса", "李小龍", "משה", "محمد", "Ὀδυσσεύς", "แดง", "김철수"),
        "می\u200cخواهم",
        *("क्\u200dष", "क़्\u200dष", "ශ්\u200dරී", "త్\u200cస"),
        "👩🏽\u200d💻 Ada",
        "❤\ufe0f\u200d🔥",
        "🏳\ufe0f\u200d🌈",
    ],
    ids=ascii,
)
def test_names_of_all_scripts_and_emoji_stay(name: str) -> None:
    assert plain(name) == name


@pytest.mark.parametrize(
    ("path", "more", "stored"),
    [
        ("/account/", {}, lambda: User.objects.get(email="alice@example.com").name),
        ("/w/acme/settings/general/rename/", {}, lambda: Workspace.objects.get().name),
        ("/w/acme/settings/keys/new/", {"expires": "30"}, lambda: ApiKey.objects.get().name),
        (
            "/w/acme/settings/credentials/new/llm/",
            {"values.api_key": "sk-1"},
            lambda: Credential.objects.get().name,
        ),
    ],
)
def test_every_form_keeps_the_plain_name(
    alice: Actor, path: str, more: dict[str, str], stored: Callable[[], str]
) -> None:
    client = signed_in(Client(), alice)
    answer = client.post(path, {"name": f"\u202e{WIDE_A}pp\u200b  server"} | more)
    assert answer.status_code in {200, 302}
    assert stored() == "App server"
    if path != "/account/":
        assert client.post(path, {"name": "\u200b\ufeff"} | more).status_code == 422


def test_the_api_keeps_the_plain_name(
    manage_key: str, bearer: Callable[[str], dict[str, str]]
) -> None:
    def post(name: str) -> Any:
        body = {"name": name, "kind": "llm", "values": {"api_key": "sk-1"}}
        headers = bearer(manage_key)
        return Client().post("/api/v1/credentials", body, "application/json", headers=headers)

    assert post("Our\u200b model").json()["name"] == "Our model"
    assert post("\u200b").status_code == 422


def test_a_name_that_was_kept_before_stays_readable_and_can_be_typed(alice: Actor) -> None:
    before = f"{WIDE_A}c\u200bme"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE workspaces_workspace SET name = %s", [before])
    client = signed_in(Client(), alice)
    assert before in client.get("/w/acme/settings/general/").content.decode()
    client.post("/w/acme/settings/general/delete/", {"name": "Acme"})
    assert not Workspace.objects.exists()


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("\u0410lice", "\u0410lice (bob@example.com)"),  # with a Cyrillic letter
        ("Алиса", "Алиса"),
        ("Key “Server”", "Key “Server” (bob@example.com)"),
        ("Bob (alice)", "Bob (alice) (bob@example.com)"),
        *((name, f"{name} (bob@example.com)") for name in LIKE_A_KEY),
        *(
            (name, name)
            for name in ("O'Brien", "D\u2019Arcy", "Zoë", "李小龍", "👩🏽 Ada", "Key", "A-B, Jr.")
        ),
    ],
    ids=ascii,
)
def test_a_name_that_may_mislead_comes_with_the_address(bob: Actor, name: str, label: str) -> None:
    assert bob.user
    bob.user.name = name
    bob.user.save()
    assert member_of(bob.user, "acme").label == label


def test_a_key_is_told_from_a_person_of_its_name(alice: Actor, redis_clean: None) -> None:
    """In the history of a draft, in the audit log, and in entries made before."""
    by_key = actor_for_key(keys.issue(alice.workspace, "alice@example.com", "manage", by=alice)[1])
    chatbot = draft_types.get("chatbot")
    draft = creating.create(by_key, chatbot, {"name": "Helper"})
    editing.patch(alice, chatbot, draft.id, {"name": "Helping"})
    history = editing.history(alice, chatbot, draft.id)
    assert {entry.by for entry in history} == {"Key “alice@example.com”", "Alice"}
    record(by_key, "key.issued", "another")
    page = signed_in(Client(), alice).get("/w/acme/settings/audit/").content.decode()
    assert AuditEntry.objects.get(action="key.issued").by == "alice@example.com"
    # Each entry names who it was twice: in a column of its own, and for narrow screens below.
    by_keys = AuditEntry.objects.exclude(api_key_id=None).count()
    assert page.count("Key “alice@example.com”") == 2 * by_keys
