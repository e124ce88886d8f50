"""A draft as a portable file, and back. Secrets are never in a draft, so never in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from common.problems import FieldError, invalid
from common.timestamps import rfc3339
from drafts.access import open_draft
from workspaces.models import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from drafts.types import DraftType
    from workspaces.access import Actor

FORMAT = "privexbot.draft"
FORMAT_VERSION = 1
MEMBERS = frozenset(
    {"format", "format_version", "type", "schema_version", "name", "exported_at", "data"}
)


def export(actor: Actor, draft_type: DraftType[Any], draft_id: str) -> dict[str, Any]:
    """The draft as JSON data that ``imported`` understands, here or elsewhere."""
    draft = open_draft(actor, draft_type, draft_id, Role.VIEWER)
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "type": draft.kind,
        "schema_version": draft_type.schema_version,
        "name": draft.name,
        "exported_at": rfc3339(timezone.now()),
        "data": draft.data,
    }


def imported(draft_type: DraftType[Any], exported: Mapping[str, Any]) -> dict[str, Any]:
    """The document of an exported file, in today's shape."""
    wrong = [FieldError(name, _("is unknown")) for name in exported if name not in MEMBERS]
    if exported.get("format") != FORMAT or not _is(exported.get("format_version"), FORMAT_VERSION):
        wrong.append(FieldError("format", _("is not that of an exported draft")))
    if exported.get("type") != draft_type.kind:
        wrong.append(FieldError("type", _("is not the kind that is imported here")))
    data, version = exported.get("data"), exported.get("schema_version", draft_type.schema_version)
    if not isinstance(data, dict):
        wrong.append(FieldError("data", _("must be an object")))
    if wrong:
        raise invalid(_("This file is not an exported draft of this kind."), *wrong)
    known = range(1, draft_type.schema_version + 1)
    if not any(_is(version, each) for each in known):
        newer = FieldError("schema_version", _("is newer than this server understands"))
        raise invalid(_("This file comes from a newer version of PrivexBot."), newer)
    assert isinstance(data, dict)
    assert isinstance(version, int)
    return draft_type.upgraded(data, version)


def _is(value: object, number: int) -> bool:
    """Whether ``value`` is that number: True is not 1 here."""
    return value == number and isinstance(value, int) and not isinstance(value, bool)
