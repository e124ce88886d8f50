"""A channel is checked from its card and over the API, and what is wrong is shown on every page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.test import Client
from django.utils import timezone

from channels_deploy import connecting, examining
from channels_deploy.finding import error
from channels_deploy.health import Health, kept
from channels_deploy.models import Connection
from tests.conversations.conftest import deployed
from tests.support.people import signed_in
from workspaces import keys
from workspaces.models import ApiKey

if TYPE_CHECKING:
    from tests.channels_deploy.messengers.conftest import Bot
    from tests.servers.telegram import TelegramServer
    from workspaces.access import Actor
    from workspaces.models import Workspace

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


def address(bot: Bot, channel: str = "telegram") -> str:
    return f"/w/acme/chatbots/{bot.entity.pk}/deployment/{channel}/check/"


def test_the_card_comes_back_with_what_was_found(
    bot: Bot, telegram: TelegramServer, client: Client, alice: Actor
) -> None:
    telegram.webhook.url = ""
    signed_in(client, alice)
    html = client.post(address(bot), headers=PART).content.decode()
    assert html.count('id="channel-telegram"') == 1
    assert "no address of ours any more" in html
    assert "Connect again" in html
    assert "Needs attention" in html
    assert html.index("no address of ours any more") < html.index("Telegram takes it, for")


def test_without_a_script_the_page_shows_it(
    bot: Bot, telegram: TelegramServer, client: Client, alice: Actor
) -> None:
    telegram.webhook.url = ""
    signed_in(client, alice)
    answer = client.post(address(bot), follow=True)
    assert answer.redirect_chain[-1][0].endswith("/deployment/#channel-telegram")
    assert "no address of ours any more" in answer.content.decode()
    other = client.post(address(bot, "fax"), headers=PART)
    assert "does not use that channel" in other["HX-Trigger"]


def test_the_list_and_the_home_page_say_so(
    bot: Bot, telegram: TelegramServer, client: Client, alice: Actor
) -> None:
    signed_in(client, alice)
    telegram.webhook.url = ""
    assert "needs attention" not in client.get("/w/acme/").content.decode()
    examining.examine(bot.connection.pk)
    home = client.get("/w/acme/").content.decode()
    assert f"Telegram bot of {bot.entity.name} needs attention" in home
    assert f"/w/acme/chatbots/{bot.entity.pk}/deployment/#channel-telegram" in home
    assert "Telegram: Needs attention" in client.get("/w/acme/chatbots/").content.decode()


def ill(workspace: Workspace, name: str, **sentences: str) -> None:
    """A chatbot whose channels were just found not to work, for the reasons given."""
    entity = deployed(workspace, name=name)
    connecting.sync(entity, {channel: {} for channel in sentences})
    for row in entity.connections.all():
        found = Health(timezone.now(), [error("Address", sentences[row.channel])])
        Connection.objects.filter(pk=row.pk).update(
            health=kept(found, row, ""), examine_after=timezone.now()
        )


def test_the_home_page_tells_each_cause_once(client: Client, acme: Workspace, bob: Actor) -> None:
    nobody = "Nobody knows the name bots.invalid."
    for name in ("Ada", "Bea", "Cem"):
        ill(acme, name, website=nobody, zapier=nobody)
    home = signed_in(client, bob).get("/w/acme/").content.decode()
    assert home.count(nobody) == 1
    assert home.count("See what is wrong") == 1
    assert "and 3 more need attention" in home
    assert "other channel" not in home


def test_what_the_home_page_does_not_tell_is_counted(
    client: Client, acme: Workspace, bob: Actor
) -> None:
    for number, name in enumerate(("Ada", "Bea", "Cem", "Dan", "Eve")):
        ill(acme, name, website=f"Cause {number}", zapier=f"Cause {number}")
    home = signed_in(client, bob).get("/w/acme/").content.decode()
    assert [f"Cause {number}" in home for number in range(5)] == [False, False, True, True, True]
    title = "Zapier webhook of Eve, Website widget of Eve need attention"
    assert title in home or "Website widget of Eve, Zapier webhook of Eve need attention" in home
    assert "4 other channels need attention" in home


def test_who_may_only_read_checks_nothing(
    bot: Bot, telegram: TelegramServer, client: Client, vera: Actor
) -> None:
    before = len(telegram.calls)
    signed_in(client, vera)
    assert client.post(address(bot)).status_code == 403
    assert "/check/" not in client.get(address(bot).replace("telegram/check/", "")).content.decode()
    assert len(telegram.calls) == before


def test_a_program_gets_the_findings(bot: Bot, alice: Actor) -> None:
    key = keys.issue(alice.workspace, "Script", ApiKey.Scope.MANAGE, by=alice)[1]
    program = Client(headers={"Authorization": f"Bearer {key}"})
    url = f"/api/v1/chatbots/{bot.entity.pk}/deployment/telegram/check"
    answer: Any = program.post(url).json()
    found = {each["checked"]: each for each in answer["findings"]}
    assert found["Webhook"] == {
        "level": "ok",
        "checked": "Webhook",
        "found": "Telegram calls this server.",
        "remedy": "",
        "action": "",
    }
    assert {"at", "level"} < {*answer}
    other = program.post(url.replace("telegram", "discord"))
    assert (other.status_code, other.json()["status"]) == (404, 404)


def test_how_far_it_is_says_what_came_of_the_last_check(
    bot: Bot, telegram: TelegramServer, alice: Actor
) -> None:
    key = keys.issue(alice.workspace, "Script", ApiKey.Scope.MANAGE, by=alice)[1]
    program = Client(headers={"Authorization": f"Bearer {key}"})
    url = f"/api/v1/chatbots/{bot.entity.pk}/deployment"

    def told() -> Any:
        return program.get(url).json()["channels"]["telegram"]

    assert (told()["status"], told()["check"]) == ("success", None)
    telegram.webhook.url = ""
    checked = program.post(f"{url}/telegram/check").json()
    assert told()["status"] == "success"
    assert told()["check"] == {"at": checked["at"], "level": "error"}
    assert program.post(f"{url}/telegram/retry").json()["channels"]["telegram"]["check"] is None
