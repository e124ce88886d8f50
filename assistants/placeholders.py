"""Where a document calls variables by their names: texts in which ``{{name}}`` stands for a value,
and labels in other languages."""

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
    for translation in _translations(data):
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


def renamed_labels(data: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The labels that translations have for variables by their names, as a merge patch that gives
    them to the new ``names``, by the old ones."""
    patch: dict[str, Any] = {}
    for translation in _translations(data):
        labels = translation.get("variable_labels") or {}
        old = {name: None for name in names if name in labels}
        new = {names[name]: labels[name] for name in old}
        if old:
            path = f"{TRANSLATIONS}.{translation['language']}.variable_labels"
            merged(patch, nested(path, old | new))
    return patch


def _translations(data: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    widget = (data.get("deployment") or {}).get("widget") or {}
    return widget.get("translations") or ()


def _text(value: Any) -> str:
    return "" if value is MISSING or value is None else value
