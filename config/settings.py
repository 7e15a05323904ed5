"""Settings, all from the environment (docs/operators.md lists every variable)."""

from email.utils import formataddr
from pathlib import Path
from urllib.parse import urlsplit

from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured

from config import environment as env
from people import languages

ROOT = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("DATA_DIR", str(ROOT / "data"))).resolve()
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

HOST = env.text("HOST", "127.0.0.1")
PORT = env.integer("PORT", 8000, low=1, high=65535)
BASE_URL = env.http_url("BASE_URL", f"http://{'127.0.0.1' if HOST in {'0.0.0.0', '::'} else HOST}:{PORT}")
ID_BASE = env.text("ID_BASE") and env.http_url("ID_BASE", "")  # empty: BASE_URL at the first migrate; see core.identity
DEBUG = env.boolean("DEBUG", default=False)
SECRET_KEY = env.text("SECRET_KEY") or env.kept_secret(DATA_DIR / "secret-key")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS") or sorted(
    {urlsplit(BASE_URL).hostname or "", HOST, "127.0.0.1", "localhost"}
)
TRUSTED_PROXIES = ALLAUTH_TRUSTED_PROXY_COUNT = env.integer("TRUSTED_PROXIES", 0, low=0, high=9)
MARC_AGENCY = env.text("MARC_AGENCY", "VN-NhaSan")  # the library's own code, as 003 and 040 say it
FETCH_ALLOW = env.words("FETCH_ALLOW")
ADMIN_EMAIL = env.text("ADMIN_EMAIL", "admin@nhasan.example")
SECURE = BASE_URL.startswith("https://")

INSTALLED_APPS = [
    "core",
    "people",
    "xapi",
    "search",
    "library",
    "oai",
    "lms",
    "certificates",
    "targets",
    "home",
    "wagtail_localize",
    "wagtail_localize.locales",  # replaces wagtail.locales
    "wagtail.contrib.settings",
    "wagtail.contrib.table_block",
    "wagtailmedia",
    "wagtail.embeds",
    "wagtail.sites",
    "people.apps.UsersConfig",  # wagtail.users
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "core.protocols.ProtocolMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.compression.CompressionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "core.reading_language.ReadingLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "people.second_factor.StaffSecondFactorMiddleware",
    "people.consent.ConsentFirstMiddleware",
    "people.shared_phone.NothingLeftMiddleware",
    "people.sessions.LastSeenMiddleware",
]

PROTOCOL_PATHS = ("/xapi/",)
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

DATABASES = {
    "default": env.database("DATABASE_URL", DATA_DIR),
    "cache": env.sqlite(str(DATA_DIR / "cache.sqlite3"), synchronous="OFF"),
}
DATABASE_ROUTERS = ["core.cache_router.CacheRouter"]
ATOMIC_REQUESTS = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHE_URL = env.redis_url("CACHE_URL")
CACHES: dict[str, dict[str, object]]
if CACHE_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CACHE_URL}}
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "cache_entries",
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        }
    }

SEARCH_URL = env.text("SEARCH_URL", "embedded:")
SEARCH_INDEX_PREFIX = env.text("SEARCH_INDEX_PREFIX", "nhasan")  # sites that share a cluster differ here
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["people.sign_in.SignInBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/my/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "people.sign_in.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "people.forms.SignInForm",
    "change_password": "people.forms.ChangePasswordForm",
    "set_password": "people.forms.SetPasswordForm",
    "reset_password": "people.forms.ResetPasswordForm",
    "reset_password_from_key": "people.forms.ResetPasswordKeyForm",
    "reauthenticate": "people.forms.ReauthenticateForm",
}
ACCOUNT_LOGIN_METHODS = {"username"}  # people.sign_in.SignInBackend takes any of the three names for it
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # addresses are entered by staff, and most people have none
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Nhà Sàn] "
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
ACCOUNT_USER_DISPLAY = "people.sign_in.display_name"
ACCOUNT_RATE_LIMITS = {  # failures are counted per account, never per address alone: see people.sign_in
    "login": None,
    "login_failed": "5/5m/key",
    "login_failed_anywhere": "100/h/key",  # more than one address can spend by login_failed
    "pin_failed": "5/15m/key",  # six digits typed for one account at one address
    "pin_failed_at_home": "60/d/key",  # the same, where the account has signed in before
    "pin_failed_anywhere": "20/d/key",  # six digits typed for one account from elsewhere
    "pin_failed_from": "300/h/key",  # six digits typed at one address for any accounts: a class is below it
    "reset_password": "5/h/key,300/h/ip",
    "reset_password_from_key": "300/h/ip",
}
MFA_ADAPTER = "people.second_factor.MFAAdapter"
MFA_FORMS = {
    "authenticate": "people.forms.CodeForm",
    "reauthenticate": "people.forms.CodeAgainForm",
    "activate_totp": "people.forms.SetUpCodeForm",
    "add_webauthn": "people.forms.AddKeyForm",
    "authenticate_webauthn": "people.forms.UseKeyForm",
    "reauthenticate_webauthn": "people.forms.UseKeyAgainForm",
    "edit_webauthn": "people.forms.RenameKeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Nhà Sàn"
MFA_TOTP_TOLERANCE = 1  # old phones' clocks are off by half a minute
MFA_ALLOW_UNVERIFIED_EMAIL = True

OIDC_NAME = env.text("OIDC_NAME", "VNeID")
OIDC_URL = env.text("OIDC_URL") and env.http_url("OIDC_URL", "")  # the issuer; empty: no identity provider
OIDC_CLIENT_ID = env.text("OIDC_CLIENT_ID")
if OIDC_URL and not OIDC_CLIENT_ID:
    raise ImproperlyConfigured("OIDC_URL is set, OIDC_CLIENT_ID is not")
OIDC_CLIENT_SECRET = env.text("OIDC_CLIENT_SECRET")
OIDC_SCOPES = env.words("OIDC_SCOPES") or ["openid", "profile", "email", "phone"]
OIDC_NATIONAL_ID = env.text("OIDC_NATIONAL_ID")  # the claim with the national identity number; empty: none
OIDC_SECOND_FACTOR = env.words("OIDC_SECOND_FACTOR")  # values of acr or amr that spare staff their own second factor
SOCIALACCOUNT_ADAPTER = "people.identity_provider.SocialAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "SCOPE": OIDC_SCOPES,
        "APPS": [
            {
                "provider_id": "national",  # people.identity_provider.PROVIDER
                "name": OIDC_NAME,
                "client_id": OIDC_CLIENT_ID,
                "secret": OIDC_CLIENT_SECRET,
                "settings": {"server_url": OIDC_URL},
            }
        ],
    }
}
SELF_REGISTRATION = env.boolean("SELF_REGISTRATION", default=True)

