"""A workspace in use, with one of each thing that has an address, and who may look at it.

Every name that only this workspace knows holds ``mark``, so that a foreign answer is searched for
one word.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.test import Client
from django.utils import timezone

from channels_deploy import script
from channels_deploy.models import Connection
from chatflows.models import Webhook
from conversations import preview_runs, sharing
from conversations.models import Conversation, Feedback, Lead, Message
from conversations.outcome import Outcome
from conversations.preview import open_door
from conversations.preview_store import append
from conversations.turn import Turn
from drafts import creating
from drafts.deploying import deploy
from drafts.types import draft_types
from knowledge import adding
from knowledge.models import Document
from tests.support.people import member, signed_in
from webhooks import subscribing
from webhooks.models import EventDelivery
from webhooks.sealed import values_of
from webhooks.subscribing import Wanted
from workspaces import credentials, inviting, keys
from workspaces.models import ApiKey, Membership, Role, Workspace

if TYPE_CHECKING:
    from drafts.draft import Draft
    from drafts.models import Entity
    from workspaces.access import Actor

ORIGIN = "https://shop.example"


@dataclass
class Scene:
    """One workspace. ``values`` fills the parameters of its addresses; ``canaries`` are secrets of
    it that nobody may see again, ``mark`` is in everything that other workspaces may not see."""

    owner: Actor
    mark: str
    live: Entity
    draft: Draft
    manage_key: str
    chat_key: str
    values: dict[str, str]
    canaries: list[str] = field(default_factory=list)
    people: dict[Role, Actor] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        return self.owner.workspace.slug

    def client(self, role: Role) -> Client:
        """A browser in which somebody of the role is signed in."""
        return signed_in(Client(raise_request_exception=False), self.people[role])

    def program(self, key: str = "") -> Client:
        """A program with the workspace's manage key, or with ``key``."""
        return program(key or self.manage_key)


def program(key: str) -> Client:
    headers = {"Authorization": f"Bearer {key}"}
    return Client(raise_request_exception=False, headers=headers)


def document(mark: str, **more: Any) -> dict[str, Any]:
    """A chatbot that can be deployed, with ``mark`` in what is its workspace's own affair."""
    website = {"allowed_domains": ["shop.example"]}
    return {
        "name": f"Helper {mark}",
        "system_prompt": f"You help {{{{visitor_name}}}}. Secretly: {mark}-prompt",
        "model": "small-1",
        "variables": [{"name": "visitor_name", "default": "somebody"}],
        "features": {"enable_follow_up_suggestions": False},
        "lead_capture": {"enabled": True, "timing": "end_of_chat"},
        "deployment": {"channels": [{"type": "website", "enabled": True, "config": website}]},
    } | more


