"""What the library adds to the admin."""

from django.urls import URLPattern, URLResolver, include, path
from wagtail import hooks
from wagtail.permissions import register_permission_policy

from library import admin_authorities, admin_copies, admin_shelf
from library import admin_batches as batches
from library import admin_change as change
from library import admin_editor as editor
from library import admin_editor_script as script
from library import admin_merging as merging
from library.admin_export import ExportViewSet
from library.admin_history import HistoryView, VersionView
from library.admin_lists import LibraryViewSetGroup
from library.admin_records import ViewAndDelete
from library.models import Copy, RejectedRecord

register_permission_policy(Copy, admin_copies.ViewOnly(Copy))
register_permission_policy(RejectedRecord, ViewAndDelete(RejectedRecord))

EDITOR = [
    path("new/", editor.TemplatesView.as_view(), name="templates"),
    path("new/<slug:template>/", editor.CreateView.as_view(), name="create"),
    path("rules/<slug:kind>.json", script.rules, name="rules"),
    path("check/", script.check, name="check"),
    path("<int:pk>/", change.EditView.as_view(), name="edit"),
    path("<int:pk>/presence/", script.presence, name="presence"),
    path("<int:pk>/copy/", change.copy, name="copy"),
    path("<int:pk>/publish/", change.set_status, {"status": "publish"}, name="publish"),
    path("<int:pk>/bring-back/", change.bring_back, name="bring_back"),
    path("<int:pk>/withdraw/", change.set_status, {"status": "withdraw"}, name="withdraw"),
    path("<int:pk>/draft/", change.DraftView.as_view(), name="draft"),
    path("<int:pk>/draft/drop/", change.drop_draft, name="drop_draft"),
    path("<int:pk>/history/", HistoryView.as_view(), name="history"),
    path("<int:pk>/history/<int:number>/", VersionView.as_view(), name="version"),
    path("<int:pk>/merge/", merging.MergeView.as_view(), name="merge"),
    path("<int:pk>/merge/<int:merge>/undo/", merging.undo, name="undo_merge"),
    path("batches/", batches.BatchesView.as_view(), name="batches"),
    path("batches/new/", batches.NewBatchView.as_view(), name="new_batch"),
    path("batches/<int:pk>/", batches.BatchView.as_view(), name="batch"),
    path("batches/<int:pk>/make/", batches.make, name="make_batch"),
    path("batches/<int:pk>/undo/", batches.undo, name="undo_batch"),
]


@hooks.register("register_admin_urls")
def editor_urls() -> list[URLPattern | URLResolver]:
    """The editor below /admin/library/editor/."""
    return [path("library/editor/", include((EDITOR, "library_editor"), namespace="library_editor"))]


SHELF = [
    path("<int:pk>/", admin_shelf.ShelfView.as_view(), name="record"),
    path("<int:pk>/copies/<int:copy>/", admin_shelf.CopyView.as_view(), name="copy"),
    path("<int:pk>/consents/<int:consent>/", admin_shelf.ConsentView.as_view(), name="consent"),
    path("labels/<slug:kind>.pdf", admin_copies.print_labels, name="labels"),
    path("shelf-list.pdf", admin_copies.print_shelf_list, name="shelf_list"),
]


AUTHORITY = [
    path("choose.json", admin_authorities.choose, name="choose"),
    path("link/", admin_authorities.LinkView.as_view(), name="link"),
    path("<int:pk>/change/", admin_authorities.change_heading, name="change"),
    path("<int:pk>/rename/", admin_authorities.rename, name="rename"),
]


@hooks.register("register_admin_urls")
def authority_urls() -> list[URLPattern | URLResolver]:
    """What is done with authorities, below /admin/library/authority/."""
    return [path("library/authority/", include((AUTHORITY, "library_authority"), namespace="library_authority"))]


@hooks.register("register_admin_urls")
def shelf_urls() -> list[URLPattern | URLResolver]:
    """What belongs to records beside their MARC, below /admin/library/shelf/."""
    return [path("library/shelf/", include((SHELF, "library_shelf"), namespace="library_shelf"))]


@hooks.register("register_admin_viewset")
def viewsets() -> LibraryViewSetGroup:
    """Lists of records, collections and rejected records."""
    return LibraryViewSetGroup()


@hooks.register("register_admin_viewset")
def export() -> ExportViewSet:
    """Taking records out."""
    return ExportViewSet()
