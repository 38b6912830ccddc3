"""Django's settings, derived from the configuration of the data directory."""

import hashlib
from pathlib import Path

from isogloss.configuration import database, read_config

CONFIG = read_config()
_key = CONFIG.data / "secret.key"

# Without a data directory (documentation, type checks) the key guards nothing, so it may be fixed; `serve` refuses to start without one.
SECRET_KEY = _key.read_text(encoding="ascii").strip() if _key.exists() else "no data directory: nothing is signed with this"
_instance = hashlib.sha256(SECRET_KEY.encode()).hexdigest()[:8]

DEBUG = False
ROOT_URLCONF = "isogloss.urls"
WSGI_APPLICATION = "isogloss.wsgi.application"
ALLOWED_HOSTS = [*CONFIG.allowed_hosts, CONFIG.host, "localhost", "127.0.0.1", "[::1]"]
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CONTEXTS = [
    "accounts",
    "guidelines",
    "workforce",
    "projects",
    "corpus",
    "annotation",
    "assist",
    "dispatch",
    "workbench",
    "quality",
    "wellbeing",
    "delivery",
    "insights",
]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "ninja",
    "isogloss.platform",
    *(f"isogloss.{name}" for name in CONTEXTS),
    "isogloss.web",
]
MIDDLEWARE = [
    "isogloss.web.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "isogloss.web.middleware.ReaderPreferences",
    "isogloss.web.middleware.ProblemPages",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "isogloss.web.navigation.frame",
            ],
            "builtins": ["django.templatetags.i18n", "isogloss.web.templatetags.isogloss"],
        },
    }
]

# Forms are drawn by our own templates, with the same tags as pages.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": database(CONFIG)}

AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "email")},
    },
]
LOGIN_URL = "accounts:log-in"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_NAME = f"isogloss_{_instance}"
CSRF_FAILURE_VIEW = "isogloss.web.views.origin_unproven"
CSRF_COOKIE_NAME = f"isogloss_csrf_{_instance}"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CONFIG.secure_cookies
if CONFIG.secure_cookies:
    # Only a site that says it stands behind TLS believes the proxy's word for it; otherwise anybody could send this header.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SECURE_REFERRER_POLICY = "same-origin"  # with no-referrer browsers send “Origin: null” and no form passes the CSRF check
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文"), ("id", "Bahasa Indonesia"), ("ja", "日本語"), ("ar", "العربية")]
USE_I18N = True
FORMAT_MODULE_PATH = "isogloss.web.formats"
LOCALE_PATHS = [Path(__file__).parent.parent / "locale"]
USE_TZ = True
TIME_ZONE = CONFIG.time_zone

STATIC_URL = "/static/"
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
# An upload is streamed to a file beside where it will stay, never held in memory.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024 * 1024
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "isogloss": {"handlers": ["console"], "level": "INFO"},
    },
}
