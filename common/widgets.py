"""Form widgets whose class name tells ``components/field.html`` which shape to draw."""

from typing import Any

from django import forms
from django.utils.formats import number_format


class Switch(forms.CheckboxInput):
    """On or off, with effect at once."""

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        super().__init__({"role": "switch", **(attrs or {})})


class Slider(forms.NumberInput):
    """A number with a range beside it; give ``min``, ``max`` and ``step``."""

    def __init__(self, minimum: float, maximum: float, step: float = 1) -> None:
        super().__init__({"min": minimum, "max": maximum, "step": step, "placeholder": "–"})  # noqa: RUF001 (a dash)


class Amount(forms.NumberInput):
    """A whole number of something. ``unit`` tells it where it stands without its label: a lazy
    ``ngettext`` of a text with ``%(shown)s``, in the plural by ``count``."""

    def __init__(self, minimum: int, maximum: int, unit: Any, step: int = 1) -> None:
        super().__init__({"min": minimum, "max": maximum, "step": step})
        self.unit = unit

    def in_words(self, count: int) -> str:
        shown = number_format(count, force_grouping=True)
        return str(self.unit % {"count": count, "shown": shown})


class ColorInput(forms.TextInput):
    """A ``#rrggbb`` text with a swatch that opens the browser's picker."""

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        pattern = "#[0-9a-fA-F]{6}"
        super().__init__(
            {"pattern": pattern, "maxlength": 7, "spellcheck": "false", **(attrs or {})}
        )
