from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KnowledgeConfig(AppConfig):
    name = "knowledge"
    verbose_name = _("Knowledge bases")

    def ready(self) -> None:
        from conversations.passage_pages import passage_paths
        from conversations.ports import retrievers
        from drafts.types import draft_types
        from knowledge.credentials.testing import google_tried, notion_tried
        from knowledge.draft_type import KnowledgeBaseDraft
        from knowledge.live.credential_use import embedding_uses, source_uses
        from knowledge.live.finding import find
        from knowledge.live.highlighting import path_of
        from knowledge.retriever import KnowledgeRetriever
        from workspaces.audit_words import audit_words
        from workspaces.credential_testing import credential_testers
        from workspaces.credential_use import credential_uses
        from workspaces.finding import finders

        draft_types.register(KnowledgeBaseDraft.kind, KnowledgeBaseDraft())
        retrievers.register("knowledge", KnowledgeRetriever)
        passage_paths.register("knowledge", path_of)
        credential_testers.register("notion", notion_tried)
        credential_testers.register("google", google_tried)
        credential_uses.register(KnowledgeBaseDraft.kind, embedding_uses)
        credential_uses.register("kb_sources", source_uses)
        finders.register(KnowledgeBaseDraft.kind, find)
        audit_words.register("kb.deployed", _("Deployed the knowledge base"))
        audit_words.register("kb.rolled_back", _("Made an earlier version live again"))
        audit_words.register("kb.deleted", _("Deleted the knowledge base"))
        audit_words.register("kb.reindexed", _("Made the index of the knowledge base anew"))
        audit_words.register("kb.document_on", _("Switched a document on"))
        audit_words.register("kb.document_off", _("Switched a document off"))
