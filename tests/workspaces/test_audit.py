"""The audit log: added to, read, never changed."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from tests.support.people import signed_in
from workspaces.audit import record
from workspaces.models import AuditEntry
from workspaces.models.audit import AppendOnlyError

if TYPE_CHECKING:
    from workspaces.access import Actor

PAGE = "/w/acme/settings/audit/"


def test_an_entry_cannot_be_changed_or_deleted_by_any_way(alice: Actor) -> None:
    entry = record(alice, "workspace.renamed", "Acme")
    with pytest.raises(AppendOnlyError):
        entry.save()
    with pytest.raises(AppendOnlyError):
        entry.delete()
    for sql in ("UPDATE workspaces_auditentry SET by = 'x'", "DELETE FROM workspaces_auditentry"):
        with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
            connection.cursor().execute(sql)
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEntry.objects.all().delete()
    assert AuditEntry.objects.get().by == "alice@example.com"


def test_without_a_filter_nothing_is_said_of_one(alice: Actor) -> None:
    client = signed_in(Client(), alice)
    assert "Nothing to show yet" in client.get(PAGE).content.decode()
    assert "fits the filter" in client.get(f"{PAGE}?by=nobody").content.decode()


def test_entries_outlive_their_workspace_and_their_people(alice: Actor) -> None:
    signed_in(Client(), alice).post("/w/acme/settings/general/delete/", {"name": "Acme"})
    assert alice.user
    alice.user.delete()
    entry = AuditEntry.objects.get(action="workspace.deleted")
    assert (entry.by, entry.workspace_id) == ("alice@example.com", alice.workspace_id)


def test_paging_shows_every_entry_once_though_more_are_added(alice: Actor) -> None:
    for number in range(120):
        record(alice, "key.issued", f"key-{number:03}")
    client, seen, url = signed_in(Client(), alice), [], PAGE
    while url:
        page = client.get(url).content.decode()
        seen += re.findall(r"“(key-\d+)”", page)
        record(alice, "key.issued", "later")
        url = _older(page)
    assert seen == [f"key-{number:03}" for number in reversed(range(120))]


def _older(page: str) -> str:
    before, found, _ = page.partition('rel="next" href="')
    return PAGE + page[len(before) + len(found) :].split('"', maxsplit=1)[0] if found else ""


def test_the_filter_narrows_what_is_shown(alice: Actor, bob: Actor) -> None:
    record(alice, "key.issued", "one-key")
    record(bob, "credential.created", "one-credential")
    client = signed_in(Client(), alice)
    record(bob, "chatbot.deployed", "one-bot")
    for query, shown, hidden in (
        ("area=rest", "one-bot", "one-credential"),
        ("area=key.", "one-key", "one-credential"),
        ("by=bob", "one-credential", "one-key"),
        (f"since={datetime.now(UTC):%Y-%m-%d}", "one-key", "nothing"),
    ):
        page = client.get(f"{PAGE}?{query}").content.decode()
        assert shown in page
        assert hidden not in page
    assert "one-key" not in client.get(f"{PAGE}?until=2000-01-01").content.decode()


def test_what_other_apps_do_is_told_in_words(alice: Actor) -> None:
    record(alice, "chatbot.deployed", "one-bot", version=2)
    record(alice, "chatbot.deleted", "two-bot")
    record(alice, "identity_secret.made", "one-bot")
    record(alice, "member.role_changed", "bob@example.com", was="EDITOR", now="ADMIN")
    record(alice, "credential.tested", "one-key", ok=True)
    record(alice, "key.issued", "two-key", prefix="abc", scope="manage")
    record(alice, "credential.created", "three-key", kind="llm")
    page = signed_in(Client(), alice).get(PAGE).content.decode()
    assert "Deployed the chatbot “one-bot”" in page
    assert "Deleted the chatbot “two-bot”" in page
    assert "Made a secret that identifies visitors “one-bot”" in page
    assert "before: Editor · now: Admin" in page
    assert "it worked: yes" in page
    assert "access: Manage the workspace · key: abc" in page
    assert "kind: Language model" in page


def test_htmx_gets_the_entries_alone(alice: Actor) -> None:
    record(alice, "key.issued", "one-key")
    part = signed_in(Client(), alice).get(PAGE, headers={"HX-Request": "true"}).content
    assert part.strip().startswith(b"<section")
    assert b"one-key" in part


@pytest.mark.parametrize(
    "query",
    ["since=yesterday", "before=x", "before=-1", "before=" + "9" * 30, "area=;drop",
     "by=" + "x" * 300, "since=9999-99-99"],
)  # fmt: skip
def test_an_odd_filter_is_refused(alice: Actor, query: str) -> None:
    assert signed_in(Client(), alice).get(f"{PAGE}?{query}").status_code == 422


def test_nobody_sees_another_workspaces_entries(alice: Actor, mallory: Actor) -> None:
    record(alice, "key.issued", "one-key")
    page = signed_in(Client(), mallory).get("/w/evil/settings/audit/").content.decode()
    assert "one-key" not in page


def test_what_is_in_an_entry_is_shown_as_text(alice: Actor) -> None:
    record(alice, "key.issued", "<script>alert(1)</script>", note="<b>x</b>")
    page = signed_in(Client(), alice).get(PAGE).content.decode()
    assert "<script>alert" not in page
    assert "<b>x" not in page
