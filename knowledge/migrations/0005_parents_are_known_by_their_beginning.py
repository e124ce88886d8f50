from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("knowledge", "0004_runs_know_their_ranking"),
    ]

    operations = [
        # Nobody read it: a larger passage is put together from its parts.
        migrations.RemoveField(model_name="chunk", name="parent_end"),
    ]
