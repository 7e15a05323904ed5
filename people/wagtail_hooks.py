"""What people add to the admin."""

from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.views import account
from wagtail.permissions import register_permission_policy
from wagtail.users.views.bulk_actions.user_bulk_action import UserBulkAction

from people.admin_choosers import household_chooser, organisation_chooser, unit_chooser
from people.admin_erasure import ErasePersonView
from people.admin_merging import ChooseView, MergeView, UnmergeView
from people.admin_registers import PeopleViewSetGroup
from people.admin_sensitive import SensitiveView
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


ABOUT_A_PERSON = [
    ("people/sensitive/", "people_sensitive", [path("<int:pk>/", SensitiveView.as_view(), name="person")]),
    ("people/erasure/", "people_erasure", [path("<int:pk>/", ErasePersonView.as_view(), name="person")]),
    (
        "people/merging/",
        "people_merging",
        [
            path("<int:pk>/", ChooseView.as_view(), name="choose"),
            path("<int:pk>/<int:other>/", MergeView.as_view(), name="merge"),
            path("undo/<int:pk>/", UnmergeView.as_view(), name="unmerge"),
        ],
    ),
]


@hooks.register("register_admin_urls")
def pages_about_a_person() -> list[URLPattern | URLResolver]:
    """What one does with a person besides the form."""
    return [path(address, include((urls, name), namespace=name)) for address, name, urls in ABOUT_A_PERSON]
