"""Talking to a draft: the same engine as live, with sessions that live and die with the draft."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async
from django.utils import timezone
from django.utils.translation import gettext as _

from common.limits import count
from common.memory import Memory
from common.problems import not_found
from common.timestamps import rfc3339
from conversations import limits, preview_pins, preview_runs, preview_store, server_model
from conversations.admission import while_admitted
from conversations.answering import frames
from conversations.languages import ENGLISH
from conversations.outcome import Outcome
from conversations.ports import ports_for
from conversations.publicity import as_json, styles, words
from conversations.replacing import claim, while_claimed
from conversations.runtime import assistants
from conversations.sessions import new_session
from conversations.turn import Turn
from conversations.variables import asks_first, checked, from_page
from drafts import editing
from drafts.access import open_draft
from workspaces.models import Role

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping
    from datetime import datetime

    from conversations.answering import Frame
    from conversations.preview_store import Session
    from conversations.runtime import Assistant, Ports
    from conversations.turn import Occasion
    from drafts.draft import Draft
    from drafts.types import DraftType
    from workspaces.access import Actor

    # Who asks; raises ``Problem`` when they may not, or may not any more.
    Admit = Callable[[], Actor]

__all__ = ["Asked", "answer_stream", "forget", "open_preview"]

CHANNEL = "preview"
_parsed: Memory[tuple[str, int], Assistant] = Memory(200)


@dataclass(frozen=True)
class Asked:
    """One message to a draft, or another ``occasion`` to start it. ``public``: asked in the panel,
    as a website's visitor asks."""

    message: str = ""
    session_id: str = ""
    variables: Mapping[str, Any] = field(default_factory=dict)
    regenerate: bool = False
    public: bool = False
    occasion: Occasion | None = None


@dataclass(frozen=True)
class Door:
    """A draft that somebody may talk to, kept alive for as long as they do."""

    draft: Draft
    assistant: Assistant
    expires_at: datetime

    def session(self, session_id: str) -> Session:
        """A session with the draft, which lives on as the draft does."""
        session = preview_store.load(self.draft.workspace_id, self.draft.id, session_id)
        preview_store.renew(session, self.expires_at)
        return session

    def ports(self) -> Ports:
        """What the assistant may reach, and what of it is pinned."""
        draft = self.draft
        pins = preview_pins.pins_of(draft.id, self.expires_at)
        return replace(ports_for(draft.workspace_id, self.assistant, draft.entity_id), given=pins)


def open_door(
    actor: Actor, draft_type: DraftType[Any], draft_id: str, at_least: Role = Role.EDITOR
) -> Door:
    """Raises ``Problem`` 404 or 410 when there is no such draft, or its kind does not talk."""
    draft = open_draft(actor, draft_type, draft_id, at_least)
    if draft_type.kind not in assistants:
        raise not_found(_("There is nothing to talk to here."))
    return Door(draft, assistant_of(draft), editing.touch(actor, draft_type, draft_id))


def assistant_of(draft: Draft) -> Assistant:
    """The assistant that the draft's document makes, parsed once for each version."""
    make = assistants.get(draft.kind)
    return _parsed.get_or((draft.id, draft.version), lambda: make(draft.data))


def open_preview(
    door: Door, session_id: str, variables: Mapping[str, Any], language: str = ""
) -> dict[str, Any]:
    """What the panel shows when it opens, as a visitor who wants ``language`` would see it; raises
    ``Problem`` 422 for wrong ``variables``."""
    session = door.session(session_id or new_session())
    known = {**session.variables, **from_page(door.assistant, variables)}
    spoken = door.assistant.language_for(language)
    profile = door.assistant.greeting(known, spoken)
    return {
        "token": "",
        "expires_at": rfc3339(door.expires_at),
        "session_id": session.id,
        "profile": as_json(profile, known),
        "variables": known,
        "language": spoken or ENGLISH,
        "strings": words(spoken or ENGLISH),
        "styles": styles(),
        "messages": shown(session),
        "handoff": False,
        "collect_needed": asks_first(profile, known, begun=bool(session.messages)),
        "lead_needed": profile.lead is not None and not session.has_lead,
    }


def news() -> dict[str, Any]:
    """What the panel shows when the draft hands the conversation over: there is no inbox to answer
    from, and the next message goes on as if it had been given back."""
    words = _(
        "This conversation now waits for a person. Nobody can answer a preview, so you are talking "
        "to the assistant again: your next message goes on as if they had given it back."
    )
    note = {"id": "", "role": "preview", "content": words, "citations": [], "status": "whole"}
    return {"messages": [note], "wait": 0}


