"""The first steps in a new workspace, each ticked by what is there, not by what was clicked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from conversations.models import Conversation
from inference.resolve import is_configured
from workspaces.models import Credential

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistants.overview import LiveRow
    from drafts.overview import DraftRow
    from workspaces.access import Actor


@dataclass(frozen=True)
class FirstStep:
    """One entry; ``url`` and ``action`` lead to where it is done."""

    label: str
    text: str
    done: bool
    url: str = ""
    action: str = ""


def cookie_of(actor: Actor) -> str:
    """The cookie that remembers that the list was dismissed."""
    return f"first-steps-{actor.workspace.slug}"


def first_steps(
    actor: Actor, drafts: Sequence[DraftRow], live: Sequence[LiveRow]
) -> list[FirstStep]:
    """What a new workspace does first; nothing once all of it is done."""
    steps = [
        _model(actor),
        FirstStep(
            _("Start a chatbot or a chatflow"),
            _("From a template below, or from an empty draft."),
            bool(drafts or live),
            "#templates-title",
            _("See templates"),
        ),
        _deploy(actor, drafts, done=bool(live)),
        FirstStep(
            _("Have the first conversation"),
            _("Open the hosted page, or paste the embed code into your site."),
            Conversation.objects.filter(workspace=actor.workspace_id).exists(),
            live[0].draft_type.page_url("deployment", live[0].entity) if live else "",
            _("Open the code"),
        ),
    ]
    return [] if all(step.done for step in steps) else steps


def _model(actor: Actor) -> FirstStep:
    own = Credential.objects.filter(workspace=actor.workspace_id, kind=Credential.Kind.LLM)
    return FirstStep(
        _("Connect a language model"),
        _("Until then, assistants only quote the knowledge that is attached."),
        is_configured() or own.exists(),
        reverse("workspaces:credentials", args=(actor.workspace.slug,)) if actor.is_admin else "",
        _("Add a key"),
    )


def _deploy(actor: Actor, drafts: Sequence[DraftRow], *, done: bool) -> FirstStep:
    address = ""
    if drafts:
        kind, draft_id = drafts[0].draft_type.url_name, drafts[0].draft.id
        address = reverse("drafts:open", args=(actor.workspace.slug, kind, draft_id))
    return FirstStep(
        _("Deploy it"),
        _("Talk to it in the preview, then put it live from the last step."),
        done,
        address,
        _("Resume the draft"),
    )
