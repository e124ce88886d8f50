"""Answers a chat in a process of its own, which may be told to crash (``CRASH_AT``).

``python -m tests.channels_deploy.messengers.crashing <chat>``
"""

import asyncio
import sys
from uuid import UUID

import django

django.setup()

from channels_deploy.answering.talking import talk  # noqa: E402

asyncio.run(talk(UUID(sys.argv[1])))
