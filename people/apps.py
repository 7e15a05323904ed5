from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _
from wagtail.users.apps import WagtailUsersAppConfig


class PeopleConfig(AppConfig):
    name = "people"
    verbose_name = _("Người học và địa bàn")
    default = True

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added

        from core import admin_home, table_imports
        from people import (  # noqa: F401 - some only declare their jobs
            admin_waiting,
            following_communes,
            people_export,
            roles,
            second_factor,
            settling,
            words,
        )
        from people.roster import RosterKind
        from people.unit_table import UnitKind

        admin_home.register(admin_waiting.waiting)
        table_imports.declare(RosterKind())
        table_imports.declare(UnitKind())

        authenticator_added.connect(second_factor.remember_set_up, dispatch_uid="people.second_factor.remember_set_up")
        post_migrate.connect(words.ensure_after_migrate, sender=self, dispatch_uid="people.words")
        last = [config for config in apps.get_app_configs() if config.models_module][-1]
        post_migrate.connect(roles.ensure_after_migrate, sender=last, dispatch_uid="people.roles.ensure_after_migrate")


class UsersConfig(WagtailUsersAppConfig):
    """Wagtail's user management with our view set; stands in INSTALLED_APPS in place of wagtail.users."""

    user_viewset = "people.admin_users.UserViewSet"
