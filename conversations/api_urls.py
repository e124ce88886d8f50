"""Addresses of what was said, below ``/api/v1/``."""

from django.urls import path

from conversations import api, handoff_api, people_api, prices_api, retention_api

urlpatterns = [
    path("conversations", api.Conversations.as_view()),
    path("conversations/<uuid:conversation_id>", api.OneConversation.as_view()),
    path("conversations/<uuid:conversation_id>/take-over", handoff_api.TakeOver.as_view()),
    path("conversations/<uuid:conversation_id>/messages", handoff_api.Answers.as_view()),
    path("conversations/<uuid:conversation_id>/give-back", handoff_api.GiveBack.as_view()),
    path("retention", retention_api.RetentionView.as_view()),
    path("people/find", people_api.FindPerson.as_view()),
    path("people/export", people_api.ExportPerson.as_view()),
    path("people/erase", people_api.ErasePerson.as_view()),
    path("leads", api.Leads.as_view()),
    path("leads/<uuid:lead_id>", api.OneLead.as_view()),
    path("analytics/unanswered", api.Unanswered.as_view()),
    path("prices", prices_api.Prices.as_view()),
    path("analytics", api.AnalyticsView.as_view()),
]
