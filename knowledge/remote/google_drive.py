"""Google's Drive API, as far as documents are read through it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from knowledge.remote.asking import BUSY, Manners, Service, bearer
from knowledge.remote.google_access import access_token

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Self

    from knowledge.remote.errors import RefusedError

DOCUMENT = "application/vnd.google-apps.document"
TOO_LARGE = "exportSizeLimitExceeded"
FORBIDDEN = 403
FIELDS = "id,name,mimeType,modifiedTime,webViewLink"
LIMITED = frozenset({"rateLimitExceeded", "userRateLimitExceeded"})
UNAVAILABLE = frozenset({"accessNotConfigured", "SERVICE_DISABLED"})


class Drive:
    """What one account may see. Raises as ``Service`` does."""

    def __init__(self, values: Mapping[str, str], is_stopped: Callable[[], bool]) -> None:
        token = bearer(access_token(values, is_stopped))
        self._service = Service(_manners(), is_stopped, {"Authorization": token})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._service.__exit__(*error)

    def about(self) -> dict[str, Any]:
        return self._service.json("GET", "/drive/v3/about", params={"fields": "user"})

    def file(self, file_id: str) -> dict[str, Any]:
        wanted = {"fields": FIELDS, "supportsAllDrives": "true"}
        return self._service.json("GET", f"/drive/v3/files/{file_id}", params=wanted)

    def export(self, file_id: str, mime_type: str) -> str:
        path, wanted = f"/drive/v3/files/{file_id}/export", {"mimeType": mime_type}
        return self._service.body("GET", path, params=wanted).decode("utf-8-sig", "replace")


def words_for(error: RefusedError) -> str:
    """Why Google refused, and what a person can do."""
    if error.code == TOO_LARGE:
        return _("Google exports documents up to 10 MB. Split it, or download and upload it.")
    if error.code in UNAVAILABLE:
        return _("The Google Drive API is switched off in the account's Google Cloud project.")
    known = {
        400: _("Google does not know such a document. Paste its address again."),
        401: _("Google does not take the token: they end after an hour. Store a new one."),
        403: _("The account may not download this document. Ask its owner to allow it."),
        404: _(
            "There is no such document, or it is not shared with the account: in Google Docs, "
            "choose “Share” and add the service account's email address as a viewer."
        ),
    }
    return known.get(error.status, str(error))


def _manners() -> Manners:
    return Manners("Google", settings.GOOGLE_API_URL, _code_of, _waits)


def _code_of(body: Any) -> str:
    """Its older kind of reason: ``{"error": {"errors": [{"reason": …}]}}``."""
    error = body.get("error") if isinstance(body, dict) else None
    reasons = error.get("errors") if isinstance(error, dict) else None
    first = reasons[0] if isinstance(reasons, list) and reasons else None
    return str(first.get("reason") or "") if isinstance(first, dict) else ""


def _waits(status: int, code: str) -> bool:
    return status in BUSY or (status == FORBIDDEN and code in LIMITED)
