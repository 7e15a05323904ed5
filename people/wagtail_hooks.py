"""What people add to the admin."""

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.views import account
from wagtail.permissions import register_permission_policy
from wagtail.users.views.bulk_actions.user_bulk_action import UserBulkAction

from people import admin_cards, admin_registrations
from people.admin_choosers import (
    household_chooser,
    organisation_chooser,
    person_chooser,
    seen_unit_chooser,
    unit_chooser,
)
from people.admin_erasure import ErasePersonView
from people.admin_export import ExportView
from people.admin_lists import PEOPLE_MENU
from people.admin_merging import ChooseView, MergeView, UnmergeView
from people.admin_registers import PeopleViewSetGroup
from people.admin_sensitive import SensitiveView
from people.admin_units import LookUpOnly
from people.admin_users import OwnNamesForm
from people.models import Unit

register_permission_policy(Unit, LookUpOnly(Unit))
account.NameEmailSettingsPanel.form_class = OwnNamesForm  # Wagtail has no setting for it
UserBulkAction.models = []  # they know nothing of who sees whom; without a model none is registered
account.NameEmailSettingsPanel.title = _("Họ tên và liên hệ")


@hooks.register("register_admin_viewset")
def viewsets() -> list[object]:
    """Lists and choosers."""
    return [
        PeopleViewSetGroup(),
        unit_chooser,
        seen_unit_chooser,
        person_chooser,
        organisation_chooser,
        household_chooser,
    ]


CARDS = [
    path("", admin_cards.CardsView.as_view(), name="list"),
    path("print/", admin_cards.print_cards, name="print"),
    path("<int:pk>/", admin_cards.PersonCardView.as_view(), name="person"),
    path("<int:pk>/pin/", admin_cards.NewPinView.as_view(), name="reset_pin"),
    path("<int:pk>/end/", admin_cards.end_card, name="end"),
]

REGISTRATIONS = [
    path("", admin_registrations.RegistrationsView.as_view(), name="list"),
    path("<int:pk>/", admin_registrations.RegistrationView.as_view(), name="one"),
    path("<int:pk>/decide/", admin_registrations.decide, name="decide"),
]

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
def urls() -> list[URLPattern | URLResolver]:
    """Addresses below /admin/."""
    return [
        path("people/export/", ExportView.as_view(), name="people_export"),
        path("people/cards/", include((CARDS, "people_cards"), namespace="people_cards")),
        path(
            "people/registrations/",
            include((REGISTRATIONS, "people_registrations"), namespace="people_registrations"),
        ),
        *(path(address, include((urls, name), namespace=name)) for address, name, urls in ABOUT_A_PERSON),
    ]


class ForGivers(MenuItem):
    """An entry of the menu for those who look after learners."""

    def is_shown(self, request: HttpRequest) -> bool:
        return admin_cards.may_give(request.user)


@hooks.register(PEOPLE_MENU)
def cards() -> MenuItem:
    """The list of learners for cards."""
    return ForGivers(_("Thẻ đăng nhập"), reverse("people_cards:list"), name="people-cards", icon_name="key", order=-2)


@hooks.register(PEOPLE_MENU)
def registrations() -> MenuItem:
    """Requests for accounts."""
    url = reverse("people_registrations:list")
    return ForGivers(_("Đơn đăng ký"), url, name="people-registrations", icon_name="doc-full-inverse", order=-1)
