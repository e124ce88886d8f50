#!/usr/bin/env python
"""Django's command line for the project. A command finds the databases running, or has them run."""

import os
import sys
from contextlib import AbstractContextManager, nullcontext

from privexbot.embedded import EmbeddedError, endpoints, running
from privexbot.env import DATA_DIR, env

# These touch no database, or are started by ``up``, which keeps the databases.
WITHOUT_DATABASES = {
    "",
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "serve",
    "spectacular",
    "startapp",
    "version",
}


def databases(command: str) -> AbstractContextManager[None]:
    """What ``command`` needs around it."""
    if command in WITHOUT_DATABASES or command.startswith("-"):
        return nullcontext()
    return running(endpoints(env, DATA_DIR), f"manage.py {command}")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "privexbot.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command == "up":
        # The supervisor stays small: it does not load Django.
        from privexbot import up

        sys.exit(up.main(sys.argv[2:]))
    from django.core.management import execute_from_command_line

    try:
        with databases("" if "--help" in sys.argv else command):
            execute_from_command_line(sys.argv)
    except EmbeddedError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
