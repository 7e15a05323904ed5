"""manage.py serve: what ./run does once Python and the libraries are there."""

import errno
import http.client
import io
import os
import signal
import socket
import sys
import time
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor

from core.static_files import collect_if_changed
from core.supervisor import Child, NeverReady, Supervisor

FULL = "the disk is full; free some space and start again"
WORKER = [sys.executable, str(settings.ROOT / "manage.py"), "worker"]


class Command(BaseCommand):
    help = "Prepares the database and serves web and worker on HOST:PORT until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-starter", action="store_true", help="without the starter content and its accounts")

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_busy_port()
        signal.signal(signal.SIGTERM, _interrupt)
        try:
            self.prepare(starter=not options["no_starter"])
        except KeyboardInterrupt:
            return
        except (OSError, DatabaseError) as error:
            raise CommandError(_in_one_line(error)) from error
        connections.close_all()
        supervisor = Supervisor(
            [Child("web", web_command(), environment()), Child("worker", WORKER, environment())],
            is_ready=is_ready,
            on_ready=self.say_ready,
        )
        try:
            supervisor.run()
        except NeverReady as error:
            raise CommandError(str(error)) from error

    def prepare(self, *, starter: bool) -> None:
        """Bring database, units, starter content and static files up to date; each does nothing when it is."""
        migrations = MigrationExecutor(connection)
        if migrations.migration_plan(migrations.loader.graph.leaf_nodes()):
            self.stderr.write("Preparing the database …")
            call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", database="cache", verbosity=0)
        for name in ("load_units", "load_starter") if starter else ("load_units",):
            call_command(name, verbosity=0, stdout=io.StringIO())
        collect_if_changed()

    def say_ready(self) -> None:
        """What the owner needs to sign in, and where."""
        accounts = settings.DATA_DIR / "starter-accounts"
        if accounts.exists():
            self.stdout.write(accounts.read_text(encoding="utf-8").rstrip())
        self.stdout.write(f"ready: {settings.BASE_URL}/")
        self.stdout.flush()


def web_command() -> list[str]:
    """One process with threads: it shares one write lock on SQLite. Threads mostly wait for slow phones."""
    options = "--interface wsgi --workers 1 --blocking-threads 16 --no-ws --workers-kill-timeout 8 --log-level error"
    address = ["--host", settings.HOST, "--port", str(settings.PORT)]
    return [sys.executable, "-m", "granian", *options.split(), *address, "config.wsgi:application"]


def environment() -> dict[str, str]:
    """The children's: they find the code from any folder, and the same data as this process."""
    return os.environ | {"PYTHONPATH": str(settings.ROOT), "DATA_DIR": str(settings.DATA_DIR), "PYTHONUNBUFFERED": "1"}


def refuse_busy_port() -> None:
    """One line instead of a web server that dies; a server that is just ending is waited for."""
    family = socket.AF_INET6 if ":" in settings.HOST else socket.AF_INET
    for left in range(9, -1, -1):
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.HOST, settings.PORT))
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise CommandError(f"cannot listen on {settings.HOST}:{settings.PORT}: {error.strerror}") from error
            else:
                return
        if left:
            time.sleep(0.2)
    raise CommandError(
        f"port {settings.PORT} on {settings.HOST} is in use; stop what uses it, or choose another by PORT=8001"
    )


def is_ready() -> bool:
    """Whether /healthz says that all is well."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.HOST, settings.HOST)  # noqa: S104 - compared, not bound
    web = http.client.HTTPConnection(host, settings.PORT, timeout=5)
    try:
        web.request("GET", "/healthz", headers={"Host": urlsplit(settings.BASE_URL).netloc})
        return web.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        web.close()


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _in_one_line(error: Exception) -> str:
    text = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    full = isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}
    if full or "disk is full" in text or "No space left" in text:
        return f"{settings.DATA_DIR}: {FULL}"
    return f"cannot prepare the site: {text}"
