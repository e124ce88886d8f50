"""Requests to the services of channels, at the addresses that the server's settings name.

What went wrong is told in words without the address, which holds a bot's token at some of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import orjson
import requests
from django.utils.translation import gettext as _
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from channels_deploy.channel import ChannelError
from channels_deploy.messenger import UnclearError
from common.outbound import no_cookies
from common.retry_after import DAY, seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

P = ParamSpec("P")
T = TypeVar("T")
# Seconds until a connection stands, and between two pieces of an answer.
TIMEOUT = (5, 20)
LARGEST = 1024 * 1024
# Connections to one service that are kept open: as many as there are answers under way.
POOL = 200
UNAUTHORIZED, TOO_MANY, SERVER_FAULTS = 401, 429, 500
# A gateway gave up waiting for what may still happen behind it.
GATEWAY_TIMEOUT = 504


@dataclass(frozen=True)
class Reply:
    """``data`` is an object's JSON; empty where the answer was none. Names in ``headers`` are found
    however they are written."""

    status: int
    data: Mapping[str, Any]
    headers: Mapping[str, str]

    @property
    def ok(self) -> bool:
        return self.status < 300  # noqa: PLR2004 (HTTP's own)

    def retry_after(self, told: object = None) -> float | None:
        """Seconds to wait: what the body has ``told``, where it is a number, else the header's."""
        if isinstance(told, int | float):
            return min(max(float(told), 0.0), DAY)
        return seconds(self.headers.get("Retry-After", ""))


class Service:
    """``name`` is what people call it."""

    def __init__(self, name: str, user_agent: str = "PrivexBot/1") -> None:
        self.name = name
        session = requests.Session()
        session.trust_env = False
        session.cookies = no_cookies()  # type: ignore[assignment]
        # Not unpacked, so that a little cannot become a lot.
        session.headers = {"User-Agent": user_agent, "Accept-Encoding": "identity"}
        for scheme in ("https://", "http://"):
            session.mount(scheme, HTTPAdapter(pool_maxsize=POOL))
        self._session = session

    def ask(
        self,
        method: str,
        url: str,
        json: Mapping[str, Any] | list[Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """The answer, whatever its status. Raises ``ChannelError`` where the request was not made,
        ``UnclearError`` where nobody knows what became of it."""
        body = None if json is None else orjson.dumps(json)
        typed = {} if body is None else {"Content-Type": "application/json"}
        try:
            with self._session.request(
                method,
                url,
                data=body,
                headers={**typed, **(headers or {})},
                timeout=TIMEOUT,
                allow_redirects=False,
                stream=True,
            ) as response:
                content = response.raw.read(LARGEST + 1, decode_content=False)
                status, given = response.status_code, response.headers
        except (requests.ConnectTimeout, requests.exceptions.SSLError):
            raise self._not_reached() from None
        except (requests.ConnectionError, requests.exceptions.InvalidURL) as error:
            if _was_refused(error):
                raise self._not_reached() from None
            raise unclear(self.name) from None
        except (requests.RequestException, HTTPError, OSError):
            raise unclear(self.name) from None
        return Reply(status, self._object(status, content), given)

    def _object(self, status: int, content: bytes) -> Mapping[str, Any]:
        try:
            found = orjson.loads(content) if len(content) <= LARGEST else None
        except orjson.JSONDecodeError:
            found = None
        if isinstance(found, dict):
            return found
        if status < 300 and content:  # noqa: PLR2004 (HTTP's own)
            raise unclear(self.name)
        return {}

    def _not_reached(self) -> ChannelError:
        return ChannelError(_("%(service)s cannot be reached.") % {"service": self.name})


def unclear(service: str) -> UnclearError:
    """Where ``service`` may have done what it was asked for."""
    return UnclearError(_("%(service)s did not say what became of it.") % {"service": service})


def repeatable(call: Callable[P, T]) -> Callable[P, T]:
    """``call`` for what may be asked again: not to know what became of it is a failure that passes,
    a ``ChannelError`` in the place of ``UnclearError``."""

    @wraps(call)
    def certainly(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return call(*args, **kwargs)
        except UnclearError as error:
            raise ChannelError(str(error)) from None

    return certainly


def _was_refused(error: Exception) -> bool:
    """Whether no connection came to stand, so that nothing was sent."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return type(reason).__name__ in {"NewConnectionError", "NameResolutionError"}
