"""Runs one turn and tells it frame by frame, the same for preview and live; it is kept as soon as
the answer is whole, also when the visitor leaves in the middle."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import redis
from django.db import DatabaseError
from django.utils.translation import gettext as _

from common.http import DATABASE_ERRORS
from common.problems import Problem
from conversations.languages import ENGLISH
from conversations.outcome import Outcome, citations, extras
from conversations.publicity import words
from conversations.runtime import answer
from conversations.server_model import refusal
from conversations.turn import Cited, Done, Failed, Said, Token, Traced

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from conversations.languages import Language
    from conversations.outcome import Keeper
    from conversations.runtime import Assistant, Ports
    from conversations.turn import Event
    from inference.client import InferenceError

logger = logging.getLogger(__name__)
# What the widget calls those failures that visitors are told apart.
PUBLIC = {"not-configured": "unready", "rate-limit": "busy"}
_keeping: set[asyncio.Task[None]] = set()


@dataclass(frozen=True)
class Frame:
    """One event of a stream and its JSON: ``token``, ``citation``, ``done`` or ``error``, or what
    goes on inside."""

    event: str
    data: dict[str, Any]


async def frames(
    assistant: Assistant,
    ports: Ports,
    outcome: Outcome,
    keeper: Keeper,
    *,
    candid: bool = True,
    traced: bool = False,
) -> AsyncGenerator[Frame]:
    """The frames of the answer to ``outcome.turn``; ends with one ``done`` or ``error``, or raises
    the ``Problem`` for which the turn may not be kept.

    ``candid`` tells failures in the model's own words; a stranger on a website gets plain ones.
    ``traced`` tells what goes on inside.
    """
    last: Frame | None = None
    try:
        async with aclosing(_events(assistant, ports, outcome)) as events:
            async for event in events:
                match event:
                    case Token() | Cited() | Traced():
                        frame = _heard(outcome, event)
                        if traced or not isinstance(event, Traced):
                            yield frame
                    case Said(whole):
                        outcome.finish(whole)
                        last = done_frame(outcome, whole)
                        await _keep(keeper, outcome)
                    case Done():
                        outcome.finish(event)
                        last = done_frame(outcome, event)
                    case Failed() if not outcome.kept:
                        outcome.fail(event)
                        language = None if candid else outcome.turn.language
                        last = _error(event, refusal(ports), language)
    finally:
        await _keep(keeper, outcome)
    if ending := _ending(outcome, last):
        yield ending


def _heard(outcome: Outcome, event: Token | Cited | Traced) -> Frame:
    """What is told at once of an answer that is being given."""
    match event:
        case Token(text):
            outcome.parts.append(text)
            return Frame("token", {"text": text})
        case Cited(passage):
            return Frame("citation", citations([passage])[0])
        case Traced(name, data):
            outcome.note(event)
            return Frame(name, dict(data))


async def _events(assistant: Assistant, ports: Ports, outcome: Outcome) -> AsyncGenerator[Event]:
    """The runtime's events; a fault of ours ends the answer as a failure, not the connection."""
    try:
        async for event in answer(assistant, outcome.turn, ports):
            yield event
    except Problem as problem:
        yield Failed("upstream-failed", problem.detail or problem.title)
    except Exception:
        # The stream has begun, so no handler of errors could tell of it any more.
        logger.exception("an assistant could not answer")
        yield Failed("internal", _("Something went wrong on our side. Try again in a moment."))


def _ending(outcome: Outcome, last: Frame | None) -> Frame | None:
    """The last frame, now that the turn was to be kept; raises why it could not be."""
    if outcome.refusal:
        raise outcome.refusal
    if last and last.event == "done":
        last.data["latency_ms"] = outcome.latency_ms
    return last


def done_frame(outcome: Outcome, done: Done) -> Frame:
    usage = done.usage
    return Frame(
        "done",
        {
            "message": done.message,
            "session_id": outcome.session_id,
            "message_id": str(outcome.id),
            "sources": list(done.sources),
            "citations": citations(done.citations),
            "follow_ups": list(done.follow_ups),
            **extras(done),
            "handoff": done.handoff is not None,
            "usage": {
                "prompt_tokens": usage.prompt_tokens,
                "completion_tokens": usage.completion_tokens,
                "total_tokens": usage.total_tokens,
            },
        },
    )


def _error(failed: Failed, refused: InferenceError | None, language: Language | None) -> Frame:
    """``refused`` is why the server's own model was not asked any more, which strangers may know;
    it matters where the answer failed for it. Strangers are told in their ``language``."""
    message, wait = failed.message, failed.retry_after
    own = refused if refused and failed.code == refused.code else None
    if language:
        message = str(own) if own else public_message(failed.code, language)
    if wait is None and own:
        wait = own.retry_after
    data: dict[str, Any] = {"code": failed.code, "message": message}
    return Frame("error", data if wait is None else data | {"retry_after": wait})


def public_message(code: str = "", language: Language = ENGLISH) -> str:
    """What a visitor is told of the failure called ``code``: nothing of what is behind it."""
    return words(language)[PUBLIC.get(code, "unanswered")]


async def _keep(keeper: Keeper, outcome: Outcome) -> None:
    """Keep the turn, once, to the end: it carries on when whoever waits is cancelled."""
    if outcome.kept:
        return
    outcome.kept = True
    outcome.end()
    task = asyncio.ensure_future(_kept(keeper, outcome))
    _keeping.add(task)
    task.add_done_callback(_keeping.discard)
    await asyncio.shield(task)


async def _kept(keeper: Keeper, outcome: Outcome) -> None:
    """What was said stays said when the store is away."""
    try:
        await keeper.keep(outcome)
    except Problem as problem:
        outcome.refusal = problem
    except (DatabaseError, *DATABASE_ERRORS, redis.RedisError):
        logger.exception("a turn could not be kept")
