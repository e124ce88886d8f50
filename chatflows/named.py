"""What the settings of nodes name by its id, as it is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistants import bases, running
from assistants.forms import model_choices
from workspaces.models import Credential

if TYPE_CHECKING:
    from assistants.draft_type import AssistantDraft
    from workspaces.access import Actor

    Kind = AssistantDraft[Any]


def named_for(actor: Actor, kind: Kind) -> dict[str, str]:
    """The actor's workspace's knowledge bases, and what is live of ``kind``, by id."""
    named = {str(base.pk): base.name for base in bases.knowledge_bases(actor)}
    return named | dict(running.choices(actor, kind, None))


def all_named_for(actor: Actor, kind: Kind) -> dict[str, str]:
    """Those, and its credentials."""
    of_http = Credential.objects.filter(workspace=actor.workspace_id, kind=Credential.Kind.HTTP)
    named = {str(pk): name for pk, name in of_http.values_list("pk", "name")}
    return named | dict(model_choices.credentials(actor)) | named_for(actor, kind)
