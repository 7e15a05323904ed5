"""The form of the pages of courses in the admin."""

from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.models import Page

from lms import keys


class AddressedPageForm(WagtailAdminPageForm):
    """Makes the address of a page of its title, in letters without marks, whatever the editor's script made of it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean_slug(self) -> str:
        """An address that stands already is left alone; a draft with a name that is taken gets -2 behind it."""
        said, page = str(self.cleaned_data["slug"] or ""), self.instance
        if page.pk and page.live and said in {"", page.slug}:
            return said or page.slug
        slug = keys.plain(said or str(self.cleaned_data.get("title") or ""))
        if (page.pk and page.live) or not slug:
            return slug
        return keys.free(slug, lambda each: not Page._slug_is_available(each, self.parent_page, page))  # noqa: SLF001
