"""What an assistant may reach. The only place where preview and live could differ: both speak to
the same model and search the same knowledge, but without any model visitors are not told what its
owner has to do."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from common.registry import Registry
from conversations.runtime import Ports, Retriever
from conversations.server_model import Allowance, Counted
from conversations.within import run_by
from inference.client import InferenceError
from inference.providers.extractive import Quoting
from inference.resolve import Unusable, model_client
from workspaces.credentials import values_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from conversations.runtime import Assistant, ModelChoice
    from conversations.turn import Passage
    from inference.client import ModelClient

# Makes the retriever of a workspace for a kind; the app that keeps knowledge registers one.
retrievers: Registry[Callable[[UUID, str], Retriever]] = Registry("retriever")


class NoKnowledge:
    """The retriever while nothing keeps knowledge."""

    async def retrieve(
        self,
        question: str,
        bases: tuple[Mapping[str, Any], ...],
    ) -> tuple[Passage, ...]:
        return ()


def ports_for(
    workspace_id: UUID, assistant: Assistant, own_id: UUID | None = None, *, public: bool = False
) -> Ports:
    """The ports of an assistant of the workspace, which is that of the entity ``own_id``, and of
    all that it may run in its midst; ``public`` where strangers read what it says. Synchronous: it
    may read the database."""
    others = {id_: each.assistant for id_, each in run_by(workspace_id, assistant).items()}
    every = (assistant, *others.values())
    choices = dict.fromkeys(choice for each in every for choice in each.model_choices)
    credentials = dict.fromkeys(named for each in every for named in each.credentials)
    allowance = Allowance(workspace_id)
    return Ports(
        {choice: _model(workspace_id, choice, allowance, public=public) for choice in choices},
        _retriever(workspace_id, assistant.kind),
        dict(_secrets(workspace_id, credentials)),
        others,
        str(own_id or ""),
    )


def _model(
    workspace_id: UUID, choice: ModelChoice, allowance: Allowance, *, public: bool
) -> ModelClient:
    if choice.credential_id is None:
        model = model_client(choice.provider)
        return Counted(model, allowance) if model.generates else Quoting(public=public)
    try:
        values = values_of(workspace_id, UUID(choice.credential_id))
    except (LookupError, ValueError):
        message = _("The credential of this bot is gone. Choose another one for its model.")
        return Unusable(InferenceError(message, code="not-configured", permanent=True))
    model = model_client(choice.provider, values)
    return model if model.generates else Quoting(public=public)


def _secrets(
    workspace_id: UUID, credentials: Iterable[str]
) -> Iterator[tuple[str, Mapping[str, str]]]:
    for credential_id in credentials:
        with suppress(LookupError, ValueError):
            yield credential_id, values_of(workspace_id, UUID(credential_id))


def _retriever(workspace_id: UUID, kind: str) -> Retriever:
    for make in retrievers:
        return make(workspace_id, kind)
    return NoKnowledge()
