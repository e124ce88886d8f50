"""Whoever imports this first can import models: Django is set up as the environment says."""

import django

django.setup()
