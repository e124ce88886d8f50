"""The base of every configuration schema: frozen, and a typo is an error, not a lost value."""

import re
from typing import Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError

KEY_MISMATCH = "key_mismatch"
WITH_USER = "url_with_user"
NEWER = "newer_version"
NO_VERSION = "no_version"
# Of kinds of errors, those of values that nobody keeps even for a while.
NEVER_KEPT = frozenset({KEY_MISMATCH, WITH_USER, NEWER, NO_VERSION})
# What every object of JavaScript has: written under one of these, it would be written for all.
TAKEN = frozenset(
    {"__proto__", "constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable"}
    | {"toLocaleString", "toString", "valueOf", "__defineGetter__", "__defineSetter__"}
    | {"__lookupGetter__", "__lookupSetter__"}
)
# All before the path, and so lenient as whoever reads an address.
_USER = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:)?[/\\]*[^/\\?#]*@", re.IGNORECASE)


class Schema(BaseModel):
    """A frozen pydantic model that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=False)


class WithinError(ValueError):
    """Something is wrong with a part of a value, to which ``within`` leads, that is judged as a
    whole: the rest of it is no worse for it."""

    def __init__(self, message: str, *within: str | int) -> None:
        super().__init__(message)
        self.within = within


def key(pattern: str) -> BeforeValidator:
    """Refuses a text that is not of ``pattern`` as ``KEY_MISMATCH``: for what names something kept
    beside a document, in paths or in other stores, and so is not saved in any other form."""
    form = re.compile(pattern)

    def check(value: Any) -> Any:
        if isinstance(value, str) and not form.fullmatch(value):
            raise PydanticCustomError(KEY_MISMATCH, "is not in the right form")
        return _untaken(value)

    return BeforeValidator(check)


def _untaken(value: Any) -> Any:
    if isinstance(value, str) and value in TAKEN:
        raise PydanticCustomError(KEY_MISMATCH, "is not in the right form")
    return value


# Refuses a text by which pages cannot tell things apart, as ``KEY_MISMATCH``.
untaken = BeforeValidator(_untaken)


def names_a_user(address: str) -> bool:
    """Whether the address holds a user's name, and perhaps a password, before its host."""
    return bool(_USER.match(address))


def _without_user(value: Any) -> Any:
    if isinstance(value, str) and names_a_user(value):
        raise PydanticCustomError(WITH_USER, "holds a user's name or a password")
    return value


# Refuses an address that names a user, as ``WITH_USER``.
without_user = BeforeValidator(_without_user)


def once_each(key: str, sentence: str) -> AfterValidator:
    """Refuses a list in which two items share their ``key``; ``sentence`` names the value. What
    has none yet shares it with nobody: that it is missing is told where it is."""

    def check(items: tuple[Any, ...]) -> tuple[Any, ...]:
        seen: set[Any] = set()
        for number, item in enumerate(items):
            value = getattr(item, key)
            if value != "" and value in seen:
                raise WithinError(sentence.format(value), number, key)
            seen.add(value)
        return items

    return AfterValidator(check)
