"""Encrypts the stored credentials under the newest key, so that an older one can be taken away."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from workspaces import credentials


class Command(BaseCommand):
    help = "Encrypts every credential again under the first key of CREDENTIALS_KEYS."

    def handle(self, *_args: Any, **_options: Any) -> None:
        done, unreadable = credentials.rotate()
        self.stdout.write(f"{done} credentials are encrypted under the newest key.")
        if unreadable:
            raise CommandError(
                f"{unreadable} credentials open with none of the keys in CREDENTIALS_KEYS. "
                "Put the missing key back, or replace their values."
            )
