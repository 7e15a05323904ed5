"""The form of the pages of courses in the admin."""

from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm

from lms import keys


class AddressedPageForm(WagtailAdminPageForm):
    """Makes the address of the title where the editor's script made none: it drops Vietnamese letters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean_slug(self) -> str:
        """In letters without marks."""
        return str(self.cleaned_data["slug"] or keys.plain(str(self.cleaned_data.get("title") or "")))
