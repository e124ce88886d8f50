"""One chat, answered until nothing in it waits: each message by the assistant, each answer part by
part. A worker may die anywhere in it: see ``chats``."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing, asynccontextmanager, suppress
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _

from channels_deploy import channels, limits
from channels_deploy.answering import chats
from channels_deploy.answering.progress import Progress
from channels_deploy.answering.sending import send_all
from channels_deploy.channel import ChannelError
from channels_deploy.credentials import values_for
from channels_deploy.messenger import Messenger, UnclearError
from common import crash
from common.problems import Problem
from conversations import live
from conversations.answering import public_message
from conversations.models import Message
from conversations.releases import assistant_of
from conversations.turn import Done

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping
    from uuid import UUID

    from channels_deploy.answering.chats import Lease
    from channels_deploy.models import Inbound

logger = logging.getLogger(__name__)
EVERY = chats.LEASE.total_seconds() / 4


async def talk(chat_id: UUID) -> None:
    """Answer all that waits in the chat; nothing where somebody else is at it. What cannot be done
    now is left to the sweep."""
    more = True
    while more and (lease := await sync_to_async(chats.claim)(chat_id)):
        goes_on = False
        try:
            async with _kept(lease):
                goes_on = await _answer_all(lease)
        finally:
            more = await sync_to_async(chats.release)(lease) and goes_on


@asynccontextmanager
async def _kept(lease: Lease) -> AsyncIterator[None]:
    """Keep the chat while the block runs; what the block does ends where it is lost."""
    block = asyncio.current_task()

    async def keep() -> None:
        await asyncio.sleep(EVERY)
        while await _renewed(lease):
            await asyncio.sleep(EVERY)
        if block:
            block.cancel()

    keeper = asyncio.ensure_future(keep())
    try:
        yield
    finally:
        keeper.cancel()
        await asyncio.gather(keeper, return_exceptions=True)


async def _renewed(lease: Lease) -> bool:
    """Whether it is still ours, as far as anybody knows: a database that is away may be there again
    before the lease is over."""
    try:
        return await sync_to_async(chats.renew)(lease)
    except DatabaseError:
        return timezone.now() < lease.until


async def _answer_all(lease: Lease) -> bool:
    """Whether more of it could be done at once, should there be more by then."""
    channel = channels.find(lease.connection.channel)
    if not isinstance(channel, Messenger):
        return False
    values = await _values(channel, lease)
    if values is None:
        return False
    while await send_all(lease, channel, values):
        row = await sync_to_async(chats.next_message)(lease)
        if row is None:
            return True
        crash.point("answering.claimed")
        await _answer(lease, channel, values, row)
    return False


async def _values(channel: Messenger, lease: Lease) -> Mapping[str, str] | None:
    """The secrets of the connection; without them nothing is done, and the channel says why."""
    try:
        return await sync_to_async(values_for)(channel, lease.connection)
    except ChannelError as error:
        await sync_to_async(chats.refused)(lease, str(error))
        return None


async def _answer(
    lease: Lease, channel: Messenger, values: Mapping[str, str], row: Inbound
) -> None:
    beginning = asyncio.ensure_future(_shown(partial(channel.begin, values, row.address)))
    answer, error = await _answer_to(lease, channel, values, row)
    await beginning
    crash.point("answering.asked")
    silence = channel.silence(with_person=answer.handoff is not None)
    parts = channel.parts(answer) or channel.parts(Done(silence))
    parts = parts if channel.hears(row.address) else ()
    await sync_to_async(chats.answered)(lease, row, parts, error)


async def _answer_to(
    lease: Lease, channel: Messenger, values: Mapping[str, str], row: Inbound
) -> tuple[Done, str]:
    """The answer, and what kept the assistant from giving one, in words for the workspace."""
    if row.notice:
        return Done(row.notice), ""
    if row.greets:
        return await sync_to_async(_greeting)(lease), ""
    if row.attempts > chats.MOST_ATTEMPTS:
        why = _("Answering it was interrupted several times.")
        return Done(_("Your message could not be answered. Please send it again.")), why
    if given := await sync_to_async(chats.answer_of)(row):
        return _again(given), ""
    return await _asked(lease, channel, values, row)


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
        cards=tuple(extras.get("cards", ())),
        links=tuple(extras.get("links", ())),
    )


async def _asked(
    lease: Lease, channel: Messenger, values: Mapping[str, str], row: Inbound
) -> tuple[Done, str]:
    entity = lease.connection.entity
    assert entity is not None
    asked = live.Asked(
        message=row.text,
        session_id=lease.chat.session_id,
        channel=lease.connection.channel,
        visitor=row.visitor,
        passed_on=True,
        answer_id=row.answer_id,
        limits=limits.of_chat(entity.pk, lease.chat.session_id),
    )
    try:
        prepared = await sync_to_async(live.prepare)(entity, asked)
        show = partial(channel.show, values, row.address) if channel.tells_progress else None
        return await _told(prepared, Progress(show), _seconds_for(row))
    except Problem as problem:
        return Done(await _told_of(problem, lease, channel)), problem.detail


async def _told_of(problem: Problem, lease: Lease, channel: Messenger) -> str:
    """What the person reads of it. That there were too many messages is said once a minute, where
    the service may be left without an answer: another bot would answer that too, without end."""
    may_be_silent = not channel.silence(with_person=False)
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


async def _shown(show: Callable[[], None]) -> None:
    """Let the person see that something goes on, where the service can show it."""
    with suppress(ChannelError, UnclearError):
        await asyncio.to_thread(show)
