"""Step 5: questions whose answers are known. What they find is shown above the form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from drafts.forms.step import ItemList, StepForm
from knowledge.shown import shown_sources

if TYPE_CHECKING:
    from collections.abc import Mapping


class QuestionForm(forms.Form):
    """A question and how its answer is known."""

    question = forms.CharField(
        label=_("Question"), widget=forms.TextInput(attrs={"placeholder": _("As visitors ask it")})
    )
    expected = forms.CharField(
        label=_("What a right passage says"),
        help_text=_("Copied from the text, or the answer in nearly its words."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    source_id = forms.ChoiceField(label=_("Where it must be found"))


def fields_of(form: StepForm, key: str) -> Mapping[str, forms.Field]:
    """The fields of one question, with the draft's sources to choose from."""
    del key
    assert isinstance(form, EvaluateForm)
    fields = QuestionForm().fields
    source = fields["source_id"]
    assert isinstance(source, forms.ChoiceField)
    source.choices = form.sources
    return fields


class EvaluateForm(StepForm):
    """The test questions."""

    lists = (
        ItemList(
            "test_questions",
            fields_of,
            label=_("Test questions"),
            add_label=_("Add question"),
            empty=_("No test question yet."),
            stem="q",
            template="knowledge/steps/question.html",
            title_field="question",
            untitled=_("New question"),
        ),
    )

    @cached_property
    def sources(self) -> list[tuple[str, str]]:
        """The draft's sources by id, and those that questions name and that are gone."""
        document: Mapping[str, Any] = self.document
        there = {s.id: s.name for s in shown_sources(self.draft_id, document.get("sources") or ())}
        for question in document.get("test_questions") or ():
            if name := question.get("source_id"):
                there.setdefault(name, _now("A source that is gone"))
        return [("", _now("In any source")), *there.items()]
