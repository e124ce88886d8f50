"""The texts of a chatbot's document in which ``{{name}}`` stands for a variable's value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conversations.prompt import with_names

if TYPE_CHECKING:
    from collections.abc import Mapping

PROMPT, WELCOME = "system_prompt", "appearance.welcome_message"


def texts_of(data: Mapping[str, Any]) -> dict[str, str]:
    """Those texts by their paths; empty where the draft has none yet."""
    appearance = data.get("appearance") or {}
    return {
        PROMPT: data.get("system_prompt") or "",
        WELCOME: appearance.get("welcome_message") or "",
    }


def renamed_texts(data: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The texts that change with the ``names`` of variables, new by old, as a merge patch."""
    before = texts_of(data)
    after = {path: with_names(text, names) for path, text in before.items()}
    patch: dict[str, Any] = {}
    if after[PROMPT] != before[PROMPT]:
        patch["system_prompt"] = after[PROMPT]
    if after[WELCOME] != before[WELCOME]:
        patch["appearance"] = {"welcome_message": after[WELCOME]}
    return patch
