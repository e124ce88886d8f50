
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("knowledge", "0002_texts_are_counted"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="sourcerefresh",
            name="leased_until",
        ),
    ]
