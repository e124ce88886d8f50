"""What the assistant is called and who finds its hosted page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assistants.forms.kind_words import KindForm
from assistants.models import AssistantEntity
from drafts.forms.step import Group

CATEGORIES = (
    ("", _("No category")),
    ("customer_support", _("Customer support")),
    ("sales", _("Sales")),
    ("faq", _("Questions and answers")),
    ("onboarding", _("Onboarding")),
    ("internal", _("Internal help")),
    ("other", _("Something else")),
)
VISIBILITY = (
    (AssistantEntity.Visibility.PRIVATE, _("Private: only people who have the link find it")),
    (AssistantEntity.Visibility.PUBLIC, _("Public: search engines may list it too")),
)


class BasicForm(KindForm):
    """Name, category, description, visibility."""

    name = forms.CharField(
        label=_("Name"),
        help_text=_("Your team and, unless you set another title, your visitors see it."),
        widget=forms.TextInput(
            attrs={
                "placeholder": _("Support assistant"),
                "data-profile": "name",
            }
        ),
    )
    category = forms.ChoiceField(
        label=_("Category"),
        choices=CATEGORIES,
        help_text=_("Keeps lists tidy. It does not change the answers."),
    )
    description = forms.CharField(
        label=_("Description"),
        help_text=_("A sentence for your team about what this {kind} is for."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    visibility = forms.ChoiceField(
        label=_("Who finds its hosted page"),
        choices=VISIBILITY,
        widget=forms.RadioSelect,
        help_text=_("This server shows that page once the website widget is deployed."),
    )
    groups = (
        Group(
            _("About this {kind}"),
            ("name", "category", "description"),
            _("A clear name and purpose help everybody who works on it later."),
        ),
        Group(_("Visibility"), ("visibility",)),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer_own_category()

    def _offer_own_category(self) -> None:
        """A category that came in through the API stays selectable."""
        own = self.document.get("category") or ""
        category = self.fields.get("category")
        if isinstance(category, forms.ChoiceField) and own not in dict(CATEGORIES):
            category.choices = [*CATEGORIES, (own, own)]
