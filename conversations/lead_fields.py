"""What a form can ask a visitor for, and how a browser is asked for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class LeadField:
    """``kind``: how the widget asks for it: text, email, phone or url."""

    label: _StrPromise
    kind: str = "text"


# In the order in which they are asked for and listed.
LEAD_FIELDS: Mapping[str, LeadField] = {
    "email": LeadField(_("E-mail"), "email"),
    "name": LeadField(_("Name")),
    "phone": LeadField(_("Phone"), "phone"),
    "company": LeadField(_("Company")),
    "website": LeadField(_("Website"), "url"),
}
