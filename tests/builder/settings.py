"""Settings of the web process that the builder's browser tests talk to."""

from tests.settings import *
from tests.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.builder.apps.BuilderTests"]
