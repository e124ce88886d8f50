"""Serves the scripts of other people's pages: always the newest, or one build for good."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_safe

from channels_deploy import script

if TYPE_CHECKING:
    from django.http import HttpRequest

HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Vary": "Accept-Encoding",
}
NEWEST = "public, max-age=300, stale-while-revalidate=86400"
FOR_GOOD = "public, max-age=31536000, immutable"


@require_safe
async def newest(request: HttpRequest, name: str = script.WIDGET) -> HttpResponse:
    built = await sync_to_async(script.built)(name)
    return _served(request, built, NEWEST)


@require_safe
async def pinned(request: HttpRequest, version: str, name: str = script.WIDGET) -> HttpResponse:
    """The build whose check sum is in a page; 404 for one that was never here."""
    found = await sync_to_async(script.version)(version, name)
    if found is None:
        raise Http404
    return _served(request, found, FOR_GOOD)


def _served(request: HttpRequest, found: script.Script, caching: str) -> HttpResponse:
    etag = f'"{found.version}"'
    headers = {**HEADERS, "Cache-Control": caching, "ETag": etag}
    if etag in request.headers.get("If-None-Match", "").replace("W/", "").split(", "):
        return HttpResponseNotModified(headers=headers)
    zipped = "gzip" in request.headers.get("Accept-Encoding", "")
    if zipped:
        headers["Content-Encoding"] = "gzip"
    return HttpResponse(
        found.gzipped if zipped else found.body,
        status=HTTPStatus.OK,
        content_type="text/javascript; charset=utf-8",
        headers=headers,
    )
