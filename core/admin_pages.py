"""What pages of the admin share that are no list of a model: they say where they stand."""

from typing import Any

from django.urls import reverse
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin


class AdminPage(WagtailAdminTemplateMixin):
    """A page with breadcrumbs, the last of which is its heading.

    section: (name of the address, label) of the list that the page is, or stands below.
    """

    section: tuple[str, Any] | None = None

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """The way from the admin's front page to this one."""
        section = [{"url": reverse(self.section[0]), "label": self.section[1]}] if self.section else []
        return [*super().get_breadcrumbs_items(), *section, *self.further()]

    def further(self) -> list[dict[str, Any]]:
        """Behind the section: the page's own subtitle or title, unless it is the section itself."""
        own = self.get_page_subtitle() or self.get_page_title()
        if self.section and str(own) == str(self.section[1]):
            return []
        return [{"url": "", "label": own}]
