"""Databases from before a migration keep what they have, and get what they lack."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from knowledge.models import DocumentText, Index
from tests.knowledge.retrieval.conftest import new_base

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workspaces.models import Workspace

PAGES = '[{"text": "Parcels take three days."}]'
FIRST, SECOND = "0001_knowledge_bases", "0002_texts_are_counted"
NEWEST = "0005_parents_are_known_by_their_beginning"


def migrate(name: str) -> None:
    MigrationExecutor(connection).migrate([("knowledge", name)])


@pytest.fixture
def before(transactional_db: None) -> Iterator[None]:
    migrate(FIRST)
    yield
    migrate(NEWEST)


@pytest.mark.usefixtures("before")
@pytest.mark.parametrize("had", ["", "retired_at timestamptz NULL"], ids=["none", "a part"])
def test_texts_are_counted_that_were_there_before(acme: Workspace, had: str) -> None:
    base = new_base(acme, "manual")
    with connection.cursor() as cursor:
        if had:
            cursor.execute(f"ALTER TABLE knowledge_index ADD COLUMN {had}")
        cursor.execute(
            "INSERT INTO knowledge_documenttext (base_id, content_hash, pages) VALUES (%s, %s, %s)",
            (base.pk, "sha256:a", PAGES),
        )
    migrate(SECOND)
    assert DocumentText.objects.get().bytes == len(PAGES)
    assert Index.objects.create(base=base, embedder="local", dimensions=3).retired_at is None
