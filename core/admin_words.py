"""The words of the admin's scripts: Wagtail's own, and ours where Wagtail has none in the reader's language."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.i18n import JavaScriptCatalog
from wagtail.admin.localization import get_localized_response


class AdminCatalog(JavaScriptCatalog):
    """Stands before the catalogues of Wagtail and of its editor of translations, at their addresses."""

    packages = ["wagtail.admin", "wagtail_localize"]

    def get_paths(self, packages: Any) -> list[Any]:
        return [*super().get_paths(packages), *settings.LOCALE_PATHS]


def catalog(request: HttpRequest) -> HttpResponse:
    """In the language that the reader chose for the admin."""
    return get_localized_response(AdminCatalog.as_view(), request)
