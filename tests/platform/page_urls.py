"""Pages that show how the server treats pages, and the streams beside them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from tests.platform import stream_urls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase


@csrf_exempt
def told(request: HttpRequest, name: str = "") -> HttpResponse:
    """What the view knows of the request."""
    return JsonResponse(
        {
            "method": request.method,
            "path": request.path,
            "query": request.GET.dict(),
            "cookies": request.COOKIES,
            "headers": dict(request.headers),
            "length": len(request.body),
            "visitor": request.META["REMOTE_ADDR"],
        }
    )


@csrf_exempt
def upload(request: HttpRequest) -> HttpResponse:
    sent = request.FILES["file"]
    assert isinstance(sent, UploadedFile)
    return JsonResponse({"size": sent.size})


def export(request: HttpRequest) -> HttpResponseBase:
    def rows() -> Iterator[str]:
        yield "a,b\n"
        yield ""
        yield "1,2\n"

    return StreamingHttpResponse(rows(), content_type="text/csv")


def file(request: HttpRequest) -> HttpResponseBase:
    return FileResponse(io.BytesIO(b"x" * 300_000), filename="x.bin")


def cookies(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("täglich")
    response.set_cookie("a", "1")
    response.set_cookie("b", "2")
    return response


urlpatterns = [
    *stream_urls.urlpatterns,
    path("told", told),
    path("told/<str:name>", told),
    path("upload", upload),
    path("export", export),
    path("file", file),
    path("cookies", cookies),
]
