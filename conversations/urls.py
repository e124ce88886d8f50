"""The preview panel's addresses and the pages about what was said."""

from django.urls import path

from conversations import kinds  # noqa: F401 (registers talking_kind)
from conversations.views import (
    analytics,
    elsewhere,
    erasing,
    handoff,
    panel,
    prices,
    privacy,
    records,
    shared,
)

app_name = "conversations"
_PREVIEW = "w/<slug:workspace>/<talking_kind:kind>/draft/<str:draft_id>/preview"
_CONVERSATION = "w/<slug:workspace>/inbox/<uuid:conversation_id>/"
_PRIVACY = "w/<slug:workspace>/settings/privacy/"
urlpatterns = [
    # The panel's script is given the first address and appends the rest itself.
    path(_PREVIEW, panel.session, name="preview"),
    path(f"{_PREVIEW}/session", panel.session, name="preview-session"),
    path(f"{_PREVIEW}/news", panel.news, name="preview-news"),
    path(f"{_PREVIEW}/reset", panel.reset, name="preview-reset"),
    path(f"{_PREVIEW}/feedback", panel.feedback, name="preview-feedback"),
    path(f"{_PREVIEW}/leads", panel.leads, name="preview-leads"),
    path(f"{_PREVIEW}/as", elsewhere.shown, name="preview-as"),
    path(f"{_PREVIEW}/share", panel.share_link, name="preview-share"),
    path("p/<str:token>/", shared.transcript, name="shared"),
    path("w/<slug:workspace>/inbox/", records.inbox, name="inbox"),
    path("w/<slug:workspace>/inbox.csv", records.inbox_csv, name="inbox-csv"),
    path(_CONVERSATION, records.inbox, name="conversation"),
    path(f"{_CONVERSATION}news/", handoff.news, name="conversation-news"),
    path(f"{_CONVERSATION}answer/", handoff.answer, name="answer"),
    path(f"{_CONVERSATION}take-over/", handoff.take_over, name="take-over"),
    path(f"{_CONVERSATION}give-back/", handoff.give_back, name="give-back"),
    path(
        "w/<slug:workspace>/inbox/<uuid:conversation_id>/delete/",
        erasing.conversation,
        name="delete-conversation",
    ),
    path(_PRIVACY, privacy.privacy, name="privacy"),
    path(f"{_PRIVACY}keep/", privacy.keep, name="keep"),
    path(f"{_PRIVACY}find/", privacy.find, name="find-person"),
    path(f"{_PRIVACY}export/", privacy.export, name="export-person"),
    path(f"{_PRIVACY}erase/", privacy.erase, name="erase-person"),
    path("w/<slug:workspace>/leads/", records.leads, name="leads"),
    path("w/<slug:workspace>/leads/<uuid:lead_id>/delete/", erasing.lead, name="delete-lead"),
    path("w/<slug:workspace>/leads.csv", records.leads_csv, name="leads-csv"),
    path("w/<slug:workspace>/analytics/", analytics.analytics, name="analytics"),
    path("w/<slug:workspace>/analytics.csv", analytics.analytics_csv, name="analytics-csv"),
    path("w/<slug:workspace>/analytics/models.csv", analytics.models_csv, name="models-csv"),
    path("w/<slug:workspace>/analytics/price/", prices.price, name="price"),
    path("w/<slug:workspace>/analytics/unanswered/", analytics.unanswered, name="unanswered"),
    path(
        "w/<slug:workspace>/analytics/unanswered.csv",
        analytics.unanswered_csv,
        name="unanswered-csv",
    ),
]
