"""What deleting a base costs everybody else: how long its longest transaction is.

``python -m bench.deleting`` makes a base of synthetic chunks, as ``bench.retrieval`` does, in a
database of its own that is removed afterwards, and deletes it as a worker does. Beside it somebody
looks every few milliseconds how long each transaction has been open.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import threading
import time
from pathlib import Path
from typing import Self

import django
from django.core.management import call_command

from bench.retrieval import CHUNKS_PER_DOCUMENT, Language

EVERY = 0.005
# Building or dropping an index concurrently waits for others; nobody waits for it.
OPEN = """
SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
  AND backend_type = 'client backend' AND query NOT LIKE '%CONCURRENTLY%'
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="10000,100000")
    options = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "privexbot.settings"
    with tempfile.TemporaryDirectory(prefix="privexbot-bench-") as folder:
        os.environ["PRIVEXBOT_DATA_DIR"] = folder
        # The settings read the folder when they are imported.
        from privexbot.embedded import endpoints, running  # noqa: PLC0415
        from privexbot.env import env  # noqa: PLC0415

        with running(endpoints(env, Path(folder)), "the benchmark"):
            django.setup()
            call_command("migrate", verbosity=0)
            for size in options.sizes.split(","):
                _measure(int(size))


def _measure(size: int) -> None:
    from django.db import transaction  # noqa: PLC0415

    from bench.retrieval_index import Bench  # noqa: PLC0415
    from knowledge import removing  # noqa: PLC0415
    from knowledge.index import hnsw  # noqa: PLC0415
    from knowledge.models import KnowledgeBase  # noqa: PLC0415

    bench = Bench(Language(seed=1))
    bench.grow(size, CHUNKS_PER_DOCUMENT)
    hnsw.build(bench.index)
    base = bench.index.base
    with Watch() as hiding, transaction.atomic():
        removing.begin(base)
    with Watch() as watch:
        slices = 0
        while KnowledgeBase.with_deleted.filter(pk=base.pk).exists():
            removing.run(base.pk)
            slices += 1
    base.workspace.delete()
    print(
        f"{size:>8,}  gone for everybody after {hiding.seconds * 1000:.0f} ms, removed after "
        f"{watch.seconds:.1f} s in {slices} tasks   longest transaction {watch.longest:.2f} s",
        flush=True,
    )


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
        from django.db import connection  # noqa: PLC0415

        with connection.cursor() as cursor:
            while not self._over.wait(EVERY):
                cursor.execute(OPEN)
                (seconds,) = cursor.fetchone() or (0,)
                self.longest = max(self.longest, float(seconds))
        connection.close()


if __name__ == "__main__":
    main()
