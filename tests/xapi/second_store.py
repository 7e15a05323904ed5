"""A second installation of ours as a process, to which statements are forwarded."""

import base64
import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from django.conf import settings

from tests.site import copy_migrated, free_port

OWN = ("DATABASE_URL", "SEARCH_URL", "CACHE_URL", "ID_BASE", "BASE_URL")


class SecondStore:
    """Its web server over a SQLite database of its own; key and secret open all of it."""

    def __init__(self, data_dir: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/xapi/"
        data_dir.mkdir(mode=0o700)
        environment = {name: value for name, value in os.environ.items() if name not in OWN}
        own = {"DATA_DIR": str(data_dir), "BASE_URL": f"http://127.0.0.1:{self.port}"}
        self.environment = environment | own
        copy_migrated(data_dir)
        self._manage("migrate", "--verbosity", "0")
        printed = self._manage("lrs_credential", "sender")
        self.key, self.secret = re.findall(r"^(?:key|secret): (.*)$", printed, re.MULTILINE)
        self.process = self._serve()

    def query(self, **parameters: str) -> list[dict[str, Any]]:
        """All statements it answers with, oldest first."""
        rest = "&".join(f"{name}={value}" for name, value in parameters.items())
        more, found = f"/xapi/statements?ascending=true&{rest}", []
        while more:
            answer = json.loads(self.get(more)[1])
            found += answer["statements"]
            more = answer["more"]
        return found

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body."""
        token = base64.b64encode(f"{self.key}:{self.secret}".encode()).decode()
        headers = {"Authorization": f"Basic {token}", "X-Experience-API-Version": "2.0.0"}
        try:
            asked = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
            with urllib.request.urlopen(asked, timeout=30) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)

    def _manage(self, *arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=settings.ROOT, env=self.environment, capture_output=True, text=True, timeout=600, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _serve(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "manage.py", "runserver", "--noreload", "--skip-checks", f"127.0.0.1:{self.port}"]
        process = subprocess.Popen(
            command, cwd=settings.ROOT, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(300):
            try:
                if self.get("/xapi/about")[0] == 200:
                    return process
            except OSError:
                time.sleep(0.1)
        process.terminate()
        raise AssertionError("the second store does not serve")
