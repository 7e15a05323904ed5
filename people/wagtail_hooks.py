"""What people add to the admin."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.views import account
from wagtail.permissions import register_permission_policy
from wagtail.users.views.bulk_actions.user_bulk_action import UserBulkAction

from people.admin_choosers import household_chooser, organisation_chooser, unit_chooser
from people.admin_registers import PeopleViewSetGroup
from people.admin_units import LookUpOnly
from people.admin_users import OwnNamesForm, person_chooser
from people.models import Unit

register_permission_policy(Unit, LookUpOnly(Unit))
account.NameEmailSettingsPanel.form_class = OwnNamesForm  # Wagtail has no setting for it
UserBulkAction.models = []  # they know nothing of who sees whom; without a model none is registered
account.NameEmailSettingsPanel.title = _("Họ tên và liên hệ")


@hooks.register("register_admin_viewset")
def viewsets() -> list[object]:
    """Lists and choosers."""
    return [PeopleViewSetGroup(), unit_chooser, person_chooser, organisation_chooser, household_chooser]
