"""Keeps the cache table in a database file of its own, so that cache writes never wait for learning."""

from django.db.models import Model


class CacheRouter:
    """Sends Django's database cache to the "cache" database and everything else to the default one."""

    def db_for_read(self, model: type[Model], **hints: object) -> str | None:
        """The cache's own database for the cache's table; None leaves the choice to Django."""
        return "cache" if model._meta.app_label == "django_cache" else None

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        """Whether this app's tables belong into this database."""
        return (app_label == "django_cache") == (db == "cache")
