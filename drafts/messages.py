"""What is wrong, in words for the person who builds: one sentence per kind of error."""

from __future__ import annotations

import typing
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.names import WHOLE_NAME
from common.schema import KEY_MISMATCH, NEWER, NO_VERSION, WITH_USER
from drafts.schema_errors import field_info

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.utils.functional import _StrPromise
    from pydantic import BaseModel

    from drafts.schema_errors import Wrong
    from drafts.storage.flat import DocumentError

INITIALISMS = {"url": "URL", "api": "API", "id": "ID", "html": "HTML"}
BOUNDS = ("ge", "gt", "le", "lt")

REQUIRED = gettext_lazy("%(label)s is required")
TEXT = gettext_lazy("%(label)s must be text")
WHOLE = gettext_lazy("%(label)s must be a whole number")
NUMBER = gettext_lazy("%(label)s must be a number")
SWITCH = gettext_lazy("%(label)s must be true or false")
LIST = gettext_lazy("%(label)s must be a list")
OBJECT = gettext_lazy("%(label)s must be an object")
CHOICE = gettext_lazy("%(label)s must be one of: %(expected)s")
ADDRESS = gettext_lazy("%(label)s must be a full web address, such as https://example.com")
NO_SUCH_FIELD = gettext_lazy("There is no field called %(name)s here")
SENTENCES: Mapping[str, str | _StrPromise] = {
    "string_type": TEXT,
    "int_type": WHOLE,
    "int_from_float": WHOLE,
    "float_type": NUMBER,
    "bool_type": SWITCH,
    "list_type": LIST,
    "tuple_type": LIST,
    "set_type": LIST,
    "dict_type": OBJECT,
    "model_type": OBJECT,
    "model_attributes_type": OBJECT,
    "literal_error": CHOICE,
    "enum": CHOICE,
    "union_tag_invalid": gettext_lazy("%(label)s must be one of: %(expected_tags)s"),
    "union_tag_not_found": gettext_lazy("%(label)s does not say what it is"),
    "extra_forbidden": NO_SUCH_FIELD,
    "url_type": ADDRESS,
    "url_parsing": ADDRESS,
    "url_scheme": ADDRESS,
    "url_syntax_violation": ADDRESS,
    WITH_USER: gettext_lazy("%(label)s may hold no user name and no password"),
    NEWER: gettext_lazy(
        "%(label)s is %(given)s, from a newer PrivexBot: this server knows up to %(most)s"
    ),
    NO_VERSION: gettext_lazy("%(label)s must be a whole number, at least %(least)s"),
    "uuid_type": gettext_lazy("%(label)s must be an ID"),
    "uuid_parsing": gettext_lazy("%(label)s must be an ID"),
}
KEYED: Mapping[str, str | _StrPromise] = {
    "key_missing": gettext_lazy("Every entry of this list needs a %(key_field)s"),
    "key_repeated": gettext_lazy("Two entries of this list have the same %(key_field)s"),
    "item_not_an_object": gettext_lazy("Every entry of this list is an object"),
}


def sentence(wrong: Wrong, schema: type[BaseModel]) -> str:
    """What to tell the person about ``wrong``."""
    filled = unplaced(wrong, schema)
    if wrong.item is None:
        return filled
    return f"{place_of(wrong)}: {filled}"


def place_of(wrong: Wrong) -> str:
    """The item of a list that it is in; empty where it is in none."""
    if wrong.item is None:
        return ""
    return _("%(list)s, %(key)s") % {
        "list": humanised(wrong.item.list_field),
        "key": wrong.item.name,
    }


def unplaced(wrong: Wrong, schema: type[BaseModel]) -> str:
    """The same without the item that it is in."""
    text = _special(wrong, schema) or SENTENCES.get(wrong.kind) or _("%(label)s is not valid")
    name = wrong.names[-1] if wrong.names else ""
    return str(text) % {**wrong.context, "label": label_of(wrong, schema), "name": name}


def unkeyed(error: DocumentError) -> str:
    """What to tell about a list that cannot be merged by key."""
    return str(KEYED[error.reason]) % {"key_field": error.key_field}


def no_such_field(name: str) -> str:
    return str(NO_SUCH_FIELD) % {"name": name}


def label_of(wrong: Wrong, schema: type[BaseModel]) -> str:
    """What the field is called: its title in the schema, else its name in plain words."""
    if not wrong.fields:
        return _("The document")
    label, number = _title(wrong, schema, wrong.fields), wrong.names[-1]
    if number.isdigit() and number != wrong.fields[-1]:
        return _("%(label)s, number %(number)d") % {"label": label, "number": int(number) + 1}
    if wrong.row is None:
        return label
    rows = _title(wrong, schema, wrong.fields[:-1])
    return _("%(label)s of number %(number)d in “%(list)s”") % {
        "label": label,
        "number": wrong.row + 1,
        "list": rows,
    }


