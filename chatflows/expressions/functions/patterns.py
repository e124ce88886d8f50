"""Functions that search by regular expressions: RE2, which takes linear time whatever they say."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import re2

from chatflows.expressions.functions.function import function
from chatflows.expressions.values import UnfitError, as_text

# Characters of a pattern, of a text that is searched by one, and bytes that one may take.
LONGEST_PATTERN, LONGEST_SEARCHED, MOST_MEMORY = 500, 8000, 1 << 20
# Patterns that are kept: each holds up to so much memory once it has searched.
MOST_KEPT = 64


@function(r'matches("A-17", "^[A-Z]-\d+$")', "Whether a regular expression (RE2) is found in it.")
def matches(text: Any, pattern: Any) -> bool:
    return _pattern(as_text(pattern)).search(_searched(text)) is not None


@function(r'extract("Order 17", "\d+")', "What a regular expression (RE2) finds: its first group.")
def extract(text: Any, pattern: Any) -> str | None:
    found = _pattern(as_text(pattern)).search(_searched(text))
    if found is None:
        return None
    part: str | None = found[1] if found.re.groups else found[0]
    return part


def _searched(text: Any) -> str:
    whole = as_text(text)
    if len(whole) > LONGEST_SEARCHED:
        raise UnfitError(f"only texts of up to {LONGEST_SEARCHED:,} characters are searched")
    return whole


@lru_cache(maxsize=MOST_KEPT)
def _pattern(pattern: str) -> Any:
    """A pattern that is searched in linear time, whatever it says."""
    if len(pattern) > LONGEST_PATTERN:
        raise UnfitError(f"a pattern has at most {LONGEST_PATTERN} characters")
    options = re2.Options()
    options.max_mem, options.log_errors = MOST_MEMORY, False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        words = error.args[0].decode() if isinstance(error.args[0], bytes) else error.args[0]
        raise UnfitError(f"{pattern!r} is no pattern ({words})") from None
