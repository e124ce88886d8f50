"""Step 4: how the base is searched."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from common.widgets import Switch
from drafts.forms.step import Group, StepForm
from knowledge.credentials.choices import embeds
from workspaces.credential_field import CredentialField
from workspaces.models import Credential

PROVIDERS = (
    ("local", _("Built in")),
    ("openai_compatible", _("Another server with the OpenAI protocol")),
)
STORES = (
    ("pgvector", _("PostgreSQL, with everything else")),
    ("qdrant", _("Qdrant")),
)
METHODS = (
    ("hybrid", _("Hybrid: meaning and words together")),
    ("vector", _("Meaning: finds paraphrases")),
    ("keyword", _("Words: finds names and numbers")),
)


class SearchForm(StepForm):
    """Method, number of passages, least relevance, reranking."""

    retrieval_config__search_method = forms.ChoiceField(
        label=_("Search method"),
        choices=METHODS,
        help_text=_("Hybrid measured best on every kind of text."),
    )
    retrieval_config__top_k = forms.IntegerField(
        label=_("Passages"),
        help_text=_("How many an answer may rest on. More cost more and distract."),
        widget=forms.NumberInput(attrs={"min": 1, "max": 50}),
    )
    retrieval_config__score_threshold = forms.FloatField(
        label=_("Least relevance"),
        help_text=_(
            "From 0 to 1; 0.3 is 30 % relevant. Passages below it are not found. Left empty, a "
            "chatbot still leaves out what is plainly about something else. Try questions to see "
            "how relevant yours are."
        ),
        widget=forms.NumberInput(
            attrs={"min": 0, "max": 1, "step": 0.05, "placeholder": _("None")}
        ),
    )
    retrieval_config__rerank = forms.BooleanField(
        label=_("Rerank"),
        widget=Switch,
        help_text=_(
            "Compares the best 15 passages with the question once more, token by token. That "
            "measured 3 points of 100 better on an FAQ, but on four other sets of texts the same "
            "or up to 0.6 worse, and every answer waits about half a second for it. Test questions "
            "tell whether it helps yours."
        ),
    )
    embedding_config__provider = forms.ChoiceField(
        label=_("Embedding model"),
        choices=PROVIDERS,
        help_text=_(
            "It turns texts into numbers by their meaning. Another one makes the index anew, "
            "beside the one that answers until then."
        ),
    )
    embedding_config__credential_id = CredentialField(
        Credential.Kind.LLM,
        nothing=_("The server's own key"),
        fits=embeds,
        label=_("Credential"),
        help_text=_("For another server. Only its name is kept in the draft."),
    )
    embedding_config__model = forms.CharField(
        label=_("Model"),
        help_text=_("As the other server calls it."),
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )
    vector_store_config__provider = forms.ChoiceField(
        label=_("Kept in"),
        choices=STORES,
        help_text=_(
            "PostgreSQL is quick up to some hundred thousand chunks. Another store is filled "
            "beside the one that answers until then; nothing is embedded again."
        ),
    )
    groups = (
        Group(
            _("How it is searched"),
            (
                "retrieval_config.search_method",
                "retrieval_config.top_k",
                "retrieval_config.score_threshold",
                "retrieval_config.rerank",
            ),
            _("Chatbots may override it for themselves."),
        ),
        Group(
            _("Embedding model"),
            (
                "embedding_config.provider",
                "embedding_config.credential_id",
                "embedding_config.model",
            ),
            _("The built-in one needs no network and no key. It knows English best."),
            advanced=True,
        ),
        Group(
            _("Where vectors are kept"),
            ("vector_store_config.provider",),
            _("Qdrant can be chosen where this server is told of one."),
            advanced=True,
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        store = self.fields.get("vector_store_config.provider")
        if isinstance(store, forms.ChoiceField):
            store.choices = self._stores()

    def _stores(self) -> list[tuple[str, Any]]:
        """Those that can be had, and the one that the draft has."""
        own = (self.document.get("vector_store_config") or {}).get("provider")
        return [
            (name, label)
            for name, label in STORES
            if name in ("pgvector", own) or settings.QDRANT_URL
        ]
