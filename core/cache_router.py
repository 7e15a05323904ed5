"""Keeps the cache table in a database file of its own, so that cache writes never wait for learning."""


class CacheRouter:
    """Sends Django's database cache to the "cache" database and everything else to the default one."""

    def db_for_read(self, model, **hints):
        return "cache" if model._meta.app_label == "django_cache" else None

    db_for_write = db_for_read

    def allow_migrate(self, db, app_label, **hints):
        return (app_label == "django_cache") == (db == "cache")
