"""A workspace's credentials for language models: tried, and asked which models they reach."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inference.client import InferenceError
from inference.resolve import chosen
from workspaces.credential_testing import CredentialRefusedError
from workspaces.credentials import values_of
from workspaces.models import Credential

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workspaces.models import Workspace

logger = logging.getLogger(__name__)


def values_of_workspace(workspace: Workspace) -> Iterator[Mapping[str, str]]:
    """The values of each of its ``llm`` credentials; one that cannot be read is passed over."""
    ids = Credential.objects.filter(workspace=workspace, kind=Credential.Kind.LLM).values_list("pk")
    for (credential_id,) in ids:
        try:
            yield values_of(workspace.pk, credential_id)
        except LookupError:
            logger.warning("the credential %s cannot be read", credential_id)


def tried(values: Mapping[str, str]) -> str:
    """What its service says to a request for its models; raises ``CredentialRefusedError``."""
    try:
        found = _apart(chosen(None, values).models(values))
    except InferenceError as error:
        raise CredentialRefusedError(str(error)) from None
    taken = _("The key works") if values.get("api_key") else _("It answers without a key")
    if not found:
        return _("%(taken)s, and the service lists no model.") % {"taken": taken}
    words = ngettext(
        "%(taken)s: %(count)d model, %(first)s.",
        "%(taken)s: %(count)d models, the first is %(first)s.",
        len(found),
    )
    return words % {"taken": taken, "count": len(found), "first": found[0]}


def _apart(work: Any) -> Any:
    """Run ``work`` on an event loop in a thread of its own: the caller may have a loop already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
