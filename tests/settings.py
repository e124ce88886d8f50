"""Settings of the tests: the product's own, on servers and folders of the test run's own.

A test run never reads a ``.env`` file or the shell's settings, and runs beside a running product.
Processes that a test starts inherit the run's folder.
"""

import os
import tempfile

GIVEN = (
    *("DATABASE_URL", "REDIS_URL", "STATIC_ROOT", "DJANGO_SECRET_KEY", "CREDENTIALS_KEYS"),
    *("SIGN_UP", "WORKSPACES_PER_PERSON", "PREVIEWS_PER_MINUTE", "WEBSITE_MESSAGES_PER_HOUR"),
    *("API_MESSAGES_PER_MINUTE", "SERVER_MODEL_MESSAGES_PER_DAY", "METRICS_TOKEN"),
    "KNOWLEDGE_WORKSPACE_BYTES",
)
PREFIXES = (
    *("LLM_", "SECRET_AI_", "TELEGRAM_", "DISCORD_", "WHATSAPP_", "OUTBOUND_", "EMAIL_"),
    *("NOTION_", "GOOGLE_", "ZAPIER_"),
)

# Processes that a test starts inherit this; of those that share a run's tests each has its own.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")

if "PRIVEXBOT_TEST_DIR" not in os.environ or os.environ.get("PRIVEXBOT_TEST_WORKER") != WORKER:
    for name in list(os.environ):
        if name in GIVEN or name.startswith(PREFIXES):
            del os.environ[name]
    os.environ["PRIVEXBOT_TEST_WORKER"] = WORKER
    os.environ["PRIVEXBOT_TEST_DIR"] = tempfile.mkdtemp(prefix="privexbot-test-")
    os.environ["PRIVEXBOT_ENV_FILE"] = os.devnull
    os.environ["PRIVEXBOT_DATA_DIR"] = os.environ["PRIVEXBOT_TEST_DIR"]
    os.environ["PUBLIC_URL"] = "http://testserver"

from privexbot.settings import *  # noqa: E402 (the environment comes first)

# Weak and quick: no test is about how a password is hashed.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
STYLEGUIDE = True
