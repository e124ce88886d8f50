"""Words in the language of whoever reads them, for code that knows no framework."""

from django.utils.translation import gettext

__all__ = ("gettext",)
