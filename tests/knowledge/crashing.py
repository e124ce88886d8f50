"""Works on a base, or removes it, in a process of its own, which may be told to crash
(``CRASH_AT``).

``python -m tests.knowledge.crashing index|remove <base>``
"""

import sys
from uuid import UUID

import django

django.setup()

from knowledge import removing  # noqa: E402
from knowledge.indexing import work  # noqa: E402

run = {"index": work.run, "remove": removing.run}[sys.argv[1]]
run(UUID(sys.argv[2]))
