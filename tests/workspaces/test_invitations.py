"""Inviting people, and joining."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.support.people import PASSWORD, signed_in
from tests.workspaces.mailbox import code_to, link_to, to
from tests.workspaces.pages import words_of
from workspaces import inviting, mail, membership
from workspaces.models import AuditEntry, Invitation, Membership, Role, User, Workspace

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from workspaces.access import Actor

GRACE = "grace@example.com"
INVITE = "/w/acme/settings/members/invite/"


def invite(actor: Actor, email: str = GRACE, role: Role = Role.EDITOR) -> Any:
    return signed_in(Client(), actor).post(INVITE, {"email": email, "role": role.value})


def join(client: Client, link: str) -> Any:
    client.get(link, follow=True)
    return client.post("/invitations/")


def roles() -> dict[str, str]:
    return {m.user.email: m.get_role_display() for m in Membership.objects.select_related("user")}


def test_somebody_new_signs_up_from_the_mail_and_joins(ada: Actor) -> None:
    invite(ada)
    grace = Client()
    page = grace.get(link_to(GRACE), follow=True).content.decode()
    assert "Join Acme" in page
    assert "Create an account" in page
    data = {"email": GRACE, "password1": PASSWORD, "next": "/invitations/"}
    # The link showed that the mailbox is hers: no code is asked for.
    assert grace.post("/accounts/signup/", data)["Location"] == "/invitations/"
    assert grace.post("/invitations/")["Location"] == "/w/acme/"
    assert roles()[GRACE] == "Editor"
    assert User.objects.get(email=GRACE).workspaces.count() == 1  # none of her own besides
    assert AuditEntry.objects.filter(action="member.joined", by=GRACE).exists()


def test_an_invitation_lets_its_address_sign_up_where_nobody_else_may(
    ada: Actor, settings: Settings
) -> None:
    settings.SIGN_UP = "invited"
    invite(ada)
    grace = Client()
    grace.get(link_to(GRACE))
    data = {"email": "eve@example.com", "password1": PASSWORD, "next": "/invitations/"}
    refused = grace.post("/accounts/signup/", data).content.decode()
    assert "the address that the invitation was sent to" in refused
    assert not User.objects.filter(email="eve@example.com").exists()
    grace.post("/accounts/signup/", data | {"email": GRACE})
    assert grace.post("/invitations/")["Location"] == "/w/acme/"


def test_an_invitation_makes_no_account_where_sign_up_is_closed(
    ada: Actor, mallory: Actor, settings: Settings
) -> None:
    settings.SIGN_UP = "closed"
    invite(ada)
    grace = Client()
    page = grace.get(link_to(GRACE), follow=True).content.decode()
    assert "Create an account" not in page
    data = {"email": GRACE, "password1": PASSWORD}
    assert "No new accounts" in grace.post("/accounts/signup/", data).content.decode()
    invite(ada, "mallory@example.com")
    known = signed_in(Client(), mallory)
    assert join(known, link_to("mallory@example.com"))["Location"] == "/w/acme/"


def test_somebody_with_an_account_signs_in_and_joins(ada: Actor, mallory: Actor) -> None:
    invite(ada, "mallory@example.com", Role.VIEWER)
    client = Client()
    client.get(link_to("mallory@example.com"))
    data = {"login": "mallory@example.com", "password": PASSWORD, "next": "/invitations/"}
    assert client.post("/accounts/login/", data)["Location"] == "/invitations/"
    client.post("/invitations/")
    assert Membership.objects.get(user=mallory.user, workspace=ada.workspace).role == Role.VIEWER


def test_another_address_at_sign_up_still_asks_for_a_code_and_does_not_fit(ada: Actor) -> None:
    invite(ada)
    client = Client()
    client.get(link_to(GRACE))
    client.post("/accounts/signup/", {"email": "eve@example.com", "password1": PASSWORD})
    client.post("/accounts/confirm-email/", {"code": code_to("eve@example.com")})
    assert client.post("/invitations/").status_code == 403
    assert "eve@example.com" not in roles()


def test_inviting_tells_nothing_about_who_has_an_account(ada: Actor, mallory: Actor) -> None:
    known, unknown = invite(ada, "mallory@example.com"), invite(ada, GRACE)
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    mails = [to(one)[0].replace(link_to(one), "") for one in ("mallory@example.com", GRACE)]
    assert mails[0] == mails[1]
    pages = [Client().get(link_to(one), follow=True) for one in ("mallory@example.com", GRACE)]
    words = [words_of(page.content, "mallory@example.com", GRACE) for page in pages]
    assert words[0] == words[1]


def test_following_the_link_joins_nobody(ada: Actor, mallory: Actor) -> None:
    invite(ada, "mallory@example.com")
    client = signed_in(Client(), mallory)
    assert client.get(link_to("mallory@example.com"), follow=True).status_code == 200
    assert "mallory@example.com" not in roles() or Membership.objects.count() == 2


def test_a_link_works_once(ada: Actor, mallory: Actor, bob: Actor) -> None:
    invite(ada, "mallory@example.com")
    link = link_to("mallory@example.com")
    client = signed_in(Client(), mallory)
    assert join(client, link).status_code == 302
    Membership.objects.filter(user=mallory.user, workspace=ada.workspace).delete()
    assert client.get(link).status_code == 410
    assert join(client, link).status_code == 410


@pytest.mark.parametrize("change", ["old", "withdrawn", "sent again"])
def test_a_link_that_is_old_withdrawn_or_replaced_is_dead(
    ada: Actor, mallory: Actor, change: str
) -> None:
    invite(ada, "mallory@example.com")
    link, invitation = link_to("mallory@example.com"), Invitation.objects.get()
    if change == "old":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    else:
        verb = "withdraw" if change == "withdrawn" else "again"
        url = f"/w/acme/settings/invitations/{invitation.pk}/{verb}/"
        signed_in(Client(), ada).post(url)
    assert Client().get(link).status_code == 410
    assert join(signed_in(Client(), mallory), link).status_code == 410


@pytest.mark.parametrize("token", ["x", "null", "0" * 43, "a b", "é"])
def test_a_made_up_token_leads_nowhere(ada: Actor, token: str) -> None:
    invite(ada)
    assert Client().get(f"/invitations/{token}/").status_code in {404, 410}


def test_the_token_is_not_in_the_address_of_the_page_that_shows_it(ada: Actor) -> None:
    invite(ada)
    answer = Client().get(link_to(GRACE))
    assert answer["Location"] == "/invitations/"
    assert "no-store" in answer["Cache-Control"]


def test_inviting_twice_leaves_one_open_invitation(ada: Actor) -> None:
    invite(ada, "Grace@Example.com")
    first = link_to(GRACE)
    invite(ada, GRACE, Role.VIEWER)
    assert Invitation.objects.get().role == Role.VIEWER
    assert Client().get(first).status_code == 410


def test_nobody_gives_a_role_above_their_own(ada: Actor) -> None:
    assert invite(ada, role=Role.OWNER).status_code == 422
    assert not Invitation.objects.exists()


def test_inviting_a_member_says_so(ada: Actor, bob: Actor) -> None:
    assert invite(ada, "BOB@example.com").status_code == 422


def test_a_removed_admins_invitations_die_with_the_membership(alice: Actor, ada: Actor) -> None:
    invite(ada)
    row = Membership.objects.get(user=ada.user)
    signed_in(Client(), alice).post(f"/w/acme/settings/members/{row.pk}/remove/")
    assert Client().get(link_to(GRACE)).status_code == 410


def test_many_invitations_in_an_hour_are_stopped(ada: Actor) -> None:
    client = signed_in(Client(), ada)
    codes = [
        client.post(INVITE, {"email": f"p{n}@example.com", "role": "10"}).status_code
        for n in range(61)
    ]
    assert codes == [302] * 60 + [429]


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_join_once(ada: Actor, mallory: Actor) -> None:
    invitation = inviting.invite(ada, "mallory@example.com", Role.EDITOR).invitation
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def press() -> None:
        start.wait()
        assert mallory.user
        try:
            inviting.accept(invitation.pk, mallory.user)
            outcomes.append("joined")
        except inviting.InvitationError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["joined", "refused"]
    assert Membership.objects.filter(workspace=ada.workspace, user=mallory.user).count() == 1


def test_somebody_demoted_lets_nobody_in_above_themselves(alice: Actor, ada: Actor) -> None:
    invite(ada, role=Role.ADMIN)
    invite(ada, "lin@example.com", role=Role.VIEWER)
    member = Membership.objects.get(user=ada.user)
    membership.change_role(alice, member.pk, Role.EDITOR)
    assert [one.email for one in Invitation.objects.all()] == ["lin@example.com"]


@pytest.fixture
def no_mail_server(settings: Settings) -> None:
    settings.EMAIL_BACKEND = mail.PRINTED


def link_on(page: Any) -> str:
    """The link that the page shows, this once."""
    found = re.search(r'data-copy="([^"]+/invitations/[^"]+/)"', page.content.decode())
    assert found
    return found[1]


@pytest.mark.usefixtures("no_mail_server")
def test_without_a_mail_server_whoever_invites_gets_a_link_to_pass_on(
    ada: Actor, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    page = invite(ada)
    link = link_on(page)
    token = link.rstrip("/").rpartition("/")[2]
    assert "no mail was sent" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    # It is kept and told nowhere else.
    assert token not in "".join(capsys.readouterr()) + caplog.text
    assert token not in str(Invitation.objects.values().get())
    assert token not in str(list(AuditEntry.objects.values()))
    members = signed_in(Client(), ada).get("/w/acme/settings/members/").content.decode()
    assert token not in members
    assert "New link" in members
    grace = Client()
    grace.get(link)
    form = grace.get("/accounts/signup/?next=/invitations/").content.decode()
    assert f"Use {GRACE}, the address of the invitation: no code is asked for." in form
    grace.post("/accounts/signup/", {"email": GRACE, "password1": PASSWORD})
    grace.post("/invitations/")
    assert roles()[GRACE] == "Editor"


@pytest.mark.usefixtures("no_mail_server")
def test_a_new_link_takes_the_place_of_the_old_one(ada: Actor) -> None:
    old = link_on(invite(ada))
    again = f"/w/acme/settings/invitations/{Invitation.objects.get().pk}/again/"
    new = link_on(signed_in(Client(), ada).post(again))
    assert Client().get(old).status_code == 410
    assert Client().get(new).status_code == 302


def test_with_a_mail_server_the_link_is_shown_to_nobody(ada: Actor) -> None:
    client = signed_in(Client(), ada)
    shown = client.post(INVITE, {"email": GRACE, "role": Role.EDITOR.value}, follow=True)
    assert "/invitations/" not in shown.content.decode().replace("/settings/invitations/", "")
    assert f"The invitation to {GRACE} is sent." in shown.content.decode()


@pytest.mark.usefixtures("no_mail_server")
def test_the_way_in_says_where_the_code_is(db: None) -> None:
    client = Client()
    assert "printed in the terminal" in client.get("/accounts/signup/").content.decode()
    data = {"email": GRACE, "password1": PASSWORD}
    page = client.post("/accounts/signup/", data, follow=True).content.decode()
    assert f"the code for {GRACE} is in the terminal that runs PrivexBot" in page


NEW_PASSWORD = "quite another set of words"


def prepared(email: str = GRACE) -> Client:
    """A stranger who signed up with ``email`` and was asked for the code."""
    stranger = Client()
    data = {"name": "Eve", "email": email, "password1": PASSWORD}
    assert stranger.post("/accounts/signup/", data)["Location"] == "/accounts/confirm-email/"
    return stranger


def sign_up_by(link: str, email: str = GRACE) -> Any:
    """Follow ``link``, sign up and try to join."""
    grace = Client()
    grace.get(link)
    data = {"email": email, "password1": NEW_PASSWORD, "next": "/invitations/"}
    grace.post("/accounts/signup/", data)
    return grace.post("/invitations/")


@pytest.mark.usefixtures("no_mail_server")
def test_an_account_that_was_never_confirmed_is_in_nobodys_way(
    ada: Actor, capsys: pytest.CaptureFixture[str]
) -> None:
    stranger = prepared()
    code = re.findall(r"Your code: (\S+)", "".join(capsys.readouterr()))[-1]
    link = link_on(invite(ada))
    assert sign_up_by(link)["Location"] == "/w/acme/"
    grace = User.objects.get(email=GRACE)
    assert (grace.name, roles()[GRACE]) == ("", "Editor")
    assert grace.check_password(NEW_PASSWORD)
    # Nothing is left of the stranger's, and what they began leads nowhere.
    assert not Workspace.objects.filter(name="Eve's workspace").exists()
    stranger.post("/accounts/confirm-email/", {"code": code})
    assert "_auth_user_id" not in stranger.session
    data = {"login": GRACE, "password": PASSWORD}
    assert Client().post("/accounts/login/", data).status_code == 200


@pytest.mark.usefixtures("no_mail_server")
def test_somebodys_wish_for_an_address_is_in_nobodys_way(ada: Actor, mallory: Actor) -> None:
    EmailAddress.objects.create(user=mallory.user, email=GRACE)
    assert sign_up_by(link_on(invite(ada)))["Location"] == "/w/acme/"
    assert not EmailAddress.objects.filter(user=mallory.user, email=GRACE).exists()
    assert User.objects.filter(email="mallory@example.com").exists()


@pytest.mark.usefixtures("no_mail_server")
@pytest.mark.parametrize(
    "proof", ["verified", "signed in", "member", "joined by others", "busy", "suspended", "staff"]
)
def test_an_invitation_replaces_no_account_that_was_used(
    ada: Actor, evil: Workspace, proof: str
) -> None:
    assert ada.user
    prepared()
    taken = User.objects.get(email=GRACE)
    own = taken.workspaces.get()
    if proof == "verified":
        EmailAddress.objects.update(verified=True)
    elif proof == "signed in":
        User.objects.filter(pk=taken.pk).update(last_login=timezone.now())
    elif proof == "member":
        Membership.objects.create(workspace=evil, user=taken, role=Role.VIEWER)
    elif proof == "joined by others":
        Membership.objects.create(workspace=own, user=ada.user, role=Role.VIEWER)
    elif proof == "busy":
        AuditEntry.objects.create(workspace=own, by=GRACE, action="key.issued")
    else:
        change = {"is_active": False} if proof == "suspended" else {"is_staff": True}
        User.objects.filter(pk=taken.pk).update(**change)
    link = link_on(invite(ada))
    assert sign_up_by(link).status_code == 403
    kept = User.objects.get(email=GRACE)
    assert kept.pk == taken.pk
    assert kept.check_password(PASSWORD)
    assert own.memberships.filter(user=kept).exists()


@pytest.mark.usefixtures("no_mail_server")
def test_only_the_address_of_the_invitation_is_cleared(ada: Actor) -> None:
    prepared("lin@example.com")
    assert sign_up_by(link_on(invite(ada)), "lin@example.com").status_code == 403
    assert User.objects.get(email="lin@example.com").check_password(PASSWORD)


@pytest.mark.usefixtures("no_mail_server")
def test_a_password_that_is_refused_clears_nothing(ada: Actor) -> None:
    prepared()
    grace = Client()
    grace.get(link_on(invite(ada)))
    grace.post("/accounts/signup/", {"email": GRACE, "password1": "12345678"})
    assert User.objects.get(email=GRACE).check_password(PASSWORD)
