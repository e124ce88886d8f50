"""What the API's views read from a body: members of the right type, or a problem."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from common.problems import FieldError, invalid

if TYPE_CHECKING:
    from collections.abc import Mapping


def text_in(body: Mapping[str, Any], name: str, default: str | None = None) -> str:
    """A text of the body; ``default`` None: it must be there."""
    return str(_typed(body, name, str, _("must be a text"), default))


def truth_in(body: Mapping[str, Any], name: str) -> bool | None:
    """True or false of the body; None when it is not there."""
    value: bool | None = _typed(body, name, bool, _("must be true or false"), default=None)
    return value


def choice_in(body: Mapping[str, Any], name: str, choices: tuple[str, ...]) -> str:
    """One of ``choices``, the first of them when it is not there."""
    value = text_in(body, name, choices[0])
    if value not in choices:
        raise wrong(name, _("must be one of: %(choices)s") % {"choices": ", ".join(choices)})
    return value


def object_in(body: Mapping[str, Any], name: str) -> dict[str, Any]:
    """An object of the body, empty when it is not there."""
    value: dict[str, Any] = _typed(body, name, dict, _("must be an object"), {})
    return value


def number_in(
    body: Mapping[str, Any], name: str, default: int | None, lowest: int, highest: int
) -> int | None:
    """A whole number of the body within bounds."""
    value = body.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
        words = _("must be a whole number from %(lowest)d to %(highest)d")
        raise wrong(name, words % {"lowest": lowest, "highest": highest})
    return value


def wrong(name: str, message: str) -> Exception:
    return invalid(_("The body is not valid."), FieldError(name, message))


def _typed(body: Mapping[str, Any], name: str, type_: type, message: str, default: Any) -> Any:
    value = body.get(name)
    if value is None and name not in body and default is not None:
        return default
    if value is None and type_ is bool:
        return None
    if not isinstance(value, type_):
        raise wrong(name, message)
    return value


def texts_in(body: Mapping[str, Any], name: str) -> tuple[str, ...] | None:
    """A list of texts of the body; None when it is not there."""
    value = body.get(name)
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise wrong(name, _("must be a list of texts"))
    return tuple(value)
