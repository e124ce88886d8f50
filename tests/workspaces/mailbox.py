"""What arrived in somebody's mailbox."""

from __future__ import annotations

import re

from django.core import mail


def to(address: str) -> list[str]:
    """The texts of the mails to ``address``, oldest first, with their subjects."""
    return [f"{one.subject}\n{one.body}" for one in mail.outbox if one.to == [address]]


def link_to(address: str) -> str:
    """The path of the first link in the newest mail to ``address``."""
    found = re.search(r"http://testserver(/\S+)", to(address)[-1])
    assert found
    return found[1]


def code_to(address: str) -> str:
    """The code in the newest mail to ``address``."""
    found = re.search(r"Your code: (\S+)", to(address)[-1])
    assert found
    return found[1]
