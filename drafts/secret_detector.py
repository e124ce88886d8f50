"""Finds values that look like secrets: they belong into Credentials, a draft holds only an id."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from common.problems import FieldError, invalid

if TYPE_CHECKING:
    from collections.abc import Iterator

# What the services give out. Each is long and shaped enough not to be met in prose.
KNOWN = re.compile(
    r"""
      # Telegram bot token, also within the address of a call
      (?:(?<![\w-])|(?<=bot)) \d{6,12}:[A-Za-z0-9_-]{35} (?![\w-])
      # Discord bot token
    | (?<![\w.-]) [MNO][A-Za-z0-9_-]{22,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,45} (?![\w.-])
    | (?<![\w-]) EAA[A-Za-z0-9]{30,}                               # Meta
    | discord(?:app)?\.com/api/webhooks/\d{15,}/[A-Za-z0-9_-]{40,}   # Discord webhook
    | -----BEGIN\ [A-Z ]*PRIVATE\ KEY(?:\ BLOCK)?-----
    | (?<![A-Za-z0-9]) (?:AKIA|ASIA)[0-9A-Z]{16} (?![A-Za-z0-9])   # AWS
    | (?<![\w-]) AIza[A-Za-z0-9_-]{35} (?![\w-])                   # Google
    | (?<![\w-]) gh[pousr]_[A-Za-z0-9]{36,}                        # GitHub
    | (?<![A-Za-z0-9]) github_pat_[A-Za-z0-9_]{40,}                # GitHub, fine-grained
    | (?<![A-Za-z0-9]) glpat-[A-Za-z0-9_-]{20,}                    # GitLab
    | (?<![A-Za-z0-9]) npm_[A-Za-z0-9]{36,}                        # npm
    | (?<![A-Za-z0-9]) hf_[A-Za-z0-9]{30,}                         # Hugging Face
    | (?<![A-Za-z0-9]) [sr]k_(?:live|test)_[A-Za-z0-9]{16,}        # Stripe
    | (?<![\w-]) SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{32,}        # SendGrid
    | (?<![\w-]) xox[abprs]-[A-Za-z0-9-]{20,}                      # Slack
    | (?<![\w-]) eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}  # JWT
    # An address with a password
    | [a-z][a-z0-9+.-]{1,15}://[^\s/:@]{1,99}:[^\s/@]{6,99}@
    | (?<![\w-]) pxb_[a-z2-9]{10}_[A-Za-z0-9_-]{43}                # our own
    """,
    re.VERBOSE | re.ASCII,
)
# Hyphenated words may follow "sk-" too: a key has digits and no rhythm of short words.
PREFIXED = re.compile(r"(?<![A-Za-z-])sk-[A-Za-z0-9_-]{20,}", re.ASCII)
NAMED_AS_SECRET = re.compile(
    r"(token|secret|password|passwd|api_?key|private_?key)$", re.IGNORECASE
)
SHORTEST = 40
LEAST_BITS = 3.5  # per character; English letters alone have about 4, of which words repeat many
LONGEST_WORD = 16


def check(data: Any) -> None:
    """Refuse ``data`` if a text in it looks like a secret; the answer never repeats it."""
    places = dict.fromkeys(path for path, text in _texts(data, "data") if _is_secret(path, text))
    if places:
        advice = _("This looks like a secret. Store it under Credentials and choose it here.")
        told = [path for path in places if not _shaped_like_one(path)]
        raise invalid(advice, *(FieldError(path, advice) for path in told))


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, member in value.items():
            yield path, str(name)
            yield from _texts(member, f"{path}.{name}")
    elif isinstance(value, list | tuple):
        for index, member in enumerate(value):
            yield from _texts(member, f"{path}.{index}")


def _shaped_like_one(text: str) -> bool:
    return bool(KNOWN.search(text)) or any(_is_random(key) for key in PREFIXED.findall(text))


def _is_secret(path: str, text: str) -> bool:
    if _shaped_like_one(text):
        return True
    named = NAMED_AS_SECRET.search(path.rsplit(".", 1)[-1])
    return bool(named) and len(text) >= SHORTEST and not re.search(r"\s", text) and _bits(text)


def _is_random(key: str) -> bool:
    """Whether what follows ``sk-`` is a key rather than words joined by hyphens."""
    body = key.removeprefix("sk-")
    words = re.split(r"[-_]", body)
    return any(c.isdigit() for c in body) and any(len(word) >= LONGEST_WORD for word in words)


def _bits(text: str) -> bool:
    counts = Counter(text).values()
    entropy = -sum(n / len(text) * math.log2(n / len(text)) for n in counts)
    return entropy >= LEAST_BITS
