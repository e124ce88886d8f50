"""Visitors who say who they are: the lead form checked and kept."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.problems import FieldError, invalid, not_found
from conversations import happenings
from conversations.happenings import Happening
from conversations.models import Conversation, Lead
from conversations.releases import assistant_of
from conversations.variables import field_problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from drafts.models import Entity

Kind = Happening.Kind
LONGEST_VALUE = 500
LONGEST_NAME, LONGEST_EMAIL, LONGEST_CONSENT = 200, 254, 500
_NOTHING: Mapping[str, Any] = MappingProxyType({})


@transaction.atomic
def record_lead(
    entity: Entity,
    session_id: str,
    fields: Mapping[str, Any],
    *,
    channel: str,
    visitor: Mapping[str, Any] = _NOTHING,
) -> Lead:
    """Keep who the visitor says they are; the same session again corrects it.

    Raises ``Problem`` 422 naming the fields that are missing or not valid, 404 when the assistant
    asks for nothing.
    """
    form = assistant_of(entity).assistant.profile.lead
    if form is None:
        raise not_found(_("This bot does not ask who you are."))
    given = cleaned(form, fields)
    conversation = _conversation(entity, channel, session_id, visitor)
    # What a flow was told stays beside what the form asks for.
    known = Lead.objects.filter(conversation=conversation).first()
    asked = {str(field["name"]) for field in form["fields"]}
    kept = {n: v for n, v in known.fields.items() if n not in asked} if known else {}
    told = kept | given
    consent = str(form.get("consent_text", ""))[:LONGEST_CONSENT]
    values = {
        "workspace_id": entity.workspace_id,
        "entity_id": entity.pk,
        "name": told.get("name", "")[:LONGEST_NAME],
        "email": told.get("email", "")[:LONGEST_EMAIL],
        "fields": told,
        "consent": consent or (known.consent if known else ""),
    }
    lead, is_new = Lead.objects.update_or_create(
        conversation=conversation,
        defaults=values,
        create_defaults=values | {"created_at": timezone.now()},
    )
    if is_new:
        _tell(entity, Kind.LEAD, lead.pk, lead.created_at)
    return lead


def _conversation(
    entity: Entity, channel: str, session_id: str, visitor: Mapping[str, Any]
) -> Conversation:
    """The session's conversation: a lead may come before the first message."""
    now = timezone.now()
    begun = {
        "workspace_id": entity.workspace_id,
        "visitor": dict(visitor),
        "created_at": now,
        "last_message_at": now,
    }
    conversation, is_new = Conversation.objects.get_or_create(
        entity_id=entity.pk, channel=channel, session_id=session_id, defaults=begun
    )
    if is_new:
        _tell(entity, Kind.CONVERSATION, conversation.pk, now)
    return conversation


def _tell(entity: Entity, kind: Kind, subject_id: UUID, at: datetime) -> None:
    happenings.note(kind, subject_id, workspace_id=entity.workspace_id, entity_id=entity.pk, at=at)


def cleaned(form: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, str]:
    """The fields that were filled in, as texts; raises ``Problem`` 422."""
    fields = {str(f["name"]): f for f in form["fields"]}
    errors = [
        FieldError(f"fields.{name[:64]}", _("There is no such field."))
        for name in given.keys() - fields.keys()
    ]
    texts = {name: str(given.get(name) or "").strip()[:LONGEST_VALUE] for name in fields}
    errors += [
        FieldError(f"fields.{name}", message)
        for name, field in fields.items()
        if (message := _problem(field, texts[name]))
    ]
    if errors:
        raise invalid(_("Some details are missing or not valid."), *errors)
    return {name: text for name, text in texts.items() if text}


def _problem(field: Mapping[str, Any], text: str) -> str:
    if text:
        return field_problem(field, text)
    return _("%(label)s is needed.") % {"label": field["label"]} if field["required"] else ""
