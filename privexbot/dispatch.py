"""Sends each request to the handler that suits it. Knows no view."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.urls import Resolver404, get_resolver
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from privexbot.checks import TAG
from privexbot.metrics import Measured
from privexbot.pages import Pages
from privexbot.streaming import StreamHandler

if TYPE_CHECKING:
    from django.db.backends.postgresql.base import DatabaseWrapper

    from privexbot.asgi_types import Application, Receive, Scope, Send


def build() -> Application:
    """The whole application, as the settings want it; refuses to serve with weak secrets."""
    weak = [message for message in run_checks(tags=[TAG]) if message.is_serious()]
    if weak:
        raise ImproperlyConfigured(" ".join(f"{each.msg} {each.hint}" for each in weak))
    pages = Pages(get_wsgi_application(), threads=settings.WEB_THREADS)
    application: Application = Measured(Dispatcher(streams=StreamHandler(), pages=pages))
    if settings.TRUSTED_PROXIES:
        # Only then does X-Forwarded-For say who the visitor is; anybody can send it.
        trusting = ProxyHeadersMiddleware(application, trusted_hosts=settings.TRUSTED_PROXIES)  # type: ignore[arg-type]
        application = cast("Application", trusting)
    return application


class Dispatcher:
    """``streams`` answers what resolves in the stream URLs, ``pages`` answers the rest."""

    def __init__(self, *, streams: Application, pages: Application) -> None:
        self.streams = streams
        self.pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})
        elif is_stream(scope["path"]):
            await self.streams(scope, receive, send)
        else:
            await self.pages(scope, receive, send)


LONGEST_KEPT = 200


def is_stream(path: str) -> bool:
    """Whether ``path`` is one of the stream URLs."""
    # Anybody may ask for paths as long as a request's head: those are not kept.
    return _is_stream(path) if len(path) <= LONGEST_KEPT else _is_stream.__wrapped__(path)


@lru_cache(maxsize=4096)  # the same few paths are asked for again and again
def _is_stream(path: str) -> bool:
    try:
        get_resolver(settings.STREAM_URLCONF).resolve(path)
    except Resolver404:
        return False
    return True


async def _lifespan(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    for connection in connections.all(initialized_only=True):
        cast("DatabaseWrapper", connection).close_pool()
    await send({"type": "lifespan.shutdown.complete"})
