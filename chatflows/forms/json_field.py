"""Form fields that a canvas posts and nobody types: positions, connections, whole settings."""

from __future__ import annotations

from typing import Any

import orjson
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class JsonField(forms.CharField):
    """An object as JSON, in a hidden box; an empty one removes what is there."""

    widget = forms.HiddenInput

    def prepare_value(self, value: Any) -> Any:
        return orjson.dumps(value).decode() if isinstance(value, dict) else value

    def clean(self, value: Any) -> dict[str, Any] | str:
        if not str(value or "").strip():
            return ""
        try:
            found = orjson.loads(str(value))
        except orjson.JSONDecodeError:
            raise ValidationError(_("This is no JSON.")) from None
        if not isinstance(found, dict):
            raise ValidationError(_("Give an object."))
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return (initial or "") != self.clean(data)
        except ValidationError:
            return True
