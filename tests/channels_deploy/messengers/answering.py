"""Answers what waits in chats, as a worker does, until nothing can be done any more."""

from asgiref.sync import async_to_sync

from channels_deploy.answering.claiming import claim
from channels_deploy.answering.talking import talk

MANY = 100


def answer_all() -> None:
    while leases := claim(MANY, MANY, {}).leases:
        for lease in leases:
            async_to_sync(talk)(lease)
