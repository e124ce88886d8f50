"""The addresses of the builder, and those that live entities of every kind have. Those of actions
come before the steps', which can have any name."""

from django.urls import include, path

from drafts import live_events, views
from drafts.builder import actions, deploying
from drafts.entity_pages import views as entity_views

app_name = "drafts"

draft = [
    path("", views.open_builder, name="open"),
    path("undo/", actions.undo, name="undo"),
    path("redo/", actions.redo, name="redo"),
    path("history/", actions.history, name="history"),
    path("restore/", actions.restore, name="restore"),
    path("problems/", actions.problems, name="problems"),
    path("preview-variables/", actions.variables, name="variables"),
    path("changes/", actions.changes, name="changes"),
    path("events/", live_events.events, name="events"),
    path("touch/", actions.touch, name="touch"),
    path("plan/", deploying.plan, name="plan"),
    path("deploy-now/", deploying.run, name="deploy"),
    path("abandon/", actions.abandon, name="abandon"),
    path("duplicate/", actions.duplicate, name="duplicate"),
    path("export/", actions.export, name="export"),
    path("<slug:step>/", views.builder, name="builder"),
]

entity = [
    path("edit/", entity_views.edit, name="edit"),
    path("versions/", entity_views.versions, name="versions"),
    path("versions/<int:number>/changes/", entity_views.version_changes, name="version_changes"),
    path("versions/<int:number>/rollback/", entity_views.rollback, name="rollback"),
]

urlpatterns = [
    path("w/<slug:workspace>/<slug:kind>/draft/", views.new, name="new"),
    path("w/<slug:workspace>/<slug:kind>/draft/import/", actions.import_file, name="import"),
    path("w/<slug:workspace>/<slug:kind>/draft/<str:draft_id>/", include(draft)),
    path("w/<slug:workspace>/<slug:kind>/<uuid:entity_id>/", include(entity)),
]