LANGUAGE_CODE = "vi"
INTERFACE_LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
CONTENT_LANGUAGES = env.languages(
    "CONTENT_LANGUAGES", ["vi", "en", "bdq", "cjm", "rad", "jra", "km", "cmo", "hmn", "blt"]
)
# Wagtail wants the languages of content among LANGUAGES; pages' own words have INTERFACE_LANGUAGES only.
LANGUAGES = INTERFACE_LANGUAGES + [
    (code, languages.own_name_of(code)) for code in CONTENT_LANGUAGES if code not in dict(INTERFACE_LANGUAGES)
]
for _code in CONTENT_LANGUAGES:  # Django knows few of them, and one by its English name only
    LANG_INFO[_code] = {"bidi": False, "code": _code, "name": languages.name_of(_code)} | LANG_INFO.get(_code, {})
    LANG_INFO[_code]["name_local"] = languages.own_name_of(_code)
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = False  # pages group numbers by intcomma; ids and years stay as they are
FORMAT_MODULE_PATH = ["config.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [ROOT / "static"]
MEDIA_ROOT = DATA_DIR / "media"
FILE_UPLOAD_PERMISSIONS = 0o600  # Django opens files to everybody otherwise, whatever the umask
MEDIA_URL = "/media/"
STORAGE_URL = env.text("STORAGE_URL")
STORAGES = {
    "default": env.storage("STORAGE_URL", MEDIA_ROOT),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

EMAIL_URL = env.text("EMAIL_URL")
globals().update(env.email("EMAIL_URL"))
SERVER_EMAIL = ADMIN_EMAIL
DEFAULT_FROM_EMAIL = formataddr(("Nhà Sàn", ADMIN_EMAIL))

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
X_FRAME_OPTIONS = "SAMEORIGIN"
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ("/admin/",),
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

WAGTAIL_SITE_NAME = "Nhà Sàn"
WAGTAIL_DATE_FORMAT = "%d/%m/%Y"
WAGTAIL_DATETIME_FORMAT = "%d/%m/%Y %H:%M"
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]  # one country, one time: nobody has to choose, and classes are on one clock
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAIL_I18N_ENABLED = True
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False  # a translation is a draft until its translator publishes it
WAGTAIL_FRONTEND_LOGIN_URL = "/accounts/login/"
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_IMAGE_FORM_BASE = "lms.image_forms.ImageForm"
WAGTAILMEDIA = {  # what the browsers of phones play
    "MEDIA_MODEL": "lms.LessonMedia",
    "MEDIA_FORM_BASE": "lms.media_forms.MediaForm",
    "AUDIO_EXTENSIONS": ["mp3", "m4a", "ogg", "wav"],
    "VIDEO_EXTENSIONS": ["mp4", "webm"],
}
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_CONTENT_LANGUAGES = [(code, languages.both_names_of(code)) for code in CONTENT_LANGUAGES]
WAGTAILADMIN_PERMITTED_LANGUAGES = INTERFACE_LANGUAGES
WAGTAILADMIN_LOGIN_URL = "account_login"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.server": {"level": "WARNING"},
        "fido2": {"level": "WARNING"},
        "wagtail": {"level": "WARNING"},  # its own audit log has each page made and published
        "elastic_transport": {"level": "ERROR"},  # a line per request otherwise; errors come as exceptions
        "opensearch": {"level": "ERROR"},
    },
}
