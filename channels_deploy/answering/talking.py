"""One chat, answered until nothing in it waits: each message by the assistant, each answer part by
part. A worker may die anywhere in it, since all of it is rows."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from django.db import DatabaseError
from django.utils import timezone

from channels_deploy.answering import going_on, inbound, leases
from channels_deploy.answering.asking import answer_to
from channels_deploy.answering.progress import Beginning
from channels_deploy.answering.sending import send_all
from common import crash
from conversations.turn import Done

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from channels_deploy.answering.leases import Lease
    from channels_deploy.dialects.part import Part
    from channels_deploy.models import Inbound

EVERY = leases.LEASE.total_seconds() / 4


async def talk(lease: Lease) -> bool:
    """Answer all that waits in the chat; whether something has come since, for whoever takes it
    then. What cannot be done now is left to the sweep."""
    try:
        async with _kept(lease):
            await _answer_all(lease)
    finally:
        if not lease.over:
            await sync_to_async(leases.put_off)(lease.chat, lease.until)
    return lease.more


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
        return await sync_to_async(leases.renew)(lease)
    except DatabaseError:
        return timezone.now() < lease.until


async def _answer_all(lease: Lease) -> None:
    while await send_all(lease):
        if lease.message is None and not lease.over:
            await sync_to_async(going_on.go_on)(lease)
        if lease.message is None:
            return
        crash.point("answering.claimed")
        await _answer(lease, lease.message)


async def _answer(lease: Lease, row: Inbound) -> None:
    begin = partial(lease.channel.begin, lease.values, row.address)
    beginning = Beginning(begin, at_once=lease.channel.begins_at_once(row.address))
    try:
        answer, error = await answer_to(lease, row)
    finally:
        await beginning.end()
    crash.point("answering.asked")
    await sync_to_async(_written)(lease, row, answer, error)


def _written(lease: Lease, row: Inbound, answer: Done, error: str) -> None:
    """Keep the answer as it is sent. On a thread: writing a long one takes a while."""
    inbound.answered(lease, row, _parts(lease, row, answer), error)
    crash.point("answering.kept")


def _parts(lease: Lease, row: Inbound, answer: Done) -> Sequence[Part]:
    channel = lease.channel
    if not channel.hears(row.address):
        return ()
    silence = channel.silence(with_person=answer.handoff is not None)
    return channel.parts(answer) or channel.parts(Done(silence))
