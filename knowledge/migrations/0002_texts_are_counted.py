"""Texts know how many bytes they are, and an index since when another one answers in its place.

Databases of the time before a release may have some of this: for a while it was part of the first
migration. So each part is made only where it is missing.
"""

from django.db import migrations, models

FORWARDS = """
ALTER TABLE knowledge_index ADD COLUMN IF NOT EXISTS retired_at timestamptz NULL;
ALTER TABLE knowledge_documenttext
  ADD COLUMN IF NOT EXISTS bytes bigint NOT NULL DEFAULT 0 CHECK (bytes >= 0);
ALTER TABLE knowledge_documenttext ALTER COLUMN bytes DROP DEFAULT;
UPDATE knowledge_documenttext SET bytes = octet_length(pages::text) WHERE bytes = 0;
CREATE INDEX IF NOT EXISTS chunks_by_text ON knowledge_chunk (index_id, text_hash);
CREATE INDEX IF NOT EXISTS bytes_of_texts ON knowledge_documenttext (base_id) INCLUDE (bytes);
"""
BACKWARDS = """
DROP INDEX bytes_of_texts;
DROP INDEX chunks_by_text;
ALTER TABLE knowledge_documenttext DROP COLUMN bytes;
ALTER TABLE knowledge_index DROP COLUMN retired_at;
"""


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0001_knowledge_bases")]

    operations = [
        migrations.RunSQL(
            FORWARDS,
            BACKWARDS,
            state_operations=[
                migrations.AddField(
                    model_name="documenttext",
                    name="bytes",
                    field=models.PositiveBigIntegerField(default=0),
                ),
                migrations.AddField(
                    model_name="index",
                    name="retired_at",
                    field=models.DateTimeField(blank=True, null=True),
                ),
                migrations.AddIndex(
                    model_name="chunk",
                    index=models.Index(fields=["index", "text_hash"], name="chunks_by_text"),
                ),
                migrations.AddIndex(
                    model_name="documenttext",
                    index=models.Index(
                        fields=["base"], include=("bytes",), name="bytes_of_texts"
                    ),
                ),
            ],
        ),
    ]
