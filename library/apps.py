from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LibraryConfig(AppConfig):
    name = "library"
    verbose_name = _("Thư viện")

    def ready(self) -> None:
        """Make records searchable; declare what is derived from them and what is done to many of them."""
        from core import admin_home, jobs, outbox, table_imports
        from library import (  # noqa: F401 - some only declare their jobs
            admin_waiting,
            authority_changes,
            authority_documents,
            authority_linking,
            batch_changes,
            consents,
            documents,
            import_jobs,
            reading_lists,
            shelving,
        )
        from library.models import ShelfQueue
        from library.record_table import RecordTable
        from people.signals import person_erased
        from search import sources

        facets = {
            "material": _("Loại tài liệu"),
            "subject": _("Chủ đề"),
            "author": _("Tác giả"),
            "year": _("Năm"),
            "collection": _("Bộ sưu tập"),
            "source": _("Nguồn"),
        }
        sources.register(
            "record", documents=documents.documents, keys=documents.keys, label=_("Tài liệu thư viện"), facets=facets
        )
        table_imports.declare(RecordTable())
        jobs.schedule(import_jobs.TIDY, every=timedelta(days=1), title=_("Dọn các tệp nhập biểu ghi đã cũ"))
        sources.register(
            "authority",
            documents=authority_documents.documents,
            keys=authority_documents.keys,
            label=_("Tiêu đề chuẩn"),
            facets={"heading_kind": _("Loại tiêu đề")},
        )
        admin_home.register(admin_waiting.waiting)
        outbox.register(outbox.Queue("library.shelves", ShelfQueue, shelving.derive))
        jobs.schedule(consents.SETTLE, every=timedelta(days=1), title=_("Xét các đồng thuận của cộng đồng vừa đến hạn"))
        person_erased.connect(reading_lists.forget, dispatch_uid="library.reading_lists.forget")
