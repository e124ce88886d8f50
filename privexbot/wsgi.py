"""WSGI entry point: everything that does not stream."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "privexbot.settings")

application = get_wsgi_application()
