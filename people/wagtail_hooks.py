"""What people add to the admin."""

from wagtail import hooks
from wagtail.permissions import register_permission_policy

from people.admin_registers import PeopleViewSetGroup
from people.admin_units import LookUpOnly, UnitChooserViewSet
from people.admin_users import PersonChooserViewSet
from people.models import Unit

register_permission_policy(Unit, LookUpOnly(Unit))


@hooks.register("register_admin_viewset")
def viewsets() -> list[object]:
    """Lists and choosers."""
    return [
        PeopleViewSetGroup(),
        UnitChooserViewSet("people_unit_chooser", url_prefix="people/choose-unit"),
        PersonChooserViewSet("people_person_chooser", url_prefix="people/choose-person"),
    ]
