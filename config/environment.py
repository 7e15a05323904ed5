"""Reads settings from the environment; every value that makes no sense is refused by name."""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from people import languages as known_languages


def text(name: str, default: str = "") -> str:
    """The variable, or the content of the file that NAME_FILE points to (for secrets), or the default."""
    if file := os.environ.get(f"{name}_FILE"):
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE={file}: cannot be read ({error.strerror})") from error
    return os.environ.get(name, "").strip() or default


def boolean(name: str, *, default: bool) -> bool:
    """Only true and false (any case); anything else is an error, since a typing slip must not switch DEBUG on."""
    value = text(name).lower()
    if value not in {"", "true", "false"}:
        raise ImproperlyConfigured(f"{name}={value}: write true or false")
    return default if value == "" else value == "true"


def integer(name: str, default: int, *, low: int, high: int) -> int:
    """A whole number between low and high, both included."""
    value = text(name, str(default))
    if not value.isdecimal() or not low <= int(value) <= high:
        raise ImproperlyConfigured(f"{name}={value}: write a whole number from {low} to {high}")
    return int(value)


def words(name: str) -> list[str]:
    """A list separated by commas or spaces."""
    return text(name).replace(",", " ").split()


def languages(name: str, default: list[str]) -> list[str]:
    """Codes of people.languages, Vietnamese among them, each once."""
    codes = list(dict.fromkeys(words(name) or default))
    if unknown := [code for code in codes if code not in known_languages.LANGUAGES]:
        raise ImproperlyConfigured(
            f"{name}: {', '.join(unknown)} is unknown; known are {', '.join(known_languages.LANGUAGES)}"
        )
    if "vi" not in codes:
        raise ImproperlyConfigured(f"{name}: vi must be among the languages")
    return codes


def http_url(name: str, default: str) -> str:
    """An absolute http(s) URL without a slash at its end."""
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ImproperlyConfigured(f"{name}={value}: write a URL such as https://nhasan.example.vn")
    return value


def redis_url(name: str) -> str:
    """The address of a Redis server, or nothing where none is wanted."""
    value = text(name)
    parts = urlsplit(value)
    if value and not (parts.scheme in {"redis", "rediss"} and parts.hostname) and parts.scheme != "unix":
        raise ImproperlyConfigured(f"{name}: write redis://HOST:PORT/0, not {parts.scheme}://…")
    return value


def kept_secret(path: Path) -> str:
    """A random secret, made at the first run and kept in a file only its owner reads."""
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    value = secrets.token_urlsafe(48)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(value + "\n")
    except FileExistsError:  # web and worker start together
        return path.read_text(encoding="ascii").strip()
    return value


def database(name: str, data_dir: Path) -> dict[str, object]:
    """Django's DATABASES entry from DATABASE_URL: sqlite:///PATH or postgres://USER:PASSWORD@HOST:PORT/NAME."""
    url = text(name, f"sqlite:///{data_dir / 'nhasan.sqlite3'}")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return sqlite(unquote(parts.path), synchronous="FULL")
    if parts.scheme in {"postgres", "postgresql"} and parts.path.strip("/"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.strip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "OPTIONS": dict(parse_qsl(parts.query)),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    raise ImproperlyConfigured(
        f"{name}: write sqlite:///PATH or postgres://USER:PASSWORD@HOST/NAME, not {parts.scheme}://…"
    )


def sqlite(path: str, *, synchronous: str) -> dict[str, object]:
    """A SQLite entry: write-ahead log, immediate transactions, one writer at a time in the process."""
    return {
        "ENGINE": "core.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": None,  # a thread keeps its connection: opening one costs more than most queries
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            # Pages (in a new file) that hold several statements, 16 MB of log before it goes into the file: pages that
            # many batches change are written there once; and memory for what one batch changes.
            "init_command": "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA cache_size=-16000;"
            f" PRAGMA synchronous={synchronous}; PRAGMA wal_autocheckpoint=2000;",
        },
        "TEST": {"NAME": f"{path}.test"},
    }


def storage(name: str, media_root: Path) -> dict[str, object]:
    """Django's default storage: files in DATA_DIR, or s3://KEY:SECRET@HOST[:PORT]/BUCKET[?region=R&tls=false]."""
    url = text(name)
    if not url:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(media_root)}}
    parts = urlsplit(url)
    bucket = parts.path.strip("/")
    if parts.scheme != "s3" or not parts.hostname or not bucket:
        raise ImproperlyConfigured(f"{name}: write s3://KEY:SECRET@HOST/BUCKET")
    options = dict(parse_qsl(parts.query))
    scheme = "http" if options.get("tls") == "false" else "https"
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "access_key": unquote(parts.username or ""),
            "secret_key": unquote(parts.password or ""),
            "endpoint_url": f"{scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else ""),
            "bucket_name": bucket,
            "region_name": options.get("region"),
        },
    }


def email(name: str) -> dict[str, object]:
    """Django's EMAIL settings from smtp://USER:PASSWORD@HOST:PORT (smtps:// for TLS); unset: mail goes to the log."""
    url = text(name)
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ImproperlyConfigured(f"{name}: write smtp://USER:PASSWORD@HOST:PORT or smtps://…")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 20,
    }
