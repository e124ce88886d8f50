"""Which paths of a site are wanted: patterns with ``*`` and ``?``."""

from __future__ import annotations

import re
from fnmatch import translate
from typing import TYPE_CHECKING
from urllib.parse import unquote

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterable


class PathFilter:
    """Whether the path of an address is included (all are where nothing is said) and not
    excluded. ``/docs/*`` is ``/docs`` too."""

    def __init__(self, include: Iterable[str] = (), exclude: Iterable[str] = ()) -> None:
        self._include = [_compiled(pattern) for pattern in include]
        self._exclude = [_compiled(pattern) for pattern in exclude]

    def admits(self, address: str) -> bool:
        path = unquote(httpx.URL(address).path)
        spellings = (path, f"{path}/")
        if any(_matches(pattern, spellings) for pattern in self._exclude):
            return False
        return not self._include or any(_matches(each, spellings) for each in self._include)


def _matches(pattern: re.Pattern[str], spellings: Iterable[str]) -> bool:
    return any(pattern.match(spelling) for spelling in spellings)


def _compiled(pattern: str) -> re.Pattern[str]:
    text = pattern.strip()
    if "://" in text:
        text = "/" + text.partition("://")[2].partition("/")[2]
    if not text.startswith(("/", "*")):
        text = f"/{text}"
    return re.compile(translate(unquote(text)))
