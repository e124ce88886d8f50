"""The screens of the builder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Step:
    """One screen of the builder. ``fields`` are the top-level fields of the document it owns.

    ``template`` is the inside of its form; ``above`` and ``below``, if any, stand outside of it.
    ``answered``, if any, is a part that each answer to a save brings anew while it is shown.
    ``wide``: it takes all the room that there is. ``listed_in``, if any, is the ``view`` in the
    address with which its lists are shown; else something of its own stands for them.
    """

    name: str
    label: str | _StrPromise
    fields: tuple[str, ...]
    form: Callable[..., forms.BaseForm] | None = None
    template: str = "drafts/step_form.html"
    icon: str = "circle"
    above: str = ""
    below: str = ""
    answered: str = ""
    wide: bool = False
    listed_in: str = ""
