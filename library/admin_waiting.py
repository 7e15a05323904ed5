"""What waits for librarians, on the admin's first page."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from core.admin_home import Waiting, counted
from library.models import Record


def waiting(request: HttpRequest) -> Iterator[Waiting]:
    """Records that readers do not see yet, and published ones with changes that they do not see yet."""
    if not request.user.has_perm("library.change_record"):
        return
    url = reverse("library_records:index")
    kept = Record.objects.filter(deleted_at=None)
    drafts = kept.filter(status=Record.Status.DRAFT)
    yield Waiting(_("Biểu ghi chưa công bố"), f"{url}?status={Record.Status.DRAFT}", counted(drafts))
    changed = kept.exclude(pending_draft=None)
    yield Waiting(_("Biểu ghi có thay đổi chưa công bố"), f"{url}?pending=true", counted(changed))
