"""Step 2: what the knowledge base is made of. Sources are added beside the form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from common.widgets import Switch
from drafts.forms.step import ItemList, StepForm, TextListField
from knowledge.forms.chunks import STRATEGIES, UNITS
from knowledge.parsing.formats import EXTENSIONS
from knowledge.shown import shown_sources, unread_of
from knowledge.sources import ACCOUNTS
from workspaces.credential_field import CredentialField
from workspaces.models import Credential

if TYPE_CHECKING:
    from collections.abc import Mapping

    from knowledge.shown import ShownSource
    from knowledge.sources.base import AccountKind

IMPORTANCE = (
    ("normal", _("Normal")),
    ("high", _("High: preferred where it fits as well as others")),
    ("low", _("Low: used where nothing else fits")),
)

AS_ALL = ("", _("As all sources"))
REFRESH = (
    ("", _("Never by itself")),
    ("daily", _("Every day")),
    ("weekly", _("Every week")),
    ("monthly", _("Every month")),
)


class SourceForm(forms.Form):
    """What every source has."""

    enabled = forms.BooleanField(
        label=_("Search it"),
        initial=True,
        widget=Switch,
    )
    name = forms.CharField(
        label=_("Name"), help_text=_("Answers name it as their source. It counts when searching.")
    )
    annotations__context = forms.CharField(
        label=_("What it is"),
        help_text=_(
            "What its text does not say: “Prices of 2026, for Europe.” It is searched with the "
            "text, and the model reads it."
        ),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    annotations__instructions = forms.CharField(
        label=_("How to use it"),
        help_text=_("“Quote word by word”, for example. The model reads it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    annotations__importance = forms.ChoiceField(
        label=_("Importance"), initial="normal", choices=IMPORTANCE
    )
    annotations__tags = TextListField(
        label=_("Tags"),
        help_text=_("One per line. A chatbot may answer from what has certain tags alone."),
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
    )
    chunking_config__strategy = forms.ChoiceField(
        label=_("How it is cut"), initial="", choices=(AS_ALL, *STRATEGIES)
    )
    chunking_config__chunk_size = forms.IntegerField(
        label=_("Largest chunk, in tokens"),
        help_text=_("Left empty, what the step Chunks says for all sources. So with the overlap."),
        widget=forms.NumberInput(attrs={"min": 20, "max": 2000}),
    )
    chunking_config__chunk_overlap = forms.IntegerField(
        label=_("Overlap"), widget=forms.NumberInput(attrs={"min": 0, "max": 1000})
    )
    chunking_config__overlap_unit = forms.ChoiceField(
        label=_("Overlap counts"), initial="", choices=(AS_ALL, *UNITS)
    )


class WebsiteForm(SourceForm):
    """What a website has besides. Takes effect when it is read again."""

    url = forms.CharField(
        label=_("Address"),
        help_text=_(
            "The first page, or a sitemap. What you change here counts when it is read again."
        ),
        widget=forms.URLInput(attrs={"spellcheck": "false"}),
    )
    refresh = forms.ChoiceField(
        label=_("Read it again"),
        choices=REFRESH,
        help_text=_(
            "Once it is live. What has changed is deployed by itself, as a version of its own."
        ),
    )
    crawl_config__max_pages = forms.IntegerField(
        label=_("At most so many pages"),
        initial=50,
        widget=forms.NumberInput(attrs={"min": 1, "max": 1000}),
    )
    crawl_config__max_depth = forms.IntegerField(
        label=_("Clicks from the first page"),
        initial=3,
        help_text=_("0 reads that page alone."),
        widget=forms.NumberInput(attrs={"min": 0, "max": 10}),
    )
    crawl_config__include = TextListField(
        label=_("Only these paths"),
        help_text=_("One per line, such as /docs/*. Empty: all."),
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
    )
    crawl_config__exclude = TextListField(
        label=_("Not these paths"),
        help_text=_("One per line, such as /blog/*."),
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
    )
    crawl_config__include_subdomains = forms.BooleanField(label=_("Subdomains too"), widget=Switch)


class NotionForm(SourceForm):
    """What a page of Notion has besides. Takes effect when it is read again."""

    page_id = forms.CharField(
        label=_("Page or database"),
        help_text=_("Its address or ID. Pages below it are read too."),
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )
    credential_id = CredentialField(Credential.Kind.NOTION, label=_("Credential"))


class GoogleDocsForm(SourceForm):
    """What a document of Google Docs has besides. Takes effect when it is read again."""

    file_id = forms.CharField(
        label=_("Document"),
        help_text=_("Its address or ID."),
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )
    credential_id = CredentialField(Credential.Kind.GOOGLE, label=_("Credential"))


FORMS: Mapping[str, type[SourceForm]] = {
    "website": WebsiteForm,
    "notion": NotionForm,
    "google_docs": GoogleDocsForm,
}


def fields_of(form: StepForm, key: str) -> Mapping[str, forms.Field]:
    """The fields of one source, by its type."""
    sources: list[Any] = form.document.get("sources") or []
    found: dict[str, Any] = next((each for each in sources if each.get("id") == key), {})
    return FORMS.get(str(found.get("type")), SourceForm)().fields


@dataclass(frozen=True)
class Account:
    """A service that sources can be added from, with the credentials that there are for it."""

    kind: AccountKind
    credentials: list[Credential]


def names_of(form: StepForm) -> list[tuple[str, str]]:
    """What each source is called."""
    shown = form.sources if isinstance(form, SourcesForm) else {}
    return [(source.id, source.name) for source in shown.values()]


class SourcesForm(StepForm):
    """The sources that there are."""

    lists = (
        ItemList(
            "sources",
            fields_of,
            label=_("Sources"),
            template="knowledge/steps/source.html",
            choices=names_of,
        ),
    )

    @cached_property
    def sources(self) -> dict[str, ShownSource]:
        """The sources with their states, by id."""
        return {s.id: s for s in shown_sources(self.draft_id, self.document.get("sources") or ())}

    @property
    def unread(self) -> int:
        """How many sources were not read."""
        return unread_of(self.sources.values())

    @property
    def accepts(self) -> str:
        """The extensions of files that can be read, as a browser wants them."""
        return ",".join(EXTENSIONS)

    @property
    def accounts(self) -> list[Account]:
        """The services that sources can be added from."""
        return [Account(each, self.credentials.of(each.credential_kind)) for each in ACCOUNTS]

    @property
    def workspace(self) -> str:
        """For addresses: the workspace's."""
        return self.actor.workspace.slug if self.actor else ""
