"""The scripts that stand on other people's pages: their bytes, check sums and addresses."""

from __future__ import annotations

import base64
import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.urls import reverse

FOLDER = Path(settings.BASE_DIR) / "static" / "widget"
# The chat, and what comes up on a page before anybody opens it.
WIDGET, LAUNCH = "widget", "launch"
FILE = FOLDER / "widget.js"
KEPT = Path(settings.DATA_DIR) / "widget"
VERSION_LENGTH = 12


@dataclass(frozen=True)
class Script:
    """One build of a script."""

    body: bytes
    gzipped: bytes
    version: str
    integrity: str


@cache
def _read(file: Path, modified: int) -> Script:
    body = file.read_bytes()
    digest = hashlib.sha384(body).digest()
    return Script(
        body=body,
        gzipped=gzip.compress(body, mtime=0),
        version=digest.hex()[:VERSION_LENGTH],
        integrity=f"sha384-{base64.b64encode(digest).decode()}",
    )


def built(name: str = WIDGET) -> Script:
    """The script as it is on disk now."""
    file = FOLDER / f"{name}.js"
    return _read(file, file.stat().st_mtime_ns)


def version(wanted: str, name: str = WIDGET) -> Script | None:
    """The build called ``wanted``: today's, or one that this installation once handed out."""
    if built(name).version == wanted:
        return built(name)
    file = KEPT / f"{wanted}.js"
    return _read(file, file.stat().st_mtime_ns) if file.is_file() else None


def url(name: str = WIDGET) -> str:
    """Where the newest script is."""
    return f"{settings.PUBLIC_URL}{reverse(f'{name}-script')}"


def pinned_url(name: str = WIDGET) -> str:
    """Where this very build stays, also after the product has moved on."""
    _keep(built(name))
    address = reverse(f"{name}-script-pinned", args=[built(name).version])
    return f"{settings.PUBLIC_URL}{address}"


def _keep(script: Script) -> None:
    """Keep a copy of a build whose address is handed out."""
    file = KEPT / f"{script.version}.js"
    if file.exists():
        return
    KEPT.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(f".{uuid4().hex}.part")  # others may be keeping it too
    unfinished.write_bytes(script.body)
    unfinished.replace(file)
