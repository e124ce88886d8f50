"""Where channels' services call: ``/webhooks/<channel>/<entity>/<path>``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from channels_deploy import incoming
from channels_deploy.messenger import Call
from common.http import problems

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest


@csrf_exempt
@require_http_methods(["GET", "POST"])
@problems
def webhook(request: HttpRequest, channel: str, entity_id: UUID, path: str = "") -> HttpResponse:
    reading = incoming.receive(channel, entity_id, path, _call(request))
    if isinstance(reading.answer, str):
        return HttpResponse(reading.answer, content_type="text/plain; charset=utf-8")
    return JsonResponse(reading.answer)


def _call(request: HttpRequest) -> Call:
    return Call(
        method=request.method or "",
        headers={name.lower(): value for name, value in request.headers.items()},
        query={name: request.GET[name] for name in request.GET},
        body=request.body,
    )
