from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class XAPIConfig(AppConfig):
    name = "xapi"
    verbose_name = "Kho bản ghi học tập"

    def ready(self) -> None:
        from core import jobs, outbox
        from people.signals import person_erased
        from xapi import checks, credentials, documents, foreign_actors, forwarding, launch, tidy  # noqa: F401 - importing declares jobs and checks
        from xapi.models import ForwardingQueue

        queue = outbox.Queue("forwarding", ForwardingQueue, forwarding.drain, one_transaction=False, batch=1)
        outbox.register(queue)
        person_erased.connect(documents.forget, dispatch_uid="xapi.documents")
        jobs.schedule(launch.TIDY, every=timedelta(days=1), title=_("Dọn các mã mở gói học đã hết hạn"))
        jobs.schedule(tidy.KIND, every=timedelta(days=1), title=_("Dọn tệp không còn thuộc sự kiện học tập nào"))
        jobs.schedule(foreign_actors.GATHER, every=timedelta(minutes=10), title=_("Tìm người học của hệ thống khác"))
