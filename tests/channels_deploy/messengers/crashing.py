"""Answers what waits in a process of its own, which may be told to crash (``CRASH_AT``).

``python -m tests.channels_deploy.messengers.crashing``
"""

import django

django.setup()

from tests.channels_deploy.messengers.answering import answer_all  # noqa: E402

answer_all()
