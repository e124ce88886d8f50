"""Where PostgreSQL and Redis are: the environment's, else the embedded servers' Unix sockets."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from privexbot.embedded.errors import EmbeddedError

if TYPE_CHECKING:
    import environ

DATABASE = "privexbot"
POSTGRES_SOCKET = ".s.PGSQL.5432"
VALKEY_SOCKET = "valkey.sock"
# The kernel's limit on a socket's path is 108 bytes, 104 on macOS.
LONGEST_SOCKET_PATH = 100


@dataclass(frozen=True)
class Endpoints:
    """Addresses as URLs. An empty ``given_*`` means that the embedded server is used."""

    data_dir: Path
    given_database_url: str
    given_redis_url: str

    @property
    def database_url(self) -> str:
        folder = quote(str(socket_dir(self.data_dir)))
        return self.given_database_url or f"postgresql://postgres@/{folder}/{DATABASE}"

    def redis_url(self, db: int) -> str:
        """The Redis database number ``db``; a number in ``REDIS_URL`` itself does not count."""
        if not self.given_redis_url:
            return f"unix://{quote(str(self.valkey_socket))}?db={db}"
        url = urlsplit(self.given_redis_url)
        options = [(k, v) for k, v in parse_qsl(url.query) if k not in {"db", "virtual_host"}]
        if url.scheme in {"unix", "redis+socket"}:
            query = urlencode([*options, ("db", db)])
            return f"unix://{url.netloc}{url.path}?{query}"
        return urlunsplit(url._replace(path=f"/{db}", query=urlencode(options)))

    @property
    def broker_url(self) -> str:
        """Redis database 0 in the words of Celery's transport."""
        url = urlsplit(self.redis_url(0))
        if url.scheme == "unix":
            return f"redis+socket://{url.netloc}{url.path}?virtual_host=0"
        if url.scheme == "rediss" and "ssl_cert_reqs" not in url.query:
            query = f"{url.query}&ssl_cert_reqs=required".lstrip("&")
            return urlunsplit(url._replace(query=query))
        return urlunsplit(url)

    @property
    def valkey_socket(self) -> Path:
        return socket_dir(self.data_dir) / VALKEY_SOCKET


def endpoints(env: environ.Env, data_dir: Path) -> Endpoints:
    """The addresses that ``env`` and the data folder give."""
    return Endpoints(
        data_dir, env.str("DATABASE_URL", default=""), env.str("REDIS_URL", default="")
    )


def socket_dir(data_dir: Path) -> Path:
    """The folder of the sockets: in the data folder, or a short one where that is too long."""
    inside = data_dir / "run"
    if len(os.fsencode(inside / POSTGRES_SOCKET)) <= LONGEST_SOCKET_PATH:
        return inside
    name = short_name(data_dir)
    short = Path(tempfile.gettempdir()) / name
    if len(os.fsencode(short / POSTGRES_SOCKET)) <= LONGEST_SOCKET_PATH:
        return short
    return Path("/tmp") / name  # noqa: S108 (it is checked that nobody else made it)


def short_name(data_dir: Path) -> str:
    """What folders outside of the data folder are called, so that each has its own."""
    return f"privexbot-{os.getuid()}-{hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]}"


def make_socket_dir(data_dir: Path) -> Path:
    """``socket_dir``, made if need be; refuses one that somebody else made first."""
    return own_folder(socket_dir(data_dir))


def own_folder(folder: Path) -> Path:
    """``folder``, made if need be and for this user alone; raises ``EmbeddedError`` for one that
    somebody else made first."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    status = folder.lstat()
    if folder.is_symlink() or (os.getuid() != 0 and status.st_uid != os.getuid()):
        raise EmbeddedError(f"{folder} belongs to somebody else. Remove it and start again.")
    folder.chmod(0o700)
    return folder