def shown(session: Session) -> list[dict[str, Any]]:
    """The session's messages for the browser of whoever builds, who is told why one failed."""
    names = ("id", "role", "content", "citations", "feedback", "status")
    return [
        {n: m[n] for n in names}
        | {"error": m.get("error", ""), "cards": m.get("cards", []), "links": m.get("links", [])}
        for m in session.messages
    ]


async def answer_stream(
    actor: Actor, draft_type: DraftType[Any], draft_id: str, asked: Asked, admit: Admit
) -> AsyncGenerator[Frame]:
    """The frames of the answer; raises ``Problem`` before the first one, and later when ``admit``
    does: it is asked again and again, and before the turn is kept."""
    prepared = await sync_to_async(prepare)(actor, draft_type, draft_id, asked)
    keeper = PreviewKeeper(admit, draft_type, prepared.session, prepared.replaces, prepared.version)
    frames_of = frames(prepared.assistant, prepared.ports, prepared.outcome, keeper, traced=True)
    answer = _with_replies_kept(frames_of, prepared)
    return while_admitted(while_claimed(answer, prepared.replaces), admit)


async def _with_replies_kept(
    answer: AsyncGenerator[Frame], prepared: Prepared
) -> AsyncGenerator[Frame]:
    """``answer``, whose suggestions are kept for showing them as other channels would."""
    async with aclosing(answer) as told:
        async for frame in told:
            if frame.event == "done" and frame.data["follow_ups"]:
                await sync_to_async(preview_store.keep_replies)(
                    prepared.session,
                    frame.data["message_id"],
                    frame.data["follow_ups"],
                    prepared.expires_at,
                )
            yield frame


@dataclass(frozen=True)
class Prepared:
    """Everything an answer needs, gathered in one go."""

    assistant: Assistant
    ports: Ports
    outcome: Outcome
    session: Session
    replaces: str | None
    version: int
    expires_at: datetime


def prepare(actor: Actor, draft_type: DraftType[Any], draft_id: str, asked: Asked) -> Prepared:
    """Check, count and look up everything for one turn. Synchronous."""
    door = open_door(actor, draft_type, draft_id)
    count(limits.of_preview(actor, draft_id))
    session = door.session(asked.session_id or new_session())
    is_chat = asked.public and asked.occasion is None
    variables = checked(door.assistant, asked.variables, session.variables, public=is_chat)
    following = session.past.next(
        asked.message, regenerate=asked.regenerate, may_be_empty=asked.occasion is not None
    )
    turn = Turn(
        following.question,
        following.history,
        variables,
        CHANNEL,
        state=following.state,
        occasion=asked.occasion,
    )
    ports = door.ports()
    claim(following.replaces)
    server_model.begin(ports)
    return Prepared(
        assistant=door.assistant,
        ports=ports,
        outcome=Outcome(turn, session.id, regenerates=asked.regenerate, whole=[]),
        session=replace(session, variables=variables),
        replaces=following.replaces,
        version=door.draft.version,
        expires_at=door.expires_at,
    )


@dataclass(frozen=True)
class PreviewKeeper:
    """Keeps the turns of a preview session, as long as its draft is there and whoever asks may
    change it."""

    admit: Admit
    draft_type: DraftType[Any]
    session: Session
    replaces: str | None
    version: int

    async def keep(self, outcome: Outcome) -> None:
        await sync_to_async(self.write)(outcome)

    def write(self, outcome: Outcome) -> None:
        asked = [] if outcome.regenerates else [_asked(outcome)]
        said = [*asked, _answered(outcome)]
        expires_at = editing.touch(self.admit(), self.draft_type, self.session.draft_id)
        session = self.session.kept_on(outcome.state, again=outcome.regenerates)
        preview_store.append(session, said, replaces=self.replaces, expires_at=expires_at)
        if outcome.whole:
            record = preview_runs.record_of(outcome, self.version)
            preview_runs.keep(session.workspace_id, session.draft_id, record, expires_at)


def forget(draft_id: str) -> None:
    """Remove all that was said to a draft that is gone. Safe to run twice."""
    for store in (preview_store, preview_runs, preview_pins):
        store.forget(draft_id)


def _asked(outcome: Outcome) -> dict[str, Any]:
    return {
        "id": f"{outcome.id}-q",
        "role": "user",
        "content": outcome.turn.told,
        "status": "whole",
        "citations": [],
        "at": outcome.asked_at.timestamp(),
    }


def _answered(outcome: Outcome) -> dict[str, Any]:
    return {
        "id": str(outcome.id),
        "role": "assistant",
        "content": outcome.text,
        "status": outcome.status,
        "error": outcome.error,
        "citations": outcome.cited,
        **outcome.extras,
        "at": timezone.now().timestamp(),
    }
