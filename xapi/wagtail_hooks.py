"""What the store adds to the admin."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from xapi import admin_foreign_actors as actors
from xapi.admin_credentials import CredentialEditView, CredentialsView, revoke
from xapi.admin_forwarding import (
    CreateView,
    EditView,
    ForwardingsView,
    RefusedView,
    delete,
    delete_refused,
    send_again,
    send_now,
    try_out,
    turn,
)
from xapi.admin_statements import StatementInspectView, StatementListView, attachment_view, export_view

PATTERNS = [
    path("", StatementListView.as_view(), name="statements"),
    path("<uuid:statement_id>/", StatementInspectView.as_view(), name="statement"),
    path("<uuid:statement_id>/files/<slug:sha2>/", attachment_view, name="attachment"),
    path("export.jsonl", export_view, {"form": "jsonl"}, name="export_jsonl"),
    path("export.csv", export_view, {"form": "csv"}, name="export_csv"),
    path("actors/", actors.ForeignActorListView.as_view(), name="actors"),
    path("actors/<int:pk>/", actors.ForeignActorInspectView.as_view(), name="actor"),
    path("actors/<int:pk>/attach/", actors.attach, name="attach"),
    path("actors/<int:pk>/detach/", actors.detach, name="detach"),
    path("actors/<int:pk>/ignore/", actors.ignore, name="ignore"),
    path("actors/<int:pk>/restore/", actors.restore, name="restore"),
    path("credentials/", CredentialsView.as_view(), name="credentials"),
    path("credentials/<int:pk>/", CredentialEditView.as_view(), name="credential"),
    path("credentials/<int:pk>/revoke/", revoke, name="revoke"),
    path("forwarding/", ForwardingsView.as_view(), name="forwardings"),
    path("forwarding/new/", CreateView.as_view(), name="new_forwarding"),
    path("forwarding/<int:pk>/", EditView.as_view(), name="forwarding"),
    path("forwarding/<int:pk>/turn/", turn, name="turn_forwarding"),
    path("forwarding/<int:pk>/now/", send_now, name="send_now"),
    path("forwarding/<int:pk>/try/", try_out, name="try_forwarding"),
    path("forwarding/<int:pk>/delete/", delete, name="delete_forwarding"),
    path("forwarding/<int:pk>/refused/", RefusedView.as_view(), name="refused"),
    path("forwarding/<int:pk>/refused/again/", send_again, name="send_again"),
    path("forwarding/<int:pk>/refused/delete/", delete_refused, name="delete_refused"),
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
def statements() -> SubmenuMenuItem:
    """The store: statements, actors who are no person of ours yet, credentials, receivers."""
    items = [
        ItemFor("xapi.view_statement", "statements", _("Danh sách bản ghi"), "history", 1),
        ItemFor("xapi.view_foreignactor", "actors", _("Định danh ngoài"), "user", 2),
        ItemFor("xapi.add_credential", "credentials", _("Khóa truy cập LRS"), "key", 3),
        ItemFor("xapi.view_forwarding", "forwardings", _("Chuyển tiếp bản ghi"), "upload", 4),
    ]
    return SubmenuMenuItem(_("Bản ghi học tập"), Menu(items=items), name="xapi", icon_name="history", order=350)
