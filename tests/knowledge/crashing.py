"""Works on a base in a process of its own, which may be told to crash (``CRASH_AT``).

``python -m tests.knowledge.crashing <base>``
"""

import sys
from uuid import UUID

import django

django.setup()

from knowledge.indexing import work  # noqa: E402

work.run(UUID(sys.argv[1]))