def _title(wrong: Wrong, schema: type[BaseModel], fields: tuple[str, ...]) -> str:
    info = field_info(schema, fields, wrong.tags)
    return _(info.title) if info and info.title else humanised(fields[-1])


def humanised(name: str) -> str:
    """``system_prompt`` → System prompt, ``avatar_url`` → Avatar URL, ``credential_id`` →
    Credential."""
    words = name.removesuffix("_id").split("_")
    text = " ".join(INITIALISMS.get(word, word) for word in words)
    return text[:1].upper() + text[1:]


def _special(wrong: Wrong, schema: type[BaseModel]) -> str | None:
    make = SPECIAL.get(wrong.kind)
    return None if make is None else make(wrong, schema)


def _own_words(wrong: Wrong, schema: type[BaseModel]) -> str:
    """A validator's own sentence."""
    return str(wrong.context.get("error", "")).replace("%", "%%")


def _too_short(wrong: Wrong, schema: type[BaseModel]) -> str:
    least = int(wrong.context.get("min_length", 1))
    if least == 1:
        return str(REQUIRED)
    return ngettext(
        "%(label)s needs at least %(min_length)d character",
        "%(label)s needs at least %(min_length)d characters",
        least,
    )


def _too_long(wrong: Wrong, schema: type[BaseModel]) -> str:
    text = ngettext(
        "%(label)s may have at most %(max_length)d character",
        "%(label)s may have at most %(max_length)d characters",
        int(wrong.context["max_length"]),
    )
    return text + _("; this has %(length)d") if "length" in wrong.context else text


def _missing(wrong: Wrong, schema: type[BaseModel]) -> str:
    info = field_info(schema, wrong.fields, wrong.tags)
    is_list = info is not None and typing.get_origin(info.annotation) in (tuple, list)
    return _too_few(wrong, schema) if is_list else str(REQUIRED)


def _too_few(wrong: Wrong, schema: type[BaseModel]) -> str:
    least = int(wrong.context.get("min_length", 1))
    if least == 1:
        return _("Add at least one entry to %(label)s")
    return _("%(label)s needs at least %(min_length)d entries")


def _too_many(wrong: Wrong, schema: type[BaseModel]) -> str:
    if wrong.context["max_length"] == 0:
        return _("%(label)s must be empty")
    return ngettext(
        "%(label)s may have at most %(max_length)d entry",
        "%(label)s may have at most %(max_length)d entries",
        int(wrong.context["max_length"]),
    )


def _out_of_range(wrong: Wrong, schema: type[BaseModel]) -> str:
    """Both ends of the range, where there are two."""
    given = {name: value for name, value in wrong.context.items() if name in BOUNDS}
    bounds = {name: _plainly(value) for name, value in (_bounds(wrong, schema) | given).items()}
    low = bounds.get("ge", bounds.get("gt"))
    high = bounds.get("le", bounds.get("lt"))
    if low is not None and high is not None:
        return "%(label)s " + _("must be between {low} and {high}").format(low=low, high=high)
    if low is not None:
        return "%(label)s " + _("must be at least {low}").format(low=low)
    return "%(label)s " + _("must be at most {high}").format(high=high)


def _plainly(number: Any) -> Any:
    """2.0 as 2."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


def _bounds(wrong: Wrong, schema: type[BaseModel]) -> dict[str, Any]:
    info = field_info(schema, wrong.fields, wrong.tags)
    found: dict[str, Any] = {}
    for limit in info.metadata if info else ():
        found |= {name: getattr(limit, name) for name in BOUNDS if hasattr(limit, name)}
    return found


def _mismatch(wrong: Wrong, schema: type[BaseModel]) -> str:
    if wrong.context.get("length") == 0:
        return str(REQUIRED)
    info = field_info(schema, wrong.fields, wrong.tags)
    if info and info.examples:
        example = str(info.examples[0]).replace("%", "%%")
        return "%(label)s " + _("must look like {example}").format(example=example)
    if wrong.context.get("pattern") == WHOLE_NAME:
        return _("%(label)s can have letters, digits and _, and begins with no digit")
    return _("%(label)s is not in the right form")


SPECIAL: Mapping[str, Callable[[Wrong, type[BaseModel]], str]] = {
    "missing": _missing,
    "value_error": _own_words,
    "assertion_error": _own_words,
    "string_too_short": _too_short,
    "string_too_long": _too_long,
    "url_too_long": _too_long,
    "too_short": _too_few,
    "too_long": _too_many,
    "greater_than": _out_of_range,
    "greater_than_equal": _out_of_range,
    "less_than": _out_of_range,
    "less_than_equal": _out_of_range,
    "string_pattern_mismatch": _mismatch,
    KEY_MISMATCH: _mismatch,
}
