"""Connections follow the credential that they are made with: when its values change or it is
deleted, they are connected anew, which tells what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from channels_deploy import channels
from channels_deploy.connecting import TASK, ask
from channels_deploy.credentials import as_uuid, keep
from channels_deploy.models import Connection
from common.waking import after_commit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workspaces.models import Credential

Status = Connection.Status


def changed(credential: Credential, before: Mapping[str, str]) -> None:
    """See ``workspaces.credential_use.credential_changes``. ``before`` is kept with each until it
    was withdrawn: new values may be those of another bot, while the old one still points at us."""
    for row in _made_with(credential):
        keep(row, before)
        if row.enabled:
            ask(row)
            after_commit(TASK, row.pk)
        else:
            row.save(update_fields=["parting"])


def _made_with(credential: Credential) -> Iterator[Connection]:
    """The connections that are set up at their service with it, or wait to be, locked."""
    fields = {each.name: each.credential_field for each in channels.CHANNELS}
    names = [name for name, field in fields.items() if field]
    rows = Connection.objects.select_for_update(of=("self",)).exclude(status=Status.DISABLED)
    for row in rows.filter(entity__workspace=credential.workspace_id, channel__in=names):
        if as_uuid(row.config.get(fields[row.channel])) == credential.pk:
            yield row
