"""Sends what is said in a chat, part after part. What may have arrived is never sent again."""

from __future__ import annotations

import asyncio
import random
from functools import partial
from typing import TYPE_CHECKING

from channels_deploy.answering import chats
from channels_deploy.answering.rows import on_rows
from channels_deploy.channel import ChannelError
from channels_deploy.dialects.part import part_of
from channels_deploy.messenger import UnclearError
from channels_deploy.models import Outbound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from channels_deploy.answering.chats import Lease
    from channels_deploy.messenger import Messenger

MOST_ATTEMPTS = 5
# Seconds that a service is waited for at most before the same part is sent again.
LONGEST_WAIT = 120
Status = Outbound.Status


async def send_all(lease: Lease, channel: Messenger, values: Mapping[str, str]) -> bool:
    """Send what waits; False when the service does not know us any more, and nothing more may be
    asked of it."""
    while row := await on_rows(chats.next_part)(lease):
        if not await _sent(lease, channel, values, row):
            return False
    return True


async def _sent(lease: Lease, channel: Messenger, values: Mapping[str, str], row: Outbound) -> bool:
    send = partial(channel.send, values, row.address, part_of(row.part), row.number)
    for attempt in range(1, MOST_ATTEMPTS + 1):
        try:
            external_id = await asyncio.to_thread(send)
        except UnclearError as error:
            await on_rows(chats.ended)(row, Status.UNKNOWN, error=str(error))
            return True
        except ChannelError as error:
            wait = error.retry_after or 2 ** (attempt - 1)
            if error.permanent or attempt == MOST_ATTEMPTS or wait > LONGEST_WAIT:
                await on_rows(chats.ended)(row, Status.FAILED, error=str(error))
                if error.unauthorized:
                    await on_rows(chats.refused)(lease, str(error))
                return not error.unauthorized
            await asyncio.sleep(wait + random.random() * wait / 10)  # noqa: S311 (no secret)
        else:
            await on_rows(chats.ended)(row, Status.SENT, external_id=external_id)
            return True
    return True
