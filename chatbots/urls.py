"""The pages of the dashboard and of deployed chatbots. Drafts have theirs in ``drafts.urls``."""

from django.urls import path

from chatbots import entity_views, identity_views, key_views, views

app_name = "chatbots"

WORKSPACE = "w/<slug:workspace>/"
CHATBOT = WORKSPACE + "chatbots/<uuid:entity_id>/"

urlpatterns = [
    path(WORKSPACE, views.dashboard, name="dashboard"),
    path(WORKSPACE + "first-steps/", views.dismiss_checklist, name="dismiss_checklist"),
    path(WORKSPACE + "chatbots/", views.chatbots, name="list"),
    path(CHATBOT, entity_views.detail, name="detail"),
    path(CHATBOT + "delete/", entity_views.delete, name="delete"),
    path(CHATBOT + "deployed/", entity_views.deployed, name="deployed"),
    path(CHATBOT + "deployment/", entity_views.deployment, name="deployment"),
    path(CHATBOT + "deployment/<slug:channel>/retry/", entity_views.retry, name="retry"),
    path(CHATBOT + "deployment/identity/", identity_views.make_secret, name="identity"),
    path(CHATBOT + "keys/", key_views.make_key, name="make_key"),
]
