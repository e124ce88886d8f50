"""Addresses of drafts and deployed entities, below ``/api/v1/``."""

from django.urls import path, register_converter

from drafts.api import drafts, entities
from drafts.kinds import KindConverter

register_converter(KindConverter, "draft_kind")
DRAFT = "<draft_kind:kind>/draft/<str:draft_id>"
ENTITY = "<draft_kind:kind>/<uuid:entity_id>"

urlpatterns = [
    path("<draft_kind:kind>/draft", drafts.Drafts.as_view()),
    path("<draft_kind:kind>/draft/import", drafts.Import.as_view()),
    path(DRAFT, drafts.OneDraft.as_view()),
    path(f"{DRAFT}/undo", drafts.Undo.as_view()),
    path(f"{DRAFT}/redo", drafts.Redo.as_view()),
    path(f"{DRAFT}/history", drafts.History.as_view()),
    path(f"{DRAFT}/restore", drafts.Restore.as_view()),
    path(f"{DRAFT}/validate", drafts.Validate.as_view()),
    path(f"{DRAFT}/plan", drafts.Plan.as_view()),
    path(f"{DRAFT}/deploy", drafts.Deploy.as_view()),
    path(f"{DRAFT}/export", drafts.Export.as_view()),
    path("<draft_kind:kind>", entities.Entities.as_view()),
    path(ENTITY, entities.OneEntity.as_view()),
    path(f"{ENTITY}/draft", entities.EntityDraft.as_view()),
    path(f"{ENTITY}/versions", entities.Versions.as_view()),
    path(f"{ENTITY}/versions/<int:number>/rollback", entities.Rollback.as_view()),
    path(f"{ENTITY}/deployment", entities.DeploymentStatus.as_view()),
    path(f"{ENTITY}/deployment/<str:channel>", entities.OneChannel.as_view()),
    path(f"{ENTITY}/deployment/<str:channel>/retry", entities.RetryChannel.as_view()),
    path(f"{ENTITY}/deployment/<str:channel>/check", entities.CheckChannel.as_view()),
    path(f"{ENTITY}/deployment/<str:channel>/disable", entities.DisableChannel.as_view()),
    path(f"{ENTITY}/deployment/<str:channel>/enable", entities.EnableChannel.as_view()),
]
