"""What was found when a connection was last looked at, as it is kept with it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from channels_deploy.finding import ERROR, WARNING, Finding, worst
from common.timestamps import rfc3339

if TYPE_CHECKING:
    from collections.abc import Sequence

    from channels_deploy.finding import Level
    from channels_deploy.models import Connection


@dataclass(frozen=True)
class Health:
    """``findings`` of the time ``at``, the worst first, else in the order in which things were
    looked at."""

    at: datetime
    findings: Sequence[Finding]

    @property
    def level(self) -> Level:
        return worst(self.findings)

    @property
    def is_bad(self) -> bool:
        """Whether the channel does not do its work."""
        return self.level == ERROR

    @property
    def problems(self) -> list[Finding]:
        """What keeps it from its work."""
        return [each for each in self.findings if each.level == ERROR]

    @property
    def warnings(self) -> list[Finding]:
        return [each for each in self.findings if each.level == WARNING]

    @property
    def can_connect(self) -> bool:
        """Whether connecting again mends some of it."""
        return any(each.action == "connect" for each in self.findings)

    @property
    def as_json(self) -> dict[str, Any]:
        """For programs."""
        found = [asdict(each) for each in self.findings]
        return {"at": rfc3339(self.at), "level": self.level, "findings": found}


def kept(health: Health, connection: Connection, refused: str) -> dict[str, Any]:
    """What is stored with ``connection``. ``refused`` stands for the credential that its service
    does not take; empty where it takes it."""
    of = connection.updated_at.isoformat()
    return {
        "at": health.at.isoformat(),
        "of": of,
        "findings": [asdict(each) for each in health.findings],
        "refused": refused,
    }


def health_of(connection: Connection) -> Health | None:
    """None where nobody has looked since the connection was last made or changed."""
    data = connection.health
    if data.get("of") != connection.updated_at.isoformat():
        return None
    found = [Finding(**each) for each in data["findings"]]
    return Health(datetime.fromisoformat(data["at"]), found)
