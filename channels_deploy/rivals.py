"""Two assistants at one account of a service, which knows one address of ours only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from channels_deploy.models import Connection


def rival(connection: Connection, fact: str, value: Any) -> Connection | None:
    """Another live connection of the channel with this ``fact``, which would fall silent if
    ``connection`` were connected too."""
    live = {"channel": connection.channel, "enabled": True, "status": "success"}
    rows = type(connection).objects.filter(**live, **{f"facts__{fact}": value})
    return rows.exclude(pk=connection.pk).first()
