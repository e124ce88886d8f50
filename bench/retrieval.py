"""What a question costs in the database as a knowledge base grows: 1,000, 10,000, 100,000 chunks.

``python -m bench.retrieval`` makes an index of texts whose words are as unevenly spread as those of
a language (Zipf) and of vectors that lie in clusters, in a database of its own that is removed
afterwards. It measures the statement alone, as ``VectorStore.candidates`` sends it.

The settings read where the database is when they are imported; so a process of its own, which is
told that by its environment, does the measuring: ``bench.retrieval_run``.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="privexbot-bench-") as folder:
        place = {"DJANGO_SETTINGS_MODULE": "privexbot.settings", "PRIVEXBOT_DATA_DIR": folder}
        command = [sys.executable, "-m", "bench.retrieval_run", *sys.argv[1:]]
        sys.exit(subprocess.run(command, env=os.environ | place, check=False).returncode)


if __name__ == "__main__":
    main()
