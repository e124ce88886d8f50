"""Prints a new API key, and nothing else, on standard output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.text import slugify

from workspaces import keys
from workspaces.access import Actor, Role
from workspaces.audit import record
from workspaces.models import ApiKey, Workspace

if TYPE_CHECKING:
    from argparse import ArgumentParser

FROM_THE_SHELL = "Command line"


class Command(BaseCommand):
    help = "Makes an API key for a workspace and prints it. It cannot be shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--workspace", required=True, help="its address, as in /w/…/")
        parser.add_argument("--scope", choices=ApiKey.Scope.values, default=ApiKey.Scope.MANAGE)
        parser.add_argument("--assistant", type=UUID, help="the id of the assistant of a chat key")
        parser.add_argument("--name", default=FROM_THE_SHELL)
        parser.add_argument(
            "--create", action="store_true", help="make the workspace if it is not there"
        )

    @transaction.atomic
    def handle(self, *_args: Any, **options: Any) -> None:
        if options["scope"] == ApiKey.Scope.CHAT and options["assistant"] is None:
            raise CommandError("A chat key is for one assistant: add --assistant <id>.")
        workspace = _workspace(options["workspace"], create=options["create"])
        key, raw = keys.issue(workspace, options["name"], options["scope"], options["assistant"])
        shell = Actor(workspace, Role.OWNER, FROM_THE_SHELL)
        record(shell, "key.issued", key.name, prefix=key.prefix, scope=key.scope)
        self.stdout.write(raw)


def _workspace(slug: str, *, create: bool) -> Workspace:
    found = Workspace.objects.filter(slug=slug).first()
    if found is None and not create:
        raise CommandError(f"There is no workspace {slug!r}. Add --create to make it.")
    if found is None and slugify(slug) != slug:
        raise CommandError(f"{slug!r} cannot be an address: use lower-case letters, digits and -.")
    return found or Workspace.objects.create(name=slug.replace("-", " ").capitalize(), slug=slug)
