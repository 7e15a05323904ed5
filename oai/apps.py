from datetime import timedelta

from django.apps import AppConfig


class OAIConfig(AppConfig):
    name = "oai"
    verbose_name = "Trao đổi OAI-PMH"

    def ready(self) -> None:
        from core import jobs
        from oai import harvest_jobs

        jobs.schedule(harvest_jobs.ALL, every=timedelta(days=1))
