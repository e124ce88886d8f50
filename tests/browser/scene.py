"""A workspace in use, and the address of every page that shows something of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from drafts import creating, editing
from drafts.deploying import deploy
from drafts.types import draft_types
from tests.browser import bases, events, flows
from tests.browser.talks import converse, shared_preview
from workspaces import credentials, keys
from workspaces.models import ApiKey

if TYPE_CHECKING:
    from conversations.models import Conversation
    from drafts.draft import Draft
    from drafts.models import Entity
    from privexbot.embedded.children import Child
    from tests.browser.bases import Bases
    from tests.browser.flows import Flows
    from webhooks.models import EventDelivery
    from workspaces.access import Actor
    from workspaces.models import User

SIGNED_OUT = ("account_login", "account_signup", "account_reset_password")
MISSING = "/there-is-nothing-here/"
FILLED: dict[str, Any] = {
    "name": "Support assistant",
    "category": "customer_support",
    "description": "Answers questions about orders, returns and opening hours.",
    "system_prompt": "You help the customers of a bicycle shop. Greet {{user_name}} by name.",
    "variables": [
        {"name": "user_name", "label": "Name", "type": "text", "collect_before_chat": True},
        {"name": "plan", "label": "Plan", "type": "select", "options": ["Free", "Team"]},
    ],
    "appearance": {
        "title": "Support",
        "welcome_message": "Hello. What can we help you with?",
        "suggested_prompts": ["Where is my order?", "Opening hours"],
    },
    "lead_capture": {"enabled": True, "optional_fields": ["phone"]},
    "deployment": {
        "channels": [
            {"type": "website", "enabled": True, "config": {"allowed_domains": ["*.example.com"]}}
        ]
    },
}


@dataclass(frozen=True)
class Scene:
    """One workspace with an empty draft, a full one, and something live that is being changed; and
    the same of knowledge bases and of flows."""

    owner: Actor
    empty: Draft
    full: Draft
    live: Entity
    change: Draft
    conversation: Conversation
    bases: Bases
    flows: Flows
    delivery: EventDelivery


def build(owner: Actor) -> Scene:
    kind = draft_types.get("chatbot")
    live = creating.create(owner, kind, FILLED | {"name": "Bicycle shop"})
    entity = deploy.deploy(owner, kind, live.id).entity
    change = creating.create_from_entity(owner, entity)
    editing.patch(owner, kind, change.id, {"temperature": 0.3})
    keys.issue(owner.workspace, "Continuous integration", ApiKey.Scope.MANAGE, by=owner.user)
    values = {"api_key": "key-1234567890"}
    credentials.create(owner, name="Model server", kind="llm", values=values)
    return Scene(
        owner,
        empty=creating.create(owner, kind, {}),
        full=creating.create(owner, kind, FILLED),
        live=entity,
        change=change,
        conversation=converse(entity)[0],
        bases=bases.build(owner),
        flows=flows.build(owner),
        delivery=events.build(owner),
    )


@pytest.fixture
def scene(alice: Actor, worker: Child) -> Scene:
    return build(alice)


def signed_out_pages() -> dict[str, str]:
    return {name.removeprefix("account_"): reverse(name) for name in SIGNED_OUT}


def signed_in_pages(scene: Scene) -> dict[str, str]:
    """Every page of ``scene`` by a name that can name a file."""
    workspace = scene.owner.workspace.slug
    hosted = reverse("channels_deploy:hosted", args=[scene.live.slug])
    return (
        {"not-found": MISSING, "account": reverse("account")}
        | {"hosted": hosted, "shared-preview": shared_preview(scene.owner, scene.full)}
        | {"new-workspace": reverse("workspaces:new")}
        | _settings(workspace)
        | _chatbots(workspace, scene)
        | _builder(workspace, scene)
        | _records(workspace, scene)
        | bases.pages(workspace, scene.bases)
        | flows.pages(workspace, scene.flows)
        | events.pages(workspace, scene.delivery)
    )


def admin_pages(scene: Scene) -> dict[str, str]:
    """The admin's first page, lists and forms. Only for staff: see ``make_staff``."""
    lists = (
        *("chatbots_chatbot", "conversations_conversation", "workspaces_auditentry"),
        *("knowledge_knowledgebase", "knowledge_document"),
    )
    return (
        {"admin": reverse("admin:index"), "admin-user-add": reverse("admin:workspaces_user_add")}
        | {f"admin-{name}": reverse(f"admin:{name}_changelist") for name in lists}
        | {"admin-chatbot": reverse("admin:chatbots_chatbot_change", args=[scene.live.pk])}
        | {"admin-user": reverse("admin:workspaces_user_change", args=[_user(scene).pk])}
    )


def make_staff(scene: Scene) -> None:
    """The scene's owner may do everything in the admin."""
    user = _user(scene)
    user.is_staff = user.is_superuser = True
    user.save()


def _user(scene: Scene) -> User:
    assert scene.owner.user
    return scene.owner.user


def _settings(workspace: str) -> dict[str, str]:
    names = ("general", "members", "keys", "credentials", "audit")
    pages = {f"settings-{name}": reverse(f"workspaces:{name}", args=[workspace]) for name in names}
    credential = reverse("workspaces:create-credential", args=[workspace, "telegram"])
    return pages | {"settings-credential": credential}


def _chatbots(workspace: str, scene: Scene) -> dict[str, str]:
    of_one = ("detail", "deployment", "deployed")
    versions = reverse("drafts:versions", args=[workspace, "chatbots", scene.live.pk])
    return {
        "chatbot-versions": versions,
        "dashboard": reverse("assistants:dashboard", args=[workspace]),
        "chatbots": reverse("chatbots:list", args=[workspace]),
    } | {
        f"chatbot-{name}": reverse(f"chatbots:{name}", args=[workspace, scene.live.pk])
        for name in of_one
    }


def _builder(workspace: str, scene: Scene) -> dict[str, str]:
    kind = draft_types.get("chatbot")

    def at(draft: Draft, name: str, *more: str) -> str:
        return reverse(f"drafts:{name}", args=[workspace, kind.url_name, draft.id, *more])

    steps = {
        f"builder-{number}-{step.name}": at(scene.full, "builder", step.name)
        for number, step in enumerate(kind.steps, start=1)
    }
    return steps | {
        "builder-empty": at(scene.empty, "builder", kind.steps[0].name),
        "builder-change": at(scene.change, "builder", kind.steps[0].name),
        "builder-problems": at(scene.empty, "problems"),
        "builder-history": at(scene.change, "history"),
        "builder-plan": at(scene.change, "plan"),
    }


def _records(workspace: str, scene: Scene) -> dict[str, str]:
    names = ("inbox", "leads", "analytics")
    conversation = [workspace, scene.conversation.pk]
    return {name: reverse(f"conversations:{name}", args=[workspace]) for name in names} | {
        "conversation": reverse("conversations:conversation", args=conversation)
    }
