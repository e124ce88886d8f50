from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("knowledge", "0003_refreshes_are_leased_in_redis"),
    ]

    operations = [
        # Of the runs so far nobody knows: they are compared with none.
        migrations.AddField(
            model_name="evaluationrun",
            name="ranking",
            field=models.PositiveSmallIntegerField(default=0),
            preserve_default=False,
        ),
    ]
