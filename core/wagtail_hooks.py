"""What core adds to the admin: tables handed in, and long work."""

from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from core import admin_imports as imports
from core.admin_jobs import JobsView, take_away
from core.admin_jobs import stop as stop_job

PATTERNS = [
    path("jobs/", JobsView.as_view(), name="jobs"),
    path("jobs/<int:pk>/stop/", stop_job, name="stop_job"),
    path("jobs/<int:pk>/file/", take_away, name="job_file"),
    path("imports/", imports.ImportsView.as_view(), name="imports"),
    path("imports/new/<slug:kind>/", imports.UploadView.as_view(), name="upload"),
    path("imports/new/<slug:kind>/template.xlsx", imports.template, name="template"),
    path("imports/<int:pk>/", imports.ImportView.as_view(), name="import"),
    path("imports/<int:pk>/accept/", imports.accept, name="accept_import"),
    path("imports/<int:pk>/drop/", imports.drop, name="drop_import"),
    path("imports/<int:pk>/stop/", imports.stop, name="stop_import"),
    path("imports/<int:pk>/go-on/", imports.go_on, name="go_on_import"),
    path("imports/<int:pk>/result.xlsx", imports.result, name="import_result"),
    path("imports/<int:pk>/to-mend.xlsx", imports.result, {"only_wrong": True}, name="import_to_mend"),
]


class ImportsItem(MenuItem):
    """For those who may hand in a table of some kind."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(imports.allowed_kinds(request.user))


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLResolver]:
    """Below /admin/."""
    return [path("", include((PATTERNS, "core_admin"), namespace="core_admin"))]


@hooks.register("register_admin_menu_item")
def imports_item() -> MenuItem:
    """Tables handed in."""
    return ImportsItem(_("Nhập từ tệp"), reverse("core_admin:imports"), name="imports", icon_name="upload", order=310)


@hooks.register("register_admin_menu_item")
def jobs_item() -> MenuItem:
    """Long work."""
    return MenuItem(_("Việc chạy nền"), reverse("core_admin:jobs"), name="jobs", icon_name="cogs", order=920)
