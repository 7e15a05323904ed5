from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LibraryConfig(AppConfig):
    name = "library"
    verbose_name = _("Thư viện")

    def ready(self) -> None:
        """Make records searchable."""
        from core import jobs, table_imports
        from library import batch_changes, documents, import_jobs  # noqa: F401 - the first declares its jobs
        from library.record_table import RecordTable
        from search import sources

        facets = {
            "material": _("Loại tài liệu"),
            "subject": _("Chủ đề"),
            "year": _("Năm"),
            "collection": _("Bộ sưu tập"),
            "source": _("Nguồn"),
        }
        sources.register(
            "record", documents=documents.documents, keys=documents.keys, label=_("Tài liệu thư viện"), facets=facets
        )
        table_imports.declare(RecordTable())
        jobs.schedule(import_jobs.TIDY, every=timedelta(days=1))
