"""Django's settings, made from the environment (`environment`); nothing is decided elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF

from parley.demo.marketplace import accounts
from parley.site.environment import database_settings, environment
from parley.site.fingerprint import fingerprint

HERE = Path(__file__).parents[1]
_env = environment()
_https = _env.public_url.startswith("https://")

DEBUG = False
SECRET_KEY = _env.secret_key
ALLOWED_HOSTS = list(_env.allowed_hosts)
DATABASES = {"default": database_settings(_env)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "parley.site.urls"
WSGI_APPLICATION = "parley.site.wsgi.application"
AUTH_USER_MODEL = "parties.Person"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "procrastinate.contrib.django",
    "parley.postgres",
    "parley.journal",
    "parley.parties",
    "parley.conversations",
    "parley.ledger",
    "parley.catalogue",
    "parley.orders",
    "parley.tickets",
    "parley.sla",
    "parley.channels",
    "parley.exports",
    "parley.help_centre",
    "parley.messenger",
    "parley.guard",
    "parley.mailboxes",
    "parley.assistant",
    "parley.feeds",
    "parley.desk",
    "parley.reports",
    "parley.notifications",
    "parley.privacy",
    "parley.demo",
    "parley.web",
    "parley.site",
]

MIDDLEWARE = [
    "parley.web.headers.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "parley.web.uploads.UploadMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "parley.web.reader.ReaderMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "parley.web.merged.MergedMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "NAME": "jinja2",
        "BACKEND": "parley.web.folding.Pages",
        "DIRS": [HERE / "web" / "templates"],
        "OPTIONS": {
            "environment": "parley.web.jinja.environment",
            "auto_reload": False,
            "context_processors": ["parley.web.jinja.about_the_reader"],
        },
    },
    {
        # For the pages that a library brings its own templates for, and for nothing else.
        "NAME": "django",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]

# --- languages and time ---
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ru", "Русский")]
LOCALE_PATHS = [HERE / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"
OPERATOR_TIME_ZONE = _env.time_zone

# --- static files ---
# The fingerprint in the path makes every file immutable, and lets ES modules import each other by
# relative address without a manifest.
STATIC_URL = f"/static/{fingerprint(HERE / 'web' / 'static')}/"

# --- attachments ---
FILE_LIMIT = _env.file_bytes
MESSAGE_LIMIT = _env.message_bytes
MAIL_LIMIT = _env.mail_bytes
MEDIA_ROOT = _env.data / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CLAMAV = _env.clamav
FILE_UPLOAD_HANDLERS = ["parley.web.uploads.LimitedUploadHandler"]
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

# --- tickets ---
COOL_DOWN_MINUTES = _env.cool_down_minutes
AUTO_COMPLETE_DAYS = _env.auto_complete_days

# --- orders ---
COUNTRIES_SERVED = list(_env.countries_served)
MATCHING_DAYS = _env.matching_days
HAND_OVER_MINUTES = _env.hand_over_minutes
ALLOW_LOCAL_HOSTS = bool(_env.allow_local_hosts)
EXPORT_FOLDER = _env.export_folder

# --- the assistant ---
MODEL = _env.model
MODEL_URL = _env.model_url
MODEL_KEY = _env.model_key
MODEL_SECONDS = _env.model_seconds
MODEL_PER_HOUR = _env.model_per_hour
SILENT_HOURS = _env.silent_hours

# --- signing in ---
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["name", "email"]},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "parley.web.account.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = None  # as the box on the page is ticked
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "reset_password": "10/m/ip,3/10m/key",
    "change_password": "5/m/user",
    "ask_to_join": "20/10m/ip",
    "reauthenticate": "10/m/user",
    "webauthn_login": "20/m/ip",
    "second_factor": "30/d/key",
}
MFA_ADAPTER = "parley.web.account.factors_adapter.FactorsAdapter"
MFA_FORMS = {
    "authenticate": "parley.web.account.codes.SecondStepForm",
    "reauthenticate": "parley.web.account.codes.AgainForm",
    "add_webauthn": "parley.web.account.passkeys.NewPasskeyForm",
    "edit_webauthn": "parley.web.account.passkeys.PasskeyNameForm",
    "authenticate_webauthn": "parley.web.account.passkeys.SecondStepPasskeyForm",
    "login_webauthn": "parley.web.account.passkeys.SignInPasskeyForm",
    "reauthenticate_webauthn": "parley.web.account.passkeys.AgainPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "preferred"
MFA_TOTP_TOLERANCE = 1  # a clock may be half a minute off (RFC 6238, section 5.2)
MFA_RATE_LIMITS = {"webauthn_login": ACCOUNT_RATE_LIMITS["webauthn_login"]}
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are proved by the invitations they came with
# Single sign-on: offered where the environment names a provider and the client it knows us as.
SINGLE_SIGN_ON_NAME = _env.sso_name if _env.sso_url and _env.sso_client else ""
SOCIALACCOUNT_ADAPTER = "parley.web.account.single_sign_on.SingleSignOnAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": [
            {
                "provider_id": "main",
                "name": _env.sso_name,
                "client_id": _env.sso_client,
                "secret": _env.sso_secret or "",
                "settings": {"server_url": _env.sso_url or "", "oauth_pkce_enabled": True},
            }
        ]
    }
}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if _env.trusted_proxy else 0

# --- the browser's safety ---
SESSION_ENGINE = "parley.web.sessions"
SESSION_COOKIE_NAME = "parley_session"
SESSION_COOKIE_AGE = _env.session_days * 86_400
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
CSRF_COOKIE_NAME = "parley_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "parley.web.errors.csrf_failed"
CSRF_TRUSTED_ORIGINS = [f"{urlsplit(_env.public_url).scheme}://{urlsplit(_env.public_url).netloc}"]
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _env.trusted_proxy else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
SILENCED_SYSTEM_CHECKS = ["account.W001"]

# --- mail ---
DEFAULT_FROM_EMAIL = _env.mail_from
PUBLIC_URL = _env.public_url.rstrip("/")
DEMO = _env.is_demo
DEMO_PEOPLE = [email for _role, email, _password in accounts()] if DEMO else []
MAIL_FOLDER = _env.data / "mail"
MAIL_PROVIDER = _env.mail_provider
MAIL_WEBHOOK_SECRET = _env.mail_webhook_secret or ""
ANYMAIL = {
    **_env.mail_provider_settings,
    "WEBHOOK_SECRET": [MAIL_WEBHOOK_SECRET] if MAIL_WEBHOOK_SECRET else [],
}
if _env.smtp_url is None and MAIL_PROVIDER:
    MAIL_BACKEND = f"anymail.backends.{MAIL_PROVIDER}.EmailBackend"
elif _env.smtp_url is None:
    MAIL_BACKEND = "parley.notifications.folder.FolderBackend"
else:
    _smtp = urlsplit(_env.smtp_url)
    MAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = _smtp.hostname
    EMAIL_PORT = _smtp.port or (465 if _smtp.scheme == "smtps" else 25)
    EMAIL_HOST_USER = unquote(_smtp.username or "")
    EMAIL_HOST_PASSWORD = unquote(_smtp.password or "")
    EMAIL_USE_SSL = _smtp.scheme == "smtps"
    EMAIL_USE_TLS = _smtp.scheme == "smtp" and EMAIL_PORT == 587
    EMAIL_TIMEOUT = 30
# Through the mailbox that sends, where an administrator has set one up, and else by MAIL_BACKEND.
EMAIL_BACKEND = "parley.notifications.outgoing.OutgoingBackend"

# --- shared counters (sign-in throttling): in PostgreSQL, so that all processes count together ---
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "site_cache",
    }
}

# --- jobs ---
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
        "json": {"()": "parley.site.logs.JsonFormatter"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": _env.log_format},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "parley": {"level": "INFO"},
        # A stranger's 404 and a refused host are the web's weather, not the operator's trouble.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "django.request": {"level": "ERROR"},
    },
}
