"""What deleting a base costs everybody else: how long its longest transaction is."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Self

from django.db import connection, transaction

from knowledge.live import removing
from knowledge.models import KnowledgeBase

if TYPE_CHECKING:
    from uuid import UUID

EVERY = 0.005
# Building or dropping an index concurrently waits for others; nobody waits for it.
OPEN = """
SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
  AND backend_type = 'client backend' AND query NOT LIKE '%CONCURRENTLY%'
"""


class Watch:
    """How long something took, and the longest that any transaction was open meanwhile."""

    def __init__(self) -> None:
        self.longest = self.seconds = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Self:
        self._thread.start()
        self._began = time.perf_counter()
        return self

    def __exit__(self, *_error: object) -> None:
        self.seconds = time.perf_counter() - self._began
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        with connection.cursor() as cursor:
            while not self._over.wait(EVERY):
                cursor.execute(OPEN)
                (seconds,) = cursor.fetchone() or (0,)
                self.longest = max(self.longest, float(seconds))
        connection.close()


def deleted(base: KnowledgeBase) -> tuple[Watch, Watch]:
    """Delete the base as a person and a worker do; what hiding and what removing took."""
    with Watch() as hiding, transaction.atomic():
        removing.begin(base)
    with Watch() as watch:
        while _is_there(base.pk):
            removing.run(base.pk)
    return hiding, watch


def _is_there(base_id: UUID) -> bool:
    return KnowledgeBase.with_deleted.filter(pk=base_id).exists()
