"""Asks the assistant for the answer to one message of a chat."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async
from django.utils import timezone
from django.utils.translation import gettext as _

from channels_deploy import limits
from channels_deploy.answering import inbound
from channels_deploy.answering.progress import Progress
from common.problems import Problem
from conversations import live
from conversations.answering import public_message
from conversations.models import Message
from conversations.outcome import passages
from conversations.releases import assistant_of
from conversations.turn import Done

if TYPE_CHECKING:
    from collections.abc import Mapping

    from channels_deploy.answering.leases import Lease
    from channels_deploy.models import Inbound


async def answer_to(lease: Lease, row: Inbound) -> tuple[Done, str]:
    """The answer, and what kept the assistant from giving one, in words for the workspace."""
    if row.notice:
        return Done(row.notice), ""
    if row.greets:
        return await sync_to_async(_greeting)(lease), ""
    if row.attempts > inbound.MOST_ATTEMPTS:
        why = _("Answering it was interrupted several times.")
        return Done(_("Your message could not be answered. Please send it again.")), why
    if given := await sync_to_async(inbound.answer_of)(row):
        return _again(given), ""
    return await _asked(lease, row)


def _greeting(lease: Lease) -> Done:
    """The first words, as the website shows them before anybody has said anything."""
    assert lease.connection.entity is not None
    profile = assistant_of(lease.connection.entity).assistant.greeting({})
    words = profile.welcome_message or _("Hello! What would you like to know?")
    return Done(words, follow_ups=profile.suggested_prompts)


def _again(given: Message) -> Done:
    """The answer that was given and not sent; nothing where a person has the message."""
    if given.role != Message.Role.ASSISTANT:
        return Done("", handoff="")
    if given.status == Message.Status.FAILED:
        return _broken_off(given.content, public_message())
    extras = given.extras or {}
    return Done(
        given.content,
        citations=passages(given.citations),
        cards=tuple(extras.get("cards", ())),
        links=tuple(extras.get("links", ())),
    )


async def _asked(lease: Lease, row: Inbound) -> tuple[Done, str]:
    channel, entity = lease.channel, lease.connection.entity
    assert entity is not None
    asked = live.Asked(
        message=row.text,
        session_id=lease.chat.session_id,
        channel=lease.connection.channel,
        visitor=row.visitor,
        passed_on=True,
        answer_id=row.answer_id,
        limits=limits.of_chat(entity.pk, lease.chat.session_id),
        conversation_id=lease.chat.conversation_id,
    )
    try:
        prepared = await sync_to_async(live.prepare)(entity, asked)
        show = partial(channel.show, lease.values, row.address) if channel.tells_progress else None
        return await _told(prepared, Progress(show), _seconds_for(row))
    except Problem as problem:
        return Done(await _told_of(problem, lease)), problem.detail


async def _told_of(problem: Problem, lease: Lease) -> str:
    """What the person reads of it. That there were too many messages is said once a minute, where
    the service may be left without an answer: another bot would answer that too, without end."""
    may_be_silent = not lease.channel.silence(with_person=False)
    if problem.status == HTTPStatus.TOO_MANY_REQUESTS and may_be_silent:
        known = await sync_to_async(limits.of_refusals(lease.chat.pk).wait)()
        return "" if known else problem.detail
    return problem.detail


def _seconds_for(row: Inbound) -> float | None:
    return (row.deadline - timezone.now()).total_seconds() if row.deadline else None


async def _told(
    prepared: live.Prepared | live.PassedOn, progress: Progress, seconds: float | None
) -> tuple[Done, str]:
    """``seconds``: how long the answer may take."""
    said: list[str] = []
    answer, error = Done(""), ""
    try:
        async with asyncio.timeout(seconds) as limit, aclosing(prepared.frames()) as frames:
            async for frame in frames:
                match frame.event:
                    case "token":
                        said.append(frame.data["text"])
                        progress.of(said)
                    case "done":
                        answer = _whole(frame.data, prepared)
                    case "error":
                        answer = _broken_off("".join(said), frame.data["message"])
                        error = prepared.outcome.error or frame.data["message"]
    except TimeoutError:
        if not limit.expired():
            raise
        error = _("The answer took too long.")
        answer = _broken_off("".join(said), error)
    finally:
        await progress.end()
    return answer, error


def _whole(data: Mapping[str, Any], prepared: live.Prepared | live.PassedOn) -> Done:
    return Done(
        data["message"],
        citations=prepared.outcome.citations,
        follow_ups=tuple(data["follow_ups"]),
        cards=tuple(data["cards"]),
        links=tuple(data["links"]),
        handoff="" if data["handoff"] else None,
    )


def _broken_off(said: str, why: str) -> Done:
    """What a person reads whose answer failed: what was said, and that it is not all."""
    return Done(f"{said}\n\n{why}" if said.strip() else why or _("Try again in a moment."))