def build(name: str, mark: str, **more: Any) -> Scene:
    """A workspace called ``name``; ``more`` replaces parts of its chatbots' documents."""
    workspace = Workspace.objects.create(name=f"{name} {mark}", slug=name.lower())
    people = {role: member(f"{name}-{role.name}", workspace, role) for role in Role}
    owner, kind = people[Role.OWNER], draft_types.get("chatbot")
    secret = f"{mark}-SECRET-0123456789"
    credential = credentials.create(
        owner,
        name=f"Model {mark}",
        kind="llm",
        values={"api_key": secret, "base_url": "https://models.example.com/v1"},
    )
    deployed = deploy.deploy(owner, kind, creating.create(owner, kind, document(mark, **more)).id)
    draft = creating.create(
        owner, kind, document(mark, credential_id=str(credential.pk), provider="openai_compatible")
    )
    manage_key = keys.issue(workspace, "Used", ApiKey.Scope.MANAGE, by=owner)[1]
    # Another one, so that the address that revokes a key does not end an attack.
    key, revocable = keys.issue(workspace, f"Server {mark}", ApiKey.Scope.MANAGE, by=owner)
    chat_key = keys.issue(
        workspace, "Chat", ApiKey.Scope.CHAT, subject_id=deployed.entity.pk, by=owner
    )[1]
    invitation = inviting.invite(owner, f"guest-{name.lower()}@example.com", Role.EDITOR).invitation
    conversation = _conversation(deployed.entity, mark)
    values = {
        "workspace": workspace.slug,
        "draft_id": draft.id,
        "entity_id": str(deployed.entity.pk),
        "credential_id": str(credential.pk),
        "key_id": str(key.pk),
        "invitation_id": str(invitation.pk),
        "membership_id": str(Membership.objects.get(user=people[Role.VIEWER].user).pk),
        "conversation_id": str(conversation.pk),
        "lead_id": str(conversation.lead.pk),
        "public_key": deployed.entity.connections.get(channel="website").public_key,
        "name": deployed.entity.slug,
        "slug": deployed.entity.slug,
        "object_id": str(credential.pk),
        "token": _share(owner, draft, mark),
        "path": _on_telegram(deployed.entity).path,
        **_knowledge(owner, mark),
        **_flow(owner, mark),
        **_events(owner, mark),
    }
    return Scene(
        *(owner, mark, deployed.entity, draft, manage_key, chat_key, values),
        canaries=[
            *(secret, credential.encrypted[:40], key.digest),
            *(each.split("_", 2)[2] for each in (manage_key, chat_key, revocable)),
            *_secrets_of_webhooks(workspace),
        ],
        people=people,
    )


# The same for every workspace.
COMMON = {
    "kind": "chatbots",
    "step": "basic",
    "channel": "website",
    "number": "1",
    "uidb36": "1",
    "key": "x",
    "app_label": "workspaces",
    "content_type_id": "1",
    "type_": "notion",
    "id": "1",
}


def filling(scene: Scene, route: str) -> dict[str, str]:
    """What the parameters of ``route`` are in ``scene``."""
    own = {"kind": "llm"} if "credentials/new" in route else {}
    if "/kb/" in route:
        own |= {"draft_id": scene.values["kb_draft_id"], "entity_id": scene.values["base_id"]}
    if "/chatflows/" in route:
        own |= {"draft_id": scene.values["flow_draft_id"], "entity_id": scene.values["flow_id"]}
    if route.startswith("hooks/"):
        own |= {"token": scene.values["hook_token"]}
    if route.startswith("webhooks/"):
        own |= {"channel": "telegram"}
    version = script.built().version if route.startswith("^widget") else "1"
    return COMMON | {"version": version} | scene.values | own


def _on_telegram(entity: Entity) -> Connection:
    """A channel whose service calls us."""
    live = Connection.Status.SUCCESS
    return Connection.objects.create(entity=entity, channel="telegram", status=live)


def _knowledge(owner: Actor, mark: str) -> dict[str, str]:
    """A live knowledge base with a document, and a draft of another one with a source."""
    kind = draft_types.get("kb")
    first = creating.create(owner, kind, {"name": f"Manual {mark}"})
    adding.add_text(owner, first.id, f"Text {mark}", f"Known only here: {mark}-text", "markdown")
    base = deploy.deploy(owner, kind, first.id).entity
    draft = creating.create(owner, kind, {"name": f"Draft {mark}"})
    source = adding.add_text(owner, draft.id, f"Draft {mark}", f"{mark}-draft-text", "markdown")
    return {
        "kb_draft_id": draft.id,
        "base_id": str(base.pk),
        "document_id": str(Document.objects.get(base=base.pk).pk),
        "source_id": source["id"],
    }


def flow(mark: str) -> dict[str, Any]:
    """A chatflow that says something known only here."""
    return {
        "name": f"Flow {mark}",
        "nodes": [
            {"id": "start", "type": "trigger"},
            {"id": "hook", "type": "trigger", "data": {"trigger_type": "webhook"}},
            {"id": "clock", "type": "trigger", "data": {"trigger_type": "schedule"}},
            {"id": "end", "type": "response", "data": {"message": f"{mark}-flow-text"}},
        ],
        "edges": [
            {"id": f"e-{start}", "source": start, "target": "end"}
            for start in ("start", "hook", "clock")
        ],
    }


