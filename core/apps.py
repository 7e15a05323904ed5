from datetime import timedelta

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Nền tảng"

    def ready(self) -> None:
        from core import (  # noqa: F401 - importing declares checks and handlers
            checks,
            content_memory,
            identity,
            jobs,
            table_imports,
            tidy,
        )

        post_migrate.connect(identity.fix, sender=self, dispatch_uid="core.identity.fix")
        content_memory.connect()
        jobs.schedule("core.tidy", every=timedelta(days=1), title=_("Dọn dữ liệu tạm"))
