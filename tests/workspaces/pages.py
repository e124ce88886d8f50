"""What a page says, whoever it was made for."""

import re

CSRF = re.compile(r"[A-Za-z0-9]{64}")


def words_of(content: bytes, *addresses: str) -> str:
    """The page without its own tokens, and with the ``addresses`` that were typed made equal."""
    text = CSRF.sub("", content.decode())
    for address in addresses:
        text = text.replace(address, "somebody@example.com")
    return text
