"""Names of people, workspaces, keys and credentials: kept plain, so that none can pass for another
that looks the same. What cannot be seen is left out silently: it was hardly typed on purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models

from common.plain_text import plain

if TYPE_CHECKING:
    Text = models.CharField[str, str]
else:
    Text = models.CharField

LONGEST_NAME = 120


class NameInput(forms.CharField):
    """A name of which nothing can be seen counts as none."""

    def to_python(self, value: Any) -> str:
        return plain(super().to_python(value) or "")


class NameField(Text):
    """The column of a name; also what is not typed into a form of ours is kept plain."""

    def get_prep_value(self, value: Any) -> Any:
        prepared = super().get_prep_value(value)
        return plain(prepared) if isinstance(prepared, str) else prepared

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: FBT001 (Django's)
        name = self.get_prep_value(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, name)
        return name

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": NameInput, **kwargs})
