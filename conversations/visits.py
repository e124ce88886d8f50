"""A visitor's session with a deployed assistant: what the widget shows when it opens, and what the
visitor thinks of an answer."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.problems import not_found
from conversations.answering import public_message
from conversations.handoff import GIVEN_BACK, ends_of, open_handoffs
from conversations.languages import ENGLISH
from conversations.looking import next_look
from conversations.models import Conversation, Feedback, Lead, Message
from conversations.publicity import words
from conversations.releases import assistant_of
from conversations.sessions import find, new_session
from conversations.variables import asks_first, from_page

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from conversations.languages import Language
    from conversations.runtime import Profile
    from drafts.models import Entity

SHOWN = 50


@dataclass(frozen=True)
class Opened:
    """A session as the widget is told of it. ``messages`` is oldest first; ``handoff``: a person
    has the conversation. In ``wait`` seconds there may be more of what people say; 0: never.
    ``language``: that of the profile, where the visitor's is known."""

    session_id: str
    profile: Profile
    messages: list[dict[str, Any]] = field(default_factory=list)
    variables: Mapping[str, Any] = field(default_factory=dict)
    has_lead: bool = False
    handoff: bool = False
    wait: int = 0
    language: Language | None = None

    @property
    def collect_needed(self) -> bool:
        """Whether the visitor is asked for something before the chat."""
        return asks_first(self.profile, self.variables, begun=bool(self.messages))

    @property
    def lead_needed(self) -> bool:
        """Whether the lead form is still to be shown."""
        return self.profile.lead is not None and not self.has_lead


def open_conversation(
    entity: Entity,
    session_id: str = "",
    *,
    channel: str,
    variables: Mapping[str, Any] = MappingProxyType({}),
    language: str = "",
) -> Opened:
    """The session called ``session_id``, or a new one, in the visitor's ``language`` as far as the
    assistant speaks it. Nothing is written: a session that nobody speaks in leaves no row, and
    ``variables`` are kept when they come again with the first message. Raises ``Problem`` 422 for
    wrong ones. Synchronous."""
    assistant = assistant_of(entity).assistant
    spoken = assistant.language_for(language)
    given = from_page(assistant, variables)
    conversation = find(entity, channel, session_id) if session_id else None
    if conversation is None:
        profile = assistant.greeting(given, spoken)
        return Opened(session_id or new_session(), profile, variables=given, language=spoken)
    known = conversation.variables | given
    has_person = open_handoffs(conversation).exists()
    cites = assistant.profile.citations
    messages = _shown(conversation, spoken or ENGLISH, cites=cites)
    profile = assistant.greeting(known, spoken)
    if messages and messages[0]["role"] == Message.Role.ASSISTANT:
        # It has said its first words already, and they were others.
        profile = replace(profile, welcome_message="")
    return Opened(
        session_id,
        profile,
        messages=messages,
        variables=known,
        has_lead=Lead.objects.filter(conversation=conversation).exists(),
        handoff=has_person,
        wait=next_look(conversation, has_person=has_person),
        language=spoken,
    )


def _shown(conversation: Conversation, language: Language, *, cites: bool) -> list[dict[str, Any]]:
    """The newest messages, without answers that were replaced; with what they cite where the
    assistant still says that."""
    newest = (
        conversation.messages.exclude(status=Message.Status.REPLACED)
        .select_related("feedback")
        .order_by("-created_at")[:SHOWN]
    )
    ends, shown = ends_of(conversation), []
    for message in reversed(newest):
        shown.append(as_shown(message, language))
        if message.pk in ends:
            shown.append(given_back(str(message.pk), language))
    return shown if cites else [message | {"citations": []} for message in shown]


def given_back(after: str, language: Language = ENGLISH) -> dict[str, Any]:
    """The line for the visitor's browser that says who answers from here on. Its name is made of
    that of the message that it stands after, for what comes next to be read on from."""
    said = words(language)["given_back"]
    line = as_shown(Message(pk=after, role="notice", content=said))
    return line | {"id": after + GIVEN_BACK}


def as_shown(message: Message, language: Language = ENGLISH) -> dict[str, Any]:
    """One message for the visitor's browser."""
    shown = {"id": str(message.pk), "role": message.role, "content": message.content}
    feedback = message.feedback.value if hasattr(message, "feedback") else None
    error = public_message("", language) if message.status == Message.Status.FAILED else ""
    ended = {"status": message.status, "error": error}
    extras = {name: message.extras.get(name, []) for name in ("cards", "links")}
    return shown | ended | extras | {"citations": message.citations, "feedback": feedback}


def record_feedback(
    entity: Entity, session_id: str, message_id: UUID | str, value: str | None, *, channel: str
) -> None:
    """Keep or take back (None) what the visitor thinks of an answer of their own session.

    Raises ``Problem`` 404 for every other message.
    """
    with transaction.atomic():
        message = _answer(entity, session_id, message_id, channel)
        if value is None:
            Feedback.objects.filter(message=message).delete()
        else:
            Feedback.objects.update_or_create(message=message, defaults={"value": value})


def _answer(entity: Entity, session_id: str, message_id: UUID | str, channel: str) -> Message:
    """The answer, its conversation locked: a visitor may press both thumbs at once, and somebody
    may delete it."""
    try:
        wanted = uuid.UUID(str(message_id))
    except ValueError:
        raise not_found(_("There is no such message.")) from None
    sessions = Conversation.objects.filter(entity=entity.pk, channel=channel)
    own = sessions.filter(session_id=session_id)
    conversation = own.select_for_update(no_key=True).first()
    answers = Message.objects.filter(conversation=conversation, role=Message.Role.ASSISTANT)
    found = answers.filter(pk=wanted).first() if conversation else None
    if found is None:
        raise not_found(_("There is no such message."))
    return found
