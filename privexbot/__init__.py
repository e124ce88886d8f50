"""The project: wiring only. The Celery app is imported here so that shared tasks find it."""

from privexbot.celery import app as celery_app

__all__ = ["celery_app"]
