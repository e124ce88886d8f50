"""Which variable, asked before the chat, tells the same as a field of the lead form. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conversations.lead_fields import LEAD_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assistants.schema import Variable

# What names of variables say beside the thing itself: user_name, your_email, company_name.
_BESIDE = frozenset({"client", "contact", "customer", "full", "my", "user", "visitor", "your"})
# Of these there is seldom a second one: a field of such a type is theirs, whatever it is called.
_BY_TYPE = ("email", "phone")


def told_by(field: str, variables: Iterable[Variable]) -> str:
    """The name of the variable; empty where none is like the lead form's ``field``."""
    asked = [each for each in variables if each.collect_before_chat]
    by_name = [each.name for each in asked if _is_called(field, each.name)]
    kind = LEAD_FIELDS[field].kind
    by_type = [each.name for each in asked if kind in _BY_TYPE and each.type == kind]
    return next(iter(by_name + by_type), "")


def _is_called(field: str, name: str) -> bool:
    words = {*name.lower().split("_")} - _BESIDE
    return words in ({field}, {field, "name"})
