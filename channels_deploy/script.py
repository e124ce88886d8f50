"""The built widget script: its bytes, its check sums, its addresses."""

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

FILE = Path(settings.BASE_DIR) / "static" / "widget" / "widget.js"
KEPT = Path(settings.DATA_DIR) / "widget"
VERSION_LENGTH = 12


@dataclass(frozen=True)
class Script:
    """One build of the widget."""

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


def built() -> Script:
    """The script as it is on disk now."""
    return _read(FILE, FILE.stat().st_mtime_ns)


def version(name: str) -> Script | None:
    """The build called ``name``: today's, or one that this installation once handed out."""
    if built().version == name:
        return built()
    file = KEPT / f"{name}.js"
    return _read(file, file.stat().st_mtime_ns) if file.is_file() else None


def url() -> str:
    """Where the newest script is."""
    return f"{settings.PUBLIC_URL}{reverse('widget-script')}"


def pinned_url() -> str:
    """Where this very build stays, also after the product has moved on."""
    _keep(built())
    address = reverse("widget-script-pinned", args=[built().version])
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
