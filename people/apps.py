from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "people"
    verbose_name = _("Người học và địa bàn")

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added

        from people import second_factor

        authenticator_added.connect(second_factor.remember_set_up, dispatch_uid="people.second_factor.remember_set_up")
