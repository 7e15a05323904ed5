"""What the store adds to the admin."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from xapi.admin_credentials import CredentialsView, revoke
from xapi.admin_statements import StatementInspectView, StatementListView

PATTERNS = [
    path("", StatementListView.as_view(), name="statements"),
    path("<uuid:statement_id>/", StatementInspectView.as_view(), name="statement"),
    path("credentials/", CredentialsView.as_view(), name="credentials"),
    path("credentials/<int:pk>/revoke/", revoke, name="revoke"),
]


class ItemFor(MenuItem):
    """An entry of the menu for those with a permission."""

    def __init__(self, permission: str, name: str, label: Any, icon: str, order: int) -> None:
        super().__init__(label, reverse(f"xapi_admin:{name}"), name=f"xapi-{name}", icon_name=icon, order=order)
        self.permission = permission

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(self.permission)


@hooks.register("register_admin_urls")
def urls() -> list[URLPattern | URLResolver]:
    """Addresses below /admin/."""
    return [path("statements/", include((PATTERNS, "xapi_admin"), namespace="xapi_admin"))]


@hooks.register("register_admin_menu_item")
def statements() -> MenuItem:
    """The list of statements."""
    return ItemFor("xapi.view_statement", "statements", _("Bản ghi học tập"), "history", 350)


@hooks.register("register_admin_menu_item")
def credentials() -> MenuItem:
    """The list of credentials."""
    return ItemFor("xapi.add_credential", "credentials", _("Khóa truy cập LRS"), "key", 351)
