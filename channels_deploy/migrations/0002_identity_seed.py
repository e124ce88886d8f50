from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('channels_deploy', '0001_connections'),
    ]

    operations = [
        migrations.AddField(
            model_name='connection',
            name='identity_seed',
            field=models.CharField(blank=True, default='', max_length=40),
        ),
    ]
