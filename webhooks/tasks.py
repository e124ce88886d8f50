"""What workers do for webhooks. Every task may run twice, and may be lost: the sweep comes by.

Where much happens, each turn of a conversation asks for all of it to be passed on: of the threads
that a worker has, which channels need too, few are ever busy with that.
"""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from common.turns import Turns, in_turn
from webhooks import ending, forgetting
from webhooks.fan_out import fan_out
from webhooks.sending import delivering
from webhooks.sending.handing_out import hand_out
from webhooks.waking import TASK

# Threads of one worker that make deliveries. What they are at is everybody's.
_writers = Turns(2, 2)


@shared_task
def pass_on() -> None:
    """Make deliveries of what happened, and start them."""
    in_turn(_writers, "", fan_out, TASK)
    hand_out()


@shared_task
def deliver(delivery_id: str, attempt: int) -> None:
    """One attempt of one delivery; then those that waited for its turn."""
    delivering.deliver(UUID(delivery_id), attempt)
    hand_out()


@shared_task
def sweep() -> None:
    """Go on where a worker died or a message was lost, and forget what is old."""
    ending.end_unentitled()
    delivering.give_up_interrupted()
    forgetting.forget_old()
    pass_on()
