"""Step 3: how texts are cut. The chunks themselves are shown beside the form."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from common.widgets import Switch
from drafts.forms.step import Group, StepForm

STRATEGIES = (
    (
        "by_heading",
        _("By heading: whole sentences; a heading begins a chunk"),
    ),
    ("by_size", _("By size: paragraphs, then sentences, up to the size")),
    ("by_page", _("By page: a page, slide or sheet each, a long one in parts")),
    ("semantic", _("By meaning: a chunk ends where the subject changes")),
    (
        "parent_child",
        _("Parent and child: finds small pieces, answers from the larger part around them"),
    ),
    ("question_answer", _("Questions and answers: a pair each, the rest by heading")),
    ("no_chunking", _("Not at all: a page is one chunk, however long")),
)
UNITS = (("sentences", _("Sentences")), ("tokens", _("Tokens")))


class ChunksForm(StepForm):
    """Strategy, size, overlap."""

    chunking_config__strategy = forms.ChoiceField(
        label=_("How texts are cut"),
        choices=STRATEGIES,
        help_text=_("Chunks are what is found, and what the model reads."),
    )
    chunking_config__chunk_size = forms.IntegerField(
        label=_("Largest chunk, in tokens"),
        help_text=_(
            "The built-in model reads the first 256 tokens of a chunk. 130 to 200 measured alike."
        ),
        widget=forms.NumberInput(attrs={"min": 20, "max": 2000}),
    )
    chunking_config__chunk_overlap = forms.IntegerField(
        label=_("Overlap"),
        help_text=_("What a chunk repeats of the one before it."),
        widget=forms.NumberInput(attrs={"min": 0, "max": 1000}),
    )
    chunking_config__overlap_unit = forms.ChoiceField(label=_("Overlap counts"), choices=UNITS)
    chunking_config__preserve_code_blocks = forms.BooleanField(
        label=_("Keep code together"), widget=Switch
    )
    groups = (
        Group(_("Cutting"), ("chunking_config.strategy", "chunking_config.chunk_size")),
        Group(
            _("More"),
            (
                "chunking_config.chunk_overlap",
                "chunking_config.overlap_unit",
                "chunking_config.preserve_code_blocks",
            ),
            advanced=True,
        ),
    )
