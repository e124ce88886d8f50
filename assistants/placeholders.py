"""The texts of a document in which ``{{name}}`` stands for a variable's value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from channels_deploy.widget_names import TRANSLATIONS
from conversations.prompt import with_names
from drafts.forms.field_values import MISSING, field_value, merged, nested

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# Every kind has this one.
WELCOME = "appearance.welcome_message"


def welcomes(data: Mapping[str, Any]) -> Iterator[str]:
    """The paths of the welcome message, and of it in other languages."""
    yield WELCOME
    widget = (data.get("deployment") or {}).get("widget") or {}
    for translation in widget.get("translations") or ():
        yield f"{TRANSLATIONS}.{translation['language']}.welcome_message"


def texts_of(
    data: Mapping[str, Any], paths: Iterable[str], keyed_lists: Mapping[str, str]
) -> dict[str, str]:
    """The texts at ``paths``; empty where the draft has none yet."""
    return {path: _text(field_value(data, path, keyed_lists)) for path in paths}


def renamed_texts(texts: Mapping[str, str], names: Mapping[str, str]) -> dict[str, Any]:
    """Those of ``texts``, by their paths, that change with the ``names`` of variables, new by old,
    as a merge patch."""
    patch: dict[str, Any] = {}
    for path, text in texts.items():
        after = with_names(text, names)
        if after != text:
            merged(patch, nested(path, after))
    return patch


def _text(value: Any) -> str:
    return "" if value is MISSING or value is None else value
