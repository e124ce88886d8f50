"""What is wrong with a request's body, in words for whoever wrote the client: one sentence for each
of pydantic's kinds of error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise
    from pydantic_core import ErrorDetails

_NUMBER = _("Give a number.")
_WHOLE = _("Give a whole number.")
_SWITCH = _("Give true or false.")
_LIST = _("Give a list.")
_OBJECT = _("Give an object.")
_AT_LEAST = _("Give %(least)s or more.")
_MORE_THAN = _("Give more than %(least)s.")
_AT_MOST = _("Give %(most)s or less.")
_LESS_THAN = _("Give less than %(most)s.")
SENTENCES: Mapping[str, str | _StrPromise] = {
    "missing": _("This field is needed."),
    "extra_forbidden": _("There is no such field."),
    "string_type": _("Give a text."),
    "string_too_long": ngettext_lazy(
        "Write at most %(most)d character.", "Write at most %(most)d characters.", "most"
    ),
    "string_too_short": ngettext_lazy(
        "Write at least %(least)d character.", "Write at least %(least)d characters.", "least"
    ),
    "string_pattern_mismatch": _("This is not in the right form."),
    "too_long": ngettext_lazy(
        "Give at most %(most)d entry.", "Give at most %(most)d entries.", "most"
    ),
    "too_short": ngettext_lazy(
        "Give at least %(least)d entry.", "Give at least %(least)d entries.", "least"
    ),
    **dict.fromkeys(("float_type", "float_parsing", "finite_number"), _NUMBER),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float", "int_parsing_size"), _WHOLE),
    **dict.fromkeys(("bool_type", "bool_parsing"), _SWITCH),
    **dict.fromkeys(("list_type", "tuple_type", "set_type"), _LIST),
    **dict.fromkeys(("dict_type", "model_type", "model_attributes_type", "mapping_type"), _OBJECT),
    **dict.fromkeys(("literal_error", "enum"), _("Choose one of: %(expected)s.")),
    "union_tag_invalid": _("Choose one of: %(expected_tags)s."),
    "greater_than_equal": _AT_LEAST,
    "greater_than": _MORE_THAN,
    "less_than_equal": _AT_MOST,
    "less_than": _LESS_THAN,
}

_LIMITS = {
    **dict.fromkeys(("min_length", "ge", "gt"), "least"),
    **dict.fromkeys(("max_length", "le", "lt"), "most"),
}


def in_words(fault: ErrorDetails) -> str:
    """What to tell about ``fault``: a validator's own words, or the sentence of its kind."""
    context = dict(fault.get("ctx", {}))
    if fault["type"] in ("value_error", "assertion_error"):
        return f"{context['error']}".rstrip(".") + "."
    sentence = SENTENCES.get(fault["type"])
    return str(sentence % _named(context)) if sentence else str(_("This is not valid."))


def _named(context: Mapping[str, Any]) -> dict[str, Any]:
    """``context`` with its limits by one name each, and 2.0 as 2."""
    return {
        _LIMITS.get(name, name): int(value) if _is_whole(value) else value
        for name, value in context.items()
    }


def _is_whole(value: Any) -> bool:
    return isinstance(value, float) and value.is_integer()
