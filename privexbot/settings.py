"""Django's settings, all of them from environment variables (see README)."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext
from celery.schedules import schedule
from csp.constants import NONE, SELF

from privexbot.embedded import endpoints
from privexbot.env import BASE_DIR, DATA_DIR, env
from privexbot.secrets import credentials_keys, secret_key

# Makes ModelForm[Workspace] and the like possible outside of the type checker.
django_stubs_ext.monkeypatch()

DEBUG = env.bool("DJANGO_DEBUG", default=False)
PORT = env.int("PORT", default=8000)
PUBLIC_URL = env.str("PUBLIC_URL", default=f"http://localhost:{PORT}").rstrip("/")
SECRET_KEY = secret_key(env, DATA_DIR)
CREDENTIALS_KEYS = credentials_keys(env, DATA_DIR)
HTTPS = PUBLIC_URL.startswith("https://")
_own_hosts = [urlsplit(PUBLIC_URL).hostname, "localhost", "127.0.0.1"] if HTTPS else []
ALLOWED_HOSTS = [*_own_hosts, *env.list("ALLOWED_HOSTS", default=[] if HTTPS else ["*"])]
# Threads that answer pages in one web process; each may need a database connection.
WEB_THREADS = env.int("WEB_THREADS", default=16)
STREAM_THREADS = env.int("STREAM_THREADS", default=8)
DB_POOL_SIZE = env.int("DB_POOL_SIZE", default=WEB_THREADS + STREAM_THREADS)
# Addresses or networks of reverse proxies whose X-Forwarded-For is believed.
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "privexbot.apps.StaticFiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "template_partials",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "privexbot",
    "workspaces",
    "inference",
    "drafts",
    "conversations",
    "channels_deploy",
    "webhooks",
    "knowledge",
    "assistants",
    "chatbots",
    "chatflows",
]

# What answers a page. Streams are answered by ``privexbot.asgi`` with STREAM_MIDDLEWARE.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "privexbot.middleware.Errors",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

# What a stream passes through: asynchronous and cheap, see ``privexbot.streaming``.
STREAM_MIDDLEWARE = ["privexbot.middleware.StreamHeaders"]
STREAM_URLCONF = "privexbot.stream_urls"

ROOT_URLCONF = "privexbot.urls"
ASGI_APPLICATION = "privexbot.asgi.application"
WSGI_APPLICATION = "privexbot.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "workspaces.context_processors.installation",
            ],
        },
    },
]

# Where PostgreSQL and Valkey are: the environment's, else the embedded servers of DATA_DIR.
_servers = endpoints(env, DATA_DIR)

# Whether nobody but this machine's own processes can be at work on the drafts.
SINGLE_MACHINE = not _servers.given_redis_url

_database = env.db_url_config(_servers.database_url, engine="privexbot.postgresql")
_pool = {
    "min_size": 1,
    "max_size": DB_POOL_SIZE,
    "max_idle": 120,
    "timeout": 5,
    # The pool itself tries so long, ever more rarely; after that the next request does.
    "reconnect_timeout": 5,
}
DATABASES = {
    "default": _database | {"OPTIONS": _database.get("OPTIONS", {}) | {"pool": _pool}},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def _redis(db: int, **options: object) -> dict[str, object]:
    """A cache of its own in the Redis database number ``db``."""
    return {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": _servers.redis_url(db),
        "OPTIONS": {
            "SERIALIZER": "django_redis.serializers.json.JSONSerializer",
            "SOCKET_TIMEOUT": 2,
            "SOCKET_CONNECT_TIMEOUT": 1,
        },
        **options,
    }


# Database 0 is the broker's, 1 the drafts', 2 the ordinary cache's.
REDIS_URL = _servers.redis_url(0)
DRAFTS_REDIS_URL = _servers.redis_url(1)
CACHES = {
    "default": _redis(2, KEY_PREFIX="cache") | {"BACKEND": "common.cache.Cache"},
    # Not that one: what one process remembers of a session may be old in another.
    "sessions": _redis(2, KEY_PREFIX="cache"),
    # Keys are the contract's own (draft:{type}:{id}), so nothing is put in front of them.
    "drafts": _redis(1, TIMEOUT=None, KEY_FUNCTION="drafts.storage.keys.unprefixed"),
}
# The folder of the file that drafts are appended to, where it is ours: see ``drafts.storage``.
DRAFTS_FOLDER = DATA_DIR / "valkey" if SINGLE_MACHINE else None
DRAFT_TTL_SECONDS = env.int("DRAFT_TTL_SECONDS", default=86400)
# What a workspace's drafts may take up in Redis, with what undoing needs.
DRAFT_WORKSPACE_BYTES = env.int("DRAFT_WORKSPACE_BYTES", default=32 * 1024 * 1024)

CELERY_BROKER_URL = _servers.broker_url
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600}
CELERY_BEAT_SCHEDULER = "privexbot.celery.ScheduleInMemory"
CELERY_BEAT_SCHEDULE = {
    "finish what a crash left half deployed": {
        "task": "drafts.tasks.sweep",
        "schedule": schedule(run_every=30),
    },
    "connect the channels a crash left waiting": {
        "task": "channels_deploy.tasks.sweep",
        "schedule": schedule(run_every=30),
    },
    "look at channels, each once an hour": {
        "task": "channels_deploy.tasks.examine_due",
        "schedule": schedule(run_every=60),
    },
    "go on reading and indexing where a worker died": {
        "task": "knowledge.tasks.sweep",
        "schedule": schedule(run_every=30),
    },
    "pass on events, and try again what was not taken": {
        "task": "webhooks.tasks.sweep",
        "schedule": schedule(run_every=15),
    },
    "delete conversations that are kept no longer": {
        "task": "conversations.tasks.sweep",
        "schedule": schedule(run_every=600),
    },
    "start flows whose time has come": {
        "task": "chatflows.tasks.sweep",
        "schedule": schedule(run_every=15),
    },
}

AUTH_USER_MODEL = "workspaces.User"
# Django's own included; alone, so that a sign-in hashes once whether the address is known or not.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
# Where one lands in a workspace: the name of a page that takes the workspace's slug.
WORKSPACE_HOME = "assistants:dashboard"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# By a code typed where the sign-up began: nobody confirms an account that a stranger prepared.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_ADAPTER = "workspaces.account_adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "signup": "workspaces.account_forms.SignupForm",
    "login": "workspaces.account_forms.LoginForm",
    "reset_password": "workspaces.account_forms.ResetPasswordForm",
    "reset_password_from_key": "workspaces.account_forms.ResetPasswordKeyForm",
    "change_password": "workspaces.account_forms.ChangePasswordForm",
    "add_email": "workspaces.account_forms.AddEmailForm",
    "reauthenticate": "workspaces.account_forms.ReauthenticateForm",
    "confirm_email_verification_code": "workspaces.account_forms.ConfirmCodeForm",
}
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="PrivexBot <no-reply@localhost>")

# Who may make an account: anybody ("open"), whoever holds an invitation ("invited"), nobody.
SIGN_UP = env.str("SIGN_UP", default="open")
# Of all the limits below, 0 stands for none.
WORKSPACES_PER_PERSON = env.int("WORKSPACES_PER_PERSON", default=10)
PREVIEWS_PER_MINUTE = env.int("PREVIEWS_PER_MINUTE", default=120)
WEBSITE_MESSAGES_PER_HOUR = env.int("WEBSITE_MESSAGES_PER_HOUR", default=6000)
API_MESSAGES_PER_MINUTE = env.int("API_MESSAGES_PER_MINUTE", default=60_000)
SERVER_MODEL_MESSAGES_PER_DAY = env.int("SERVER_MODEL_MESSAGES_PER_DAY", default=100_000)
# Of files and texts, beside a workspace's drafts and in its knowledge bases.
KNOWLEDGE_WORKSPACE_BYTES = env.int("KNOWLEDGE_WORKSPACE_BYTES", default=5 * 1024**3)

SESSION_ENGINE = "workspaces.session_store"
SESSION_CACHE_ALIAS = "sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=HTTPS)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "privexbot.stylesheet.StylesheetFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
# Whether /styleguide/ shows every component in every state.
STYLEGUIDE = env.bool("STYLEGUIDE", default=DEBUG)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
MEDIA_ROOT = DATA_DIR / "uploads"
WHITENOISE_MAX_AGE = 60

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_I18N = USE_TZ = True
FORMAT_MODULE_PATH = ["privexbot.formats"]

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["workspaces.api_auth.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["workspaces.api_auth.ManageScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["common.api.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    # OPTIONS is not answered: the schema says more, and an id is not there to be asked about.
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "common.api.problem_handler",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "PrivexBot API",
    # Ends with the chapter that the calls stand below.
    "DESCRIPTION": (BASE_DIR / "templates" / "api" / "description.md").read_text(),
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "privexbot.api_tags.by_chapter",
        "drafts.api.documents.with_documents",
    ],
    "SWAGGER_UI_SETTINGS": (BASE_DIR / "templates" / "api" / "swagger_ui.js").read_text(),
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "EventTypeEnum": "webhooks.events.NAMES",
        "WebhookStatusEnum": ["active", "paused", "disabled"],
        "WebhookSwitchEnum": ["active", "paused"],
        "DeliveryStatusEnum": ["pending", "sent", "failed"],
        "DraftStatusEnum": ["draft", "deploying", "failed"],
        "JobStatusEnum": ["none", "running", "done", "failed", "stopped"],
        "SourceStatusEnum": ["pending", "parsing", "ready", "failed"],
        "DocumentStatusEnum": ["waiting", "indexing", "ready", "failed"],
        "RunStatusEnum": ["whole", "stopped", "failed"],
        "StepStatusEnum": ["ok", "waiting", "failed", "handled", "stopped", "reused", "pinned"],
    },
}
# A body that is not a file (WhatsApp's calls have up to 3 MB), and a whole request with its files.
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
LARGEST_REQUEST = 4 * 1024 * 1024
# The largest file that a knowledge base reads, the requests that bring files, by their path, and
# how much one of those may have: the file with what stands around it.
LARGEST_FILE = 50 * 1024 * 1024
FILE_REQUESTS = re.compile(
    r"/(?:api/v1|w/[^/]+)/kb/[^/]+(?:/[^/]+)?/(?:sources/upload|documents(?:/[^/]+){0,2})/?"
)
LARGEST_FILE_REQUEST = LARGEST_FILE + 1024 * 1024
# Seconds that the head of a request may take, and that its body may stand still.
REQUEST_PATIENCE = 20

# What /metrics wants as its bearer token; empty, anybody may read it.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

LLM_BASE_URL = env.str("LLM_BASE_URL", default="")
LLM_API_KEY = env.str("LLM_API_KEY", default="")
LLM_MODEL = env.str("LLM_MODEL", default="")
LLM_GGUF = env.str("LLM_GGUF", default="")
SECRET_AI_BASE_URL = env.str(
    "SECRET_AI_BASE_URL", default="https://secretai-api-url.scrtlabs.com:443/v1"
)
SECRET_AI_API_KEY = env.str("SECRET_AI_API_KEY", default="")
TELEGRAM_API_URL = env.str("TELEGRAM_API_URL", default="https://api.telegram.org")
DISCORD_API_URL = env.str("DISCORD_API_URL", default="https://discord.com/api/v10")
WHATSAPP_API_URL = env.str("WHATSAPP_API_URL", default="https://graph.facebook.com/v23.0")
NOTION_API_URL = env.str("NOTION_API_URL", default="https://api.notion.com/v1")
GOOGLE_API_URL = env.str("GOOGLE_API_URL", default="https://www.googleapis.com")
GOOGLE_TOKEN_URL = env.str("GOOGLE_TOKEN_URL", default="https://oauth2.googleapis.com/token")
# A second store of vectors; its server may be shared by installations.
QDRANT_URL = env.str("QDRANT_URL", default="")
QDRANT_API_KEY = env.str("QDRANT_API_KEY", default="")
QDRANT_PREFIX = env.str("QDRANT_PREFIX", default="privexbot")
# Where Zapier listens besides hooks.zapier.com, as host or host:port.
ZAPIER_HOSTS = env.list("ZAPIER_HOSTS", default=[])
OUTBOUND_ALLOWED_HOSTS = env.list("OUTBOUND_ALLOWED_HOSTS", default=[])

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
        "short": {
            "()": "privexbot.logs.WithoutTraceback",
            "fmt": "{asctime} {levelname} {name}: {message:.200}",
            "style": "{",
        },
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "short": {"class": "logging.StreamHandler", "formatter": "short"},
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
    # What a client got wrong is told to the client.
    "loggers": {
        "django.request": {"level": "ERROR"},
        # A wrong ``Host`` is told here too: PUBLIC_URL may be what is wrong.
        "django.security.DisallowedHost": {"handlers": ["short"], "propagate": False},
    },
}
