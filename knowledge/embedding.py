"""Makes the embedder that a configuration or an index asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from inference.embedders import embedder
from inference.embedders.local import MODEL
from inference.embedding import EmbeddingError
from knowledge.credentials.choices import values_of_kind
from knowledge.embedding_limit import CountedEmbedder
from workspaces.models import Credential

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from inference.embedding import Embedder
    from knowledge.models import Index


def embedder_for(workspace_id: UUID, choice: Mapping[str, Any]) -> Embedder:
    """The embedder of an ``embedding_config``; raises ``EmbeddingError`` saying what is missing."""
    values: Mapping[str, str] = {}
    if choice.get("credential_id"):
        try:
            wanted = str(choice["credential_id"])
            values = values_of_kind(workspace_id, Credential.Kind.LLM, wanted)
        except LookupError:
            message = _("The credential of the embedding model is gone. Choose another one.")
            raise EmbeddingError(message, permanent=True) from None
    provider = str(choice.get("provider", "local"))
    made = embedder(provider, values, str(choice.get("model", "")))
    # The built-in one costs the server nothing that anybody else is paid for.
    return made if values or provider == "local" else CountedEmbedder(made, workspace_id)


def embedder_of(index: Index) -> Embedder:
    """The embedder that the vectors of ``index`` were made by."""
    return embedder_for(index.base.workspace_id, index.embedding)


def space_of(choice: Mapping[str, Any]) -> str:
    """The name of the space that the choice's vectors live in, without asking anybody."""
    return f"{choice.get('provider', 'local')}:{choice.get('model') or MODEL}"
