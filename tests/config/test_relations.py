"""The arrows between the packages hold for foreign keys too."""

from django.apps import apps

MAY_POINT_TO = {
    "core": set(),
    "people": {"core"},
    "xapi": {"core", "people"},
    "search": {"core"},
    "library": {"core", "people", "search"},
    "oai": {"core", "library"},
    "lms": {"core", "people", "xapi", "search", "library"},
    "certificates": {"core", "people", "lms"},
    "targets": {"core", "people", "lms", "certificates"},
    "home": {"core", "people", "xapi", "search", "library", "oai", "lms", "certificates", "targets"},
}


def test_models_point_only_where_their_package_may_import():
    """Foreign keys, one-to-one and many-to-many relations follow the table in docs/architecture.md."""
    wrong = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for label, allowed in MAY_POINT_TO.items()
        if apps.is_installed(label)
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.is_relation and field.related_model and not field.auto_created
        if (target := field.related_model._meta.app_label) in MAY_POINT_TO and target not in allowed | {label}
    ]
    assert wrong == []


def test_every_package_of_ours_is_in_the_table():
    """A new package gets its arrows before its first relation."""
    from django.conf import settings

    ours = {name for name in settings.INSTALLED_APPS if (settings.ROOT / name / "apps.py").exists()}
    assert ours <= set(MAY_POINT_TO)
