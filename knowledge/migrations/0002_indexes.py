import django.contrib.postgres.fields
import django.db.models.deletion
import pgvector.django.halfvec
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

    dependencies = [
        ('knowledge', '0001_knowledge_bases'),
    ]

    operations = [
        VectorExtension(),
        migrations.RunSQL(TERM_ID, "DROP FUNCTION knowledge_term_id"),
        migrations.RunSQL(POSTING_WEIGHT, "DROP FUNCTION knowledge_posting_weight"),
        migrations.CreateModel(
            name='Posting',
            fields=[
                ('pk', models.CompositePrimaryKey('term_id', 'weight', 'chunk_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('term_id', models.BigIntegerField()),
                ('weight', models.FloatField()),
                ('chunk_id', models.BigIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name='document',
            name='language',
            field=models.CharField(blank=True, max_length=30),
        ),
        migrations.CreateModel(
            name='Index',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('embedder', models.CharField(max_length=200, verbose_name='embedding model')),
                ('dimensions', models.PositiveSmallIntegerField()),
                ('store', models.CharField(choices=[('pgvector', 'pgvector'), ('qdrant', 'Qdrant')], default='pgvector', max_length=20)),
                ('chunks', models.BigIntegerField(default=0)),
                ('length', models.BigIntegerField(default=0)),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), default=list, size=None)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('base', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='indexes', to='knowledge.knowledgebase')),
            ],
            options={
                'verbose_name_plural': 'indexes',
                'ordering': ('-id',),
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
        migrations.AddField(
            model_name='knowledgebase',
            name='live_index',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='knowledge.index'),
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
        migrations.AddIndex(
            model_name='document',
            index=models.Index(condition=models.Q(('enabled', False)), fields=['base'], name='disabled_documents'),
        ),
        migrations.RunSQL(STORAGE, migrations.RunSQL.noop),
    ]
