import django.contrib.postgres.fields
import django.db.models.deletion
import pgvector.django.halfvec
import uuid
from django.db import migrations, models
from pgvector.django import VectorExtension

# The key of a term, wherever it is needed. Not hashtext(), which may differ between servers.
TERM_ID = """
CREATE FUNCTION knowledge_term_id(index_id bigint, lexeme text) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT ('x' || encode(substr(sha256(convert_to(index_id || ' ' || lexeme, 'UTF8')), 1, 8), 'hex'))
    ::bit(64)::bigint
$$
"""
# The weight of a posting is part of its key, so it is reckoned in one place: BM25 with k1 = 1.2,
# b = 0.75 and an average length of 100, whatever the index's own is.
POSTING_WEIGHT = """
CREATE FUNCTION knowledge_posting_weight(frequency integer, length integer) RETURNS float8
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT frequency * 2.2::float8 / (frequency + 1.2::float8 * (0.25 + 0.75 * length / 100::float8))
$$
"""
# Rows stay whole, so that scoring a candidate reads one page and unpacks nothing; statistics and
# terms are updated all the time and want room beside them.
STORAGE = """
ALTER TABLE knowledge_chunk SET (toast_tuple_target = 8160);
ALTER TABLE knowledge_embedding ALTER COLUMN embedding SET STORAGE MAIN;
ALTER TABLE knowledge_embedding SET (toast_tuple_target = 8160);
ALTER TABLE knowledge_term SET (fillfactor = 70);
ALTER TABLE knowledge_index SET (fillfactor = 50);
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('drafts', '0002_releases_never_change'),
    ]

    operations = [
        VectorExtension(),
        migrations.RunSQL(TERM_ID, "DROP FUNCTION knowledge_term_id"),
        migrations.RunSQL(POSTING_WEIGHT, "DROP FUNCTION knowledge_posting_weight"),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('source_id', models.CharField(max_length=64)),
                ('key', models.CharField(blank=True, max_length=2000)),
                ('name', models.CharField(max_length=300)),
                ('type', models.CharField(max_length=20)),
                ('mime_type', models.CharField(blank=True, max_length=120)),
                ('url', models.CharField(blank=True, max_length=2000)),
                ('enabled', models.BooleanField(default=True)),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('pages', models.JSONField(default=list)),
                ('content_hash', models.CharField(max_length=71)),
                ('language', models.CharField(blank=True, max_length=30)),
                ('chunking', models.JSONField(default=dict)),
                ('chunk_edits', models.JSONField(default=list)),
                ('annotations', models.JSONField(default=dict)),
                ('fingerprint', models.CharField(blank=True, max_length=64)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'ordering': ('name', 'key'),
            },
        ),
        migrations.CreateModel(
            name='Index',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('embedding', models.JSONField(default=dict)),
                ('embedder', models.CharField(max_length=300, verbose_name='embedding model')),
                ('dimensions', models.PositiveSmallIntegerField()),
                ('store', models.CharField(choices=[('pgvector', 'pgvector'), ('qdrant', 'Qdrant')], default='pgvector', max_length=20)),
                ('chunks', models.BigIntegerField(default=0)),
                ('length', models.BigIntegerField(default=0)),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), default=list, size=None)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name_plural': 'indexes',
                'ordering': ('-id',),
            },
        ),
        migrations.CreateModel(
            name='Posting',
            fields=[
                ('pk', models.CompositePrimaryKey('term_id', 'weight', 'chunk_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('term_id', models.BigIntegerField()),
                ('weight', models.FloatField()),
                ('chunk_id', models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='EvaluationRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('setup', models.CharField(max_length=64)),
                ('k', models.PositiveSmallIntegerField()),
                ('ranks', models.JSONField(default=dict)),
                ('made_at', models.DateTimeField()),
                ('release', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='evaluation_run', to='drafts.release')),
            ],
            options={
                'verbose_name': 'evaluation run',
                'verbose_name_plural': 'evaluation runs',
            },
        ),
        migrations.CreateModel(
            name='Chunk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('page', models.PositiveIntegerField(default=1)),
                ('start', models.PositiveIntegerField(default=0)),
                ('end', models.PositiveIntegerField(default=0)),
                ('text', models.TextField()),
                ('headings', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('question', models.TextField(blank=True)),
                ('parent_page', models.PositiveIntegerField(null=True)),
                ('parent_start', models.PositiveIntegerField(null=True)),
                ('parent_end', models.PositiveIntegerField(null=True)),
                ('tokens', models.PositiveIntegerField(default=0)),
                ('enabled', models.BooleanField(default=True)),
                ('text_hash', models.CharField(max_length=71)),
                ('length', models.PositiveIntegerField(default=0)),
                ('terms', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('frequencies', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), default=list, size=None)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='chunks', to='knowledge.document')),
                ('index', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='knowledge.index')),
            ],
            options={
                'ordering': ('document', 'position'),
            },
        ),
        migrations.CreateModel(
            name='IndexedDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('waiting', 'Waiting'), ('indexing', 'Being indexed'), ('ready', 'Indexed'), ('failed', 'Failed')], default='waiting', max_length=10)),
                ('fingerprint', models.CharField(blank=True, max_length=64)),
                ('tried', models.CharField(blank=True, max_length=64)),
                ('failures', models.PositiveSmallIntegerField(default=0)),
                ('error', models.CharField(blank=True, max_length=500)),
                ('chunks', models.PositiveIntegerField(default=0)),
                ('tokens', models.PositiveBigIntegerField(default=0)),
                ('done', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
                ('leased_until', models.DateTimeField(blank=True, null=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='indexed', to='knowledge.document')),
                ('index', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='knowledge.index')),
            ],
        ),
        migrations.CreateModel(
            name='KeptVector',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text_hash', models.CharField(max_length=71)),
                ('embedding', pgvector.django.halfvec.HalfVectorField()),
                ('index', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='knowledge.index')),
            ],
        ),
        migrations.CreateModel(
            name='KnowledgeBase',
            fields=[
                ('entity_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='drafts.entity')),
                ('description', models.TextField(blank=True, max_length=2000, verbose_name='description')),
                ('context', models.CharField(choices=[('chatbot', 'Chatbots'), ('chatflow', 'Chatflows'), ('both', 'Chatbots and chatflows')], default='both', max_length=10, verbose_name='used by')),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('stopped_at', models.DateTimeField(blank=True, null=True)),
                ('worked_at', models.DateTimeField(blank=True, null=True)),
                ('live_index', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='knowledge.index')),
                ('next_index', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='knowledge.index')),
            ],
            options={
                'verbose_name': 'knowledge base',
                'verbose_name_plural': 'knowledge bases',
            },
            bases=('drafts.entity',),
        ),
        migrations.AddField(
            model_name='index',
            name='base',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='indexes', to='knowledge.knowledgebase'),
        ),
        migrations.CreateModel(
            name='DocumentText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_hash', models.CharField(max_length=71)),
                ('pages', models.JSONField()),
                ('base', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='knowledge.knowledgebase')),
            ],
        ),
        migrations.AddField(
            model_name='document',
            name='base',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='knowledge.knowledgebase'),
        ),
        migrations.CreateModel(
            name='ReleasedDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source_id', models.CharField(max_length=64)),
                ('key', models.CharField(blank=True, max_length=2000)),
                ('name', models.CharField(max_length=300)),
                ('type', models.CharField(max_length=20)),
                ('mime_type', models.CharField(blank=True, max_length=120)),
                ('url', models.CharField(blank=True, max_length=2000)),
                ('enabled', models.BooleanField(default=True)),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='drafts.release')),
                ('text', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='knowledge.documenttext')),
            ],
        ),
        migrations.CreateModel(
            name='SourceRefresh',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source_id', models.CharField(max_length=64)),
                ('every', models.CharField(max_length=10)),
                ('due_at', models.DateTimeField()),
                ('refreshed_at', models.DateTimeField(blank=True, null=True)),
                ('failures', models.PositiveSmallIntegerField(default=0)),
                ('error', models.CharField(blank=True, max_length=500)),
                ('leased_until', models.DateTimeField(blank=True, null=True)),
                ('base', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='refreshes', to='knowledge.knowledgebase')),
            ],
        ),
        migrations.CreateModel(
            name='Term',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('lexeme', models.TextField()),
                ('frequency', models.IntegerField(default=0)),
                ('index', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='knowledge.index')),
            ],
        ),
        migrations.CreateModel(
            name='Embedding',
            fields=[
                ('chunk', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='knowledge.chunk')),
                ('document_id', models.UUIDField(db_index=True)),
                ('enabled', models.BooleanField(default=True)),
                ('embedding', pgvector.django.halfvec.HalfVectorField()),
                ('index', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='knowledge.index')),
            ],
        ),
        migrations.AddConstraint(
            model_name='chunk',
            constraint=models.UniqueConstraint(fields=('index', 'document', 'position'), name='one_chunk_per_position'),
        ),
        migrations.AddConstraint(
            model_name='indexeddocument',
            constraint=models.UniqueConstraint(fields=('index', 'document'), name='one_state_per_document'),
        ),
        migrations.AddConstraint(
            model_name='keptvector',
            constraint=models.UniqueConstraint(fields=('index', 'text_hash'), name='one_vector_per_text'),
        ),
        migrations.AddConstraint(
            model_name='documenttext',
            constraint=models.UniqueConstraint(fields=('base', 'content_hash'), name='one_text_per_hash'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(condition=models.Q(('enabled', False)), fields=['base'], name='disabled_documents'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(fields=('base', 'source_id', 'key'), name='one_document_per_key'),
        ),
        migrations.AddIndex(
            model_name='releaseddocument',
            index=models.Index(fields=['release'], name='documents_of_release'),
        ),
        migrations.AddIndex(
            model_name='sourcerefresh',
            index=models.Index(fields=['due_at'], name='refreshes_due'),
        ),
        migrations.AddConstraint(
            model_name='sourcerefresh',
            constraint=models.UniqueConstraint(fields=('base', 'source_id'), name='one_refresh_per_source'),
        ),
        migrations.RunSQL(STORAGE, migrations.RunSQL.noop),
    ]
