"""What the library adds to the admin."""

from wagtail import hooks
from wagtail.permissions import register_permission_policy

from library.admin_export import ExportViewSet
from library.admin_lists import LibraryViewSetGroup
from library.admin_records import ViewAndDelete
from library.models import Record, RejectedRecord

register_permission_policy(Record, ViewAndDelete(Record))
register_permission_policy(RejectedRecord, ViewAndDelete(RejectedRecord))


@hooks.register("register_admin_viewset")
def viewsets() -> LibraryViewSetGroup:
    """Lists of records, collections and rejected records."""
    return LibraryViewSetGroup()


@hooks.register("register_admin_viewset")
def export() -> ExportViewSet:
    """Taking records out."""
    return ExportViewSet()
