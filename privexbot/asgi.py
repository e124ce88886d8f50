"""ASGI entry point: streams by Django's asynchronous handler, everything else by WSGI threads.

A page costs a tenth of the processor time under WSGI; a stream that waits costs no thread under
ASGI. So each gets what suits it, in one process.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "privexbot.settings")

from privexbot.dispatch import build

application = build()
