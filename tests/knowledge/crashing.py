"""Works on a base, removes it or adds a text to it, or does what a message tells a worker, in a
process of its own, which may be told to crash (``CRASH_AT``).

``python -m tests.knowledge.crashing index|remove|change <base>``
``python -m tests.knowledge.crashing task <name> <argument>…``
"""

import sys
from uuid import UUID

import django

django.setup()

from knowledge import tasks  # noqa: E402
from knowledge.indexing import work  # noqa: E402
from knowledge.live import changes, removing  # noqa: E402
from knowledge.models import KnowledgeBase  # noqa: E402
from workspaces.access import Actor, Role  # noqa: E402


def change(base_id: UUID) -> None:
    base = KnowledgeBase.objects.select_related("workspace").get(pk=base_id)
    actor = Actor(base.workspace, Role.EDITOR, "A program")
    changes.add_text(actor, base_id, "Late", "Added while it was live.")


def main(what: str, *words: str) -> None:
    if what == "task":
        name, *arguments = words
        getattr(tasks, name)(*arguments)
    else:
        run = {"index": work.run, "remove": removing.run, "change": change}[what]
        run(UUID(words[0]))


main(*sys.argv[1:])
