"""Sends what is said in a chat, part after part. What may have arrived is sent again only where
people would not see it twice."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from django.utils import timezone

from channels_deploy.answering import chats
from channels_deploy.channel import ChannelError
from channels_deploy.dialects.part import part_of
from channels_deploy.messenger import UnclearError
from channels_deploy.models import Outbound
from common import crash

if TYPE_CHECKING:
    from collections.abc import Mapping

    from channels_deploy.answering.chats import Lease
    from channels_deploy.messenger import Messenger

# Seconds that a worker waits at most before the same part is sent again. Where a service asks for
# more, the chat is left until then.
LONGEST_WAIT = 120
Status = Outbound.Status


async def send_all(lease: Lease, channel: Messenger, values: Mapping[str, str]) -> bool:
    """Send what waits; False when nothing more may be asked of the service: it does not know us any
    more, or wants to be left alone for long."""
    while lease.parts:
        if lease.sending is None:
            await sync_to_async(chats.begin)(lease)
        if not await _sent(lease, channel, values, lease.parts[0]):
            return False
    return True


async def _sent(lease: Lease, channel: Messenger, values: Mapping[str, str], row: Outbound) -> bool:
    part, name = part_of(row.part), str(row.pk)
    crash.point("answering.sending")
    try:
        external_id = await asyncio.to_thread(
            channel.send, values, row.address, part, row.number, name
        )
    except UnclearError as error:
        if row.attempts >= chats.MOST_SENDINGS or not channel.repeats(row.address, row.number):
            await sync_to_async(chats.ended)(lease, row, Status.UNKNOWN, error=str(error))
        else:
            await _put_back(lease, row, 2 ** (row.attempts - 1))
    except ChannelError as error:
        return await _refused(lease, row, error)
    else:
        crash.point("answering.sent")
        await sync_to_async(chats.ended)(lease, row, Status.SENT, external_id=external_id)
    return True


async def _refused(lease: Lease, row: Outbound, error: ChannelError) -> bool:
    """The part was not taken: it waits to be sent again, or has failed. As ``_sent``."""
    wait = error.retry_after or error.pace ** (row.attempts - 1)
    if error.permanent or row.attempts >= chats.MOST_SENDINGS:
        goes_on = not error.unauthorized
        await sync_to_async(chats.ended)(
            lease, row, Status.FAILED, error=str(error), goes_on=goes_on
        )
        if not goes_on:
            await sync_to_async(chats.refused)(lease, str(error))
        return goes_on
    if wait > LONGEST_WAIT:
        await sync_to_async(chats.put_back)(lease, row)
        lease.resumes = timezone.now() + timedelta(seconds=wait)
        return False
    await _put_back(lease, row, wait)
    return True


async def _put_back(lease: Lease, row: Outbound, seconds: float) -> None:
    """Have the part sent again after a while."""
    await sync_to_async(chats.put_back)(lease, row)
    await asyncio.sleep(seconds + random.random() * seconds / 10)  # noqa: S311 (no secret)
