"""Sends what is said in a chat, part after part. What may have arrived is sent again only where
people would not see it twice."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

from channels_deploy.answering import chats
from channels_deploy.answering.rows import on_rows
from channels_deploy.channel import ChannelError
from channels_deploy.dialects.part import part_of
from channels_deploy.messenger import UnclearError
from channels_deploy.models import Outbound
from common import crash

if TYPE_CHECKING:
    from collections.abc import Mapping

    from channels_deploy.answering.chats import Lease
    from channels_deploy.messenger import Messenger

# Seconds that a service is waited for at most before the same part is sent again.
LONGEST_WAIT = 120
Status = Outbound.Status


async def send_all(lease: Lease, channel: Messenger, values: Mapping[str, str]) -> bool:
    """Send what waits; False when the service does not know us any more, and nothing more may be
    asked of it."""
    while lease.parts:
        row = lease.parts[0]
        await on_rows(chats.begin)(row)
        if not await _sent(lease, channel, values, row):
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
            await on_rows(chats.ended)(lease, row, Status.UNKNOWN, error=str(error))
        else:
            await _put_back(row, 2 ** (row.attempts - 1))
    except ChannelError as error:
        return await _refused(lease, row, error)
    else:
        crash.point("answering.sent")
        await on_rows(chats.ended)(lease, row, Status.SENT, external_id=external_id)
    return True


async def _refused(lease: Lease, row: Outbound, error: ChannelError) -> bool:
    """The part was not taken: it waits to be sent again, or has failed. As ``_sent``."""
    wait = error.retry_after or error.pace ** (row.attempts - 1)
    if error.permanent or row.attempts >= chats.MOST_SENDINGS or wait > LONGEST_WAIT:
        await on_rows(chats.ended)(lease, row, Status.FAILED, error=str(error))
        if error.unauthorized:
            await on_rows(chats.refused)(lease, str(error))
        return not error.unauthorized
    await _put_back(row, wait)
    return True


async def _put_back(row: Outbound, seconds: float) -> None:
    """Have the part sent again after a while."""
    await on_rows(chats.put_back)(row)
    await asyncio.sleep(seconds + random.random() * seconds / 10)  # noqa: S311 (no secret)
