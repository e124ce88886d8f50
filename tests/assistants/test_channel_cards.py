"""What the cards of the last step say of each channel: nothing that deploying would not do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from channels_deploy.models import Connection
from drafts import creating
from drafts.access import open_draft
from drafts.deploying import deploy
from drafts.types import draft_types
from tests.builder.screen import state
from tests.support.people import signed_in
from workspaces import credentials

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django.fixtures import Settings

    from drafts.draft import Draft
    from workspaces.access import Actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis_clean", "model")]

ABOUT = r'id="channel-%s-about".*?</svg>\s*([^<]*)</span>.*?_helptext">(.*?)</p>'
NAMES = ("website", "telegram", "discord", "whatsapp", "zapier")
DOMAINS = {"allowed_domains": ["shop.example", "*.shop.example"]}
KINDS = pytest.mark.parametrize("kind", ["chatbot", "chatflow"])


@pytest.fixture(autouse=True)
def _on_the_internet(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://bots.example"


def draft_with(actor: Actor, kind: str = "chatbot", **channels: dict[str, Any]) -> Draft:
    listed = [{"type": name, **each} for name, each in channels.items()]
    data = {"name": "Ada", "deployment": {"channels": listed}}
    return creating.create(actor, draft_types.get(kind), data)


def on(**config: Any) -> dict[str, Any]:
    return {"enabled": True, "config": config}


def bot(actor: Actor) -> str:
    values = {"bot_token": "7000000001:AAE-test_0123456789abcdefghijklmnop"}
    return str(credentials.create(actor, name="Our bot", kind="telegram", values=values).pk)


def step(client: Client, actor: Actor, draft: Draft, query: str = "") -> str:
    kind = draft_types.get(draft.kind).url_name
    answer = signed_in(client, actor).get(f"/w/acme/{kind}/draft/{draft.id}/deploy/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def told(html: str) -> dict[str, str]:
    """The badge of each channel, and what is said besides its description."""
    found = {name: re.search(ABOUT % name, html, re.DOTALL) for name in NAMES}
    both = {n: (m[1], m[2].partition("<br>")[2]) for n, m in found.items() if m}
    return {name: f"{badge}: {why}" if why else badge for name, (badge, why) in both.items()}


def unfolded(html: str) -> set[str]:
    return {name for name in NAMES if re.search(r'class="fold channel-more" open', cut(html, name))}


def cut(html: str, name: str) -> str:
    """The card of one channel."""
    return html.partition(f'id="channel-{name}">')[2].partition('class="channel-card"')[0]


@KINDS
def test_a_new_draft_says_what_each_channel_lacks(client: Client, alice: Actor, kind: str) -> None:
    html = step(client, alice, draft_with(alice, kind))
    assert told(html) == {
        "website": "Not configured",
        "telegram": "Not configured",
        "discord": "Not configured",
        "whatsapp": "Not configured",
        "zapier": "Off",
    }
    assert unfolded(html) == set()


@KINDS
def test_what_is_switched_on_is_ready_or_says_what_it_wants(
    client: Client, alice: Actor, kind: str
) -> None:
    draft = draft_with(
        alice,
        kind,
        website=on(**DOMAINS),
        telegram=on(bot_token=bot(alice)),
        discord=on(),
        whatsapp=on(credential_id="00000000-0000-0000-0000-000000000001"),
        zapier=on(),
    )
    html = step(client, alice, draft)
    assert told(html) == {
        "website": "Ready to deploy",
        "telegram": "Ready to deploy",
        "discord": "Not configured: Choose a credential.",
        "whatsapp": "Needs a fix: The chosen credential no longer exists. Choose another one.",
        "zapier": "Ready to deploy",
    }
    assert unfolded(html) == {"discord", "whatsapp"}
    values = re.findall(r'id="channel-(\w+)-values">([^<]*)<', html)
    assert ("website", "shop.example, *.shop.example · Bottom right") in values
    assert 'id="deploy-words">Review and deploy<' in html
    assert ("discord", "") in values


def test_a_server_that_services_cannot_reach_is_ready_for_none(
    client: Client, alice: Actor, settings: Settings
) -> None:
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    draft = draft_with(alice, website=on(**DOMAINS), telegram=on(bot_token=bot(alice)))
    found = told(step(client, alice, draft))
    assert found["website"] == "Ready to deploy"
    assert found["telegram"].startswith("Needs an https address: Telegram calls public https")
    assert found["zapier"] == "Needs an https address"


@pytest.mark.parametrize(
    ("deployment", "words"),
    [
        ({"channels": [{"type": "website", **on()}]}, "Hosted page only: Add a domain."),
        (
            {"channels": [{"type": "website", **on(allowed_domains=["nonsense"])}]},
            "Needs a fix: “nonsense”",
        ),
        ({"widget": {"launcher_text": "x" * 31}}, "Needs a fix: Launcher text"),
    ],
)
def test_the_website_s_card_tells_of_its_domains_and_of_the_widget(
    client: Client, alice: Actor, deployment: dict[str, Any], words: str
) -> None:
    draft = creating.create(alice, draft_types.get("chatbot"), {"deployment": deployment})
    html = step(client, alice, draft)
    assert told(html)["website"].startswith(words)
    assert unfolded(html) == {"website"}


def test_a_key_is_promised_of_the_first_deploy_only(client: Client, alice: Actor) -> None:
    kind = draft_types.get("chatbot")
    draft = creating.create(alice, kind, {"name": "Ada", "system_prompt": "Help."})
    assert "An API key" in step(client, alice, draft)
    entity = deploy.deploy(alice, kind, draft.id, version=draft.version).entity
    html = step(client, alice, creating.create_from_entity(alice, entity))
    assert "What deploying makes" in html
    assert "An API key" not in html


def test_of_a_live_one_each_card_says_what_the_plan_says(client: Client, alice: Actor) -> None:
    kind = draft_types.get("chatbot")
    first = draft_with(alice, website=on(**DOMAINS), zapier=on(), telegram=on(bot_token=bot(alice)))
    more = {"system_prompt": "Help."}
    entity = deploy.deploy(alice, kind, creating.create(alice, kind, first.data | more).id).entity
    rows = Connection.objects.filter(entity=entity)
    rows.filter(channel="telegram").update(status="success")
    rows.filter(channel="zapier").update(enabled=False, paused=True, status="disabled")
    draft = creating.create_from_entity(alice, entity)
    found = told(step(client, alice, draft))
    assert (found["website"], found["telegram"]) == ("Live", "Live")
    assert found["zapier"] == "Switched off by hand: It stays off: it was switched off by hand."
    assert found["discord"] == "Not configured"
    path = "deployment.channels.telegram.enabled"
    body = {"_changed": path, "patch_id": "one"}
    url = f"/w/acme/chatbots/draft/{draft.id}/deploy/"
    answer = client.post(url, body, headers={"HX-Request": "true"}).content.decode()
    words = "Is switched off: It is live. Deploying switches it off."
    assert told(answer)["telegram"] == words


def test_each_save_brings_how_the_channels_stand(client: Client, alice: Actor) -> None:
    complete = {"name": "Ada", "system_prompt": "Help."}
    draft = creating.create(alice, draft_types.get("chatbot"), complete)
    client = signed_in(client, alice)
    at = "deployment.channels.website"
    saves: list[tuple[dict[str, Any], str]] = [
        ({f"{at}.enabled": "on"}, "Hosted page only: Add a domain."),
        ({f"{at}.config.allowed_domains": ["shop.example"]}, "Ready to deploy"),
    ]
    for number, (fields, words) in enumerate(saves):
        body = {"_changed": list(fields), "patch_id": str(number)} | fields
        url = f"/w/acme/chatbots/draft/{draft.id}/deploy/"
        answer = client.post(url, body, headers={"HX-Request": "true"}).content.decode()
        assert told(answer)["website"] == words
    assert 'hx-target="#channel-website-values"' in answer
    assert ">shop.example · Bottom right<" in answer
    assert 'hx-target="#deploy-words" hx-swap="innerHTML">Deploy to 1 channel<' in answer


def test_of_an_address_among_the_domains_its_domain_is_kept(client: Client, alice: Actor) -> None:
    """Nothing is put into the box meanwhile. What no domain can be made of is kept as it is."""
    draft = draft_with(alice)
    at = "deployment.channels.website.config.allowed_domains"
    typed = [
        "https://shop.example/path?a=b",
        "*.shop.example/",
        "http://b.example:8080",
        "a.example",
    ]
    wrong = ["https://", "https://me@c.example", "nonsense"]
    kept = ["shop.example", "*.shop.example", "b.example:8080", "a.example", *wrong]
    body = {"_changed": at, "patch_id": "one", at: typed + wrong}
    url = f"/w/acme/chatbots/draft/{draft.id}/deploy/"
    answer = signed_in(client, alice).post(url, body, headers={"HX-Request": "true"})
    draft = open_draft(alice, draft_types.get("chatbot"), draft.id)
    (website,) = draft.data["deployment"]["channels"]
    assert website["config"]["allowed_domains"] == kept
    assert state(answer)["values"] == {}


def test_who_comes_for_a_setting_finds_it_unfolded(client: Client, alice: Actor) -> None:
    draft = draft_with(alice)
    for focus, name in (
        ("deployment.channels.telegram", "telegram"),
        ("deployment.channels.website.config.allowed_domains", "website"),
        ("deployment.widget.proactive_messages", "website"),
    ):
        assert unfolded(step(client, alice, draft, f"?focus={focus}")) == {name}
    assert unfolded(step(client, alice, draft, "?focus=deployment.channels")) == set()
