"""PostgreSQL and Valkey from wheels, for a machine that has neither. Knows no Django.

``endpoints`` says where the databases are, ``running`` starts the embedded ones for as long as
something needs them. What ``DATABASE_URL`` or ``REDIS_URL`` names is never started here.
"""

from privexbot.embedded.endpoints import Endpoints, endpoints
from privexbot.embedded.errors import AlreadyRunningError, EmbeddedError
from privexbot.embedded.running import Servers, running

__all__ = [
    "AlreadyRunningError",
    "EmbeddedError",
    "Endpoints",
    "Servers",
    "endpoints",
    "running",
]