def _flow(owner: Actor, mark: str) -> dict[str, str]:
    """A live chatflow, and a draft of another one."""
    kind = draft_types.get("chatflow")
    live = deploy.deploy(owner, kind, creating.create(owner, kind, flow(mark)).id).entity
    draft = creating.create(owner, kind, flow(f"{mark}-draft"))
    token = Webhook.objects.get(entity=live.pk).token
    return {
        "flow_draft_id": draft.id,
        "flow_id": str(live.pk),
        "node_id": "end",
        "hook_token": token,
        "run_id": _run(draft, mark),
    }


def _events(owner: Actor, mark: str) -> dict[str, str]:
    """A webhook with something in its log, and a hook of Zapier's."""
    address = f"https://events.example/{mark}-SECRET-in"
    wanted = Wanted(["message.created"], address, name=f"Webhook {mark}")
    webhook = subscribing.create(owner, wanted)[0]
    zap = f"https://hooks.zapier.com/hooks/standard/1/{mark.lower()}/"
    hook = subscribing.hook(owner, Wanted(["lead.created"], zap))
    delivery = EventDelivery.objects.create(
        subscription=webhook,
        event_id=f"evt_{mark}"[:40],
        event_type="message.created",
        payload=f'{{"id": "{mark}"}}',
        status="failed",
        excerpt=f"Oh no {mark}",
    )
    return {
        "subscription_id": str(webhook.pk),
        "hook_id": str(hook.pk),
        "delivery_id": str(delivery.pk),
    }


def _secrets_of_webhooks(workspace: Workspace) -> list[str]:
    found = workspace.subscriptions.all()
    return [*(values_of(each)["secret"] for each in found), *(e.encrypted[:40] for e in found)]


def _run(draft: Draft, mark: str) -> str:
    """The id of a run of the draft that is kept beside it."""
    asked = Turn(f"asked {mark}", variables={"who": mark})
    outcome = Outcome(asked, f"p-{mark}", parts=[f"said {mark}"], status="whole")
    record = preview_runs.record_of(outcome, draft.version)
    preview_runs.keep(draft.workspace_id, draft.id, record, draft.expires_at)
    return str(record["id"])


def _conversation(entity: Entity, mark: str) -> Conversation:
    now = timezone.now()
    found = Conversation.objects.create(
        workspace_id=entity.workspace_id,
        entity_id=entity.pk,
        channel="api",
        session_id=f"s-{mark}",
        visitor={"user": f"visitor {mark}"},
        opening=f"opening {mark}",
        message_count=2,
        created_at=now,
        last_message_at=now,
    )
    Message.objects.create(
        conversation=found, role="user", content=f"question {mark}", created_at=now
    )
    said = Message.objects.create(
        conversation=found, role="assistant", content=f"answer {mark}", created_at=now
    )
    Feedback.objects.create(message=said, value="up")
    Lead.objects.create(
        workspace_id=entity.workspace_id,
        entity_id=entity.pk,
        conversation=found,
        name=f"Lead {mark}",
        email=f"{mark}@example.com",
        fields={"name": f"Lead {mark}"},
        created_at=now,
    )
    return found


def _share(owner: Actor, draft: Draft, mark: str) -> str:
    """The token of a shared preview in which something was said."""
    door = open_door(owner, draft_types.get("chatbot"), draft.id)
    said = {"id": "m1", "role": "user", "content": f"preview {mark}", "status": "whole"}
    at = timezone.now().timestamp()
    session = door.session(f"p-{mark}")
    append(session, [said | {"citations": [], "at": at}], replaces=None, expires_at=door.expires_at)
    return sharing.share(door, session.id)["url"].rstrip("/").rsplit("/", 1)[1]
