"""What the ``/`` menu of a prompt box offers of a document's variables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping


def declared(document: Mapping[str, Any]) -> dict[str, Any]:
    """The group of the declared variables; see ``StepForm.prompt_variables``."""
    variables = [_offered(item) for item in document.get("variables") or ()]
    return {"label": _("Variables"), "variables": variables}


def _offered(variable: Mapping[str, Any]) -> dict[str, Any]:
    asked, options = variable.get("collect_before_chat"), variable.get("options")
    return {
        "name": variable.get("name", ""),
        "label": variable.get("label") or variable.get("name", ""),
        "hint": str(_("Asked before the chat") if asked else variable.get("default") or ""),
        "type": "tel" if variable.get("type") == "phone" else variable.get("type", "text"),
        "options": options if isinstance(options, list) else [],
    }
