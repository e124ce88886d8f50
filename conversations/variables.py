"""What a visitor tells about themselves before or during a chat: checked, and none missing."""

from __future__ import annotations

import re
from datetime import date
from math import isfinite
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.utils.translation import gettext as _

from common.problems import FieldError, invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conversations.runtime import Assistant, Profile

MOST = 50
LONGEST = 2000
LONGEST_NAME = 64
_PHONE = re.compile(r"\+?[\d\s()./-]{5,25}")
_email = EmailValidator()
_url = URLValidator(schemes=["http", "https"])


def checked(
    assistant: Assistant,
    given: Mapping[str, Any],
    known: Mapping[str, Any],
    *,
    public: bool,
) -> dict[str, Any]:
    """``known`` and ``given`` together; raises ``Problem`` 422 naming what is wrong.

    ``public``: anybody's browser tells. Every required field that the visitor is asked for before
    the chat must be there, and what the assistant has no use for is left out.
    """
    fields = {str(field["name"]): field for field in assistant.profile.collect}
    together = {**known, **given}
    if public:
        together = {name: together[name] for name in assistant.variables if name in together}
    errors = [*_unfit(given, together), *_wrong(fields, given)]
    if public:
        errors += _missing(fields, together)
    if errors:
        raise invalid(_("Some details are missing or not valid."), *errors)
    return together


def from_page(assistant: Assistant, given: Mapping[str, Any]) -> dict[str, Any]:
    """The variables that a page gives before its visitor says anything, without those that the
    assistant does not have; raises ``Problem`` 422 naming what is wrong."""
    kept = {name: given[name] for name in assistant.variables if name in given}
    fields = {str(field["name"]): field for field in assistant.profile.collect}
    if errors := [*_unfit(given, kept), *_wrong(fields, kept)]:
        names = ", ".join(error.path.removeprefix("variables.") for error in errors)
        raise invalid(_("These variables are not valid: %(names)s.") % {"names": names}, *errors)
    return kept


def missing(profile: Profile, known: Mapping[str, Any]) -> list[str]:
    """The names of the required fields that are not known yet."""
    return [str(f["name"]) for f in profile.collect if f["required"] and _empty(known, f["name"])]


def asks_first(profile: Profile, known: Mapping[str, Any], *, begun: bool) -> bool:
    """Whether the form before the chat is to be shown: something required is missing, or nothing
    was said yet and there is something that may be told."""
    unknown = [field for field in profile.collect if str(field["name"]) not in known]
    return bool(missing(profile, known)) or (not begun and bool(unknown))


def field_problem(field: Mapping[str, Any], value: Any) -> str:
    """What is wrong with one field's value, in a sentence for whoever typed it."""
    check = _CHECKS.get(str(field["type"]))
    if check is None or check(field, str(value).strip()):
        return ""
    return _MESSAGES[str(field["type"])]()


def _unfit(given: Mapping[str, Any], together: Mapping[str, Any]) -> list[FieldError]:
    if max(len(given), len(together)) > MOST:
        return [FieldError("variables", _("At most %(most)s variables.") % {"most": MOST})]
    return [
        FieldError(
            f"variables.{name[:64]}", _("Give a text or a number of at most 2,000 characters.")
        )
        for name, value in given.items()
        if len(name) > LONGEST_NAME or len(str(value)) > LONGEST
    ]


def _wrong(fields: Mapping[str, Mapping[str, Any]], given: Mapping[str, Any]) -> list[FieldError]:
    found = (
        (name, field_problem(field, given[name]))
        for name, field in fields.items()
        if not _empty(given, name)
    )
    return [FieldError(f"variables.{name}", message) for name, message in found if message]


def _missing(fields: Mapping[str, Mapping[str, Any]], known: Mapping[str, Any]) -> list[FieldError]:
    return [
        FieldError(f"variables.{name}", _("%(label)s is needed.") % {"label": field["label"]})
        for name, field in fields.items()
        if field["required"] and _empty(known, name)
    ]


def _empty(values: Mapping[str, Any], name: str) -> bool:
    value = values.get(name)
    return value is None or (isinstance(value, str) and not value.strip())


def _passes(validator: Callable[[str], None], text: str) -> bool:
    try:
        validator(text)
    except ValidationError:
        return False
    return True


def _is_number(text: str) -> bool:
    try:
        return isfinite(float(text))
    except ValueError:
        return False


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


_CHECKS: dict[str, Callable[[Mapping[str, Any], str], bool]] = {
    "email": lambda _field, text: _passes(_email, text),
    "url": lambda _field, text: _passes(_url, text),
    "number": lambda _field, text: _is_number(text),
    "phone": lambda _field, text: _PHONE.fullmatch(text) is not None,
    "date": lambda _field, text: _is_date(text),
    "select": lambda field, text: text in field["options"],
}
_MESSAGES: dict[str, Callable[[], str]] = {
    "email": lambda: _("Enter an e-mail address such as ana@example.com."),
    "url": lambda: _("Enter a web address such as https://example.com."),
    "number": lambda: _("Enter a number."),
    "phone": lambda: _("Enter a phone number such as +1 555 0100."),
    "date": lambda: _("Enter a date such as 2030-12-31."),
    "select": lambda: _("Choose one of the options."),
}
