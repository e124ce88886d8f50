"""The Celery application. The broker only wakes workers up; the truth is in PostgreSQL rows."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "privexbot.settings")

app = Celery("privexbot")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
