from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = "Tìm kiếm"

    def ready(self) -> None:
        from core import jobs, outbox
        from search import checks, queue, rebuild  # noqa: F401 - importing declares checks and jobs
        from search.models import IndexQueue

        outbox.register(
            outbox.Queue(
                "search.index", IndexQueue, queue.index, one_transaction=False, batch=20_000, as_they_come=True
            )
        )
        jobs.schedule(rebuild.CHECK, every=timedelta(minutes=10), title=_("Kiểm tra chỉ mục tìm kiếm"))
