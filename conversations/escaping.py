"""A visitor's values inside somebody else's Markdown: shown as they are, never as Markdown.

For the server's Markdown and the widget's, both of which take a backslash before punctuation.
"""

from __future__ import annotations

import re
from urllib.parse import quote

# Begins or ends something anywhere in a line. The colon is that of an address: ``https://``.
_ANYWHERE = re.compile(r"[\\`*_~\[\]()<>|&:]")
# Makes of its line a heading, an entry of a list, or of the line above a heading.
_AT_THE_START = re.compile(r"^(\d*)([-+#=.])")
# What a template has before a value that is a part of a link's address.
_IN_AN_ADDRESS = re.compile(r"""(?:https?://|\]\()[^\s<>"'`|)]*\Z""")


def escaped(value: str, before: str) -> str:
    """``value``, which is one line, for Markdown that goes on from ``before``.

    In the address of a link what would end the address is percent-encoded instead.
    """
    if _IN_AN_ADDRESS.search(before):
        return quote(value, safe=":/?#@!$&+,;=%")
    return _AT_THE_START.sub(r"\1\\\2", _ANYWHERE.sub(r"\\\g<0>", value))
