"""manage.py worker"""

import logging
import os
import signal
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand

from core import lifeline
from core.worker import WorkerProcess


class Command(BaseCommand):
    help = "Drains the queues (progress, index, …) and does long jobs, until SIGTERM or Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:
        for noisy in ("django_tasks", "django_tasks_db"):
            logging.getLogger(noisy).setLevel(logging.WARNING)
        worker = WorkerProcess()

        def end(number: int, frame: FrameType | None) -> None:
            if worker.ending.is_set():  # asked twice
                os._exit(1)
            worker.end()

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
        lifeline.hold()
        worker.run()
