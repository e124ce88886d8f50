"""Encrypts what is sealed under the newest key, so that an older one can be taken away."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from workspaces import credentials


class Command(BaseCommand):
    help = "Encrypts credentials and webhooks again under the first key of CREDENTIALS_KEYS."

    def handle(self, *_args: Any, **_options: Any) -> None:
        done, unreadable = credentials.rotate()
        self.stdout.write(f"{done} credentials and webhooks are encrypted under the newest key.")
        if unreadable:
            raise CommandError(
                f"{unreadable} credentials or webhooks open with none of the keys in "
                "CREDENTIALS_KEYS. Put the missing key back, or replace their values."
            )
