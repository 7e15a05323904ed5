from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OAIConfig(AppConfig):
    name = "oai"
    verbose_name = "Trao đổi OAI-PMH"

    def ready(self) -> None:
        from core import jobs
        from oai import harvest_jobs

        jobs.schedule(harvest_jobs.ALL, every=timedelta(days=1), title=_("Thu hoạch từ các thư viện đối tác"))
