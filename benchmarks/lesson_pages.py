"""How many lesson pages a second a signed-in learner gets, beside a bare Wagtail page with the same text.

python benchmarks/lesson_pages.py [--requests 400] [--rounds 10] [--course KEY] [--keep FOLDER] [--profile]

Both pages come from one server over HTTP, through the same middleware, with the same session and base template; the
learner is in the middle of a starter course, with one question answered and a place kept. They are asked for in turns,
so that other work on the machine slows both. --profile prints instead what one lesson page spends its time on.
"""

import cProfile
import http.client
import os
import pstats
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
COURSE = "dien-thoai-an-toan"


def option(name: str, default: str) -> str:
    """The word after a name in the command."""
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else default


def fill(key: str) -> None:
    """Course, learner and the bare page."""
    from wagtail.models import Page, Site

    from core import outbox
    from home import starter_library
    from home.models import HomePage, PlainPage
    from home.starter_files import FOLDER, courses
    from lms import learning, places
    from lms.courses import publish_course
    from lms.enrolment import enrol
    from lms.models import LessonPage
    from people import accounts

    home = Page.get_first_root_node().add_child(instance=HomePage(title="Nhà Sàn", slug="nha-san"))
    Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "localhost", "root_page": home})
    starter_library.load()
    data = next(each for each in courses() if each["key"] == key)
    course = publish_course(**data, folder=FOLDER)
    outbox.drain_all()
    learner = accounts.create(full_name="Giàng A Páo", username="pao", password="mat-khau-cua-pao")
    own = enrol(learner=learner, course=course)
    learning.begin(own)
    first, second = course.lessons.in_order()[:2]
    learning.go_on(own, first)
    page = LessonPage.objects.get(lesson=second)
    places.keep(own, second, f"b-{list(page.body)[-1].id}")
    bare = PlainPage(title=page.title, slug="bare", body=text_of(page))
    home.add_child(instance=bare)


def pages() -> tuple[str, str, str]:
    """The paths of lesson and bare page, and the learner's cookie."""
    from django.conf import settings
    from django.test import Client

    from home.models import PlainPage
    from lms.models import LessonPage
    from people.models import User

    bare = PlainPage.objects.get(slug="bare")
    page = LessonPage.objects.filter(title=bare.title).get()
    learner, client = User.objects.get(username="pao"), Client()
    client.force_login(learner, backend="people.sign_in.SignInBackend")
    return page.url, bare.url, f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def text_of(page: Any) -> str:
    """All words of the lesson as rich text."""
    from django.utils.html import escape

    parts = []
    for block in page.body:
        if block.block_type == "text":
            parts.append(str(block.value.source))
        elif block.block_type == "question":
            value = block.value.answer.get_prep_value()[0]["value"]
            options = value.get("options", []) if isinstance(value, dict) else []
            said = [block.value.text, *(str(each.get("value", each).get("text", "")) for each in options)]
            parts += [f"<p>{escape(each)}</p>" for each in said]
        else:
            parts.append(f"<p>{escape(block.value if isinstance(block.value, str) else '')}</p>")
    return "".join(parts)


def busy(pid: int) -> float:
    """Processor seconds of a process and its children so far."""
    total = 0.0
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if entry.name == str(pid) or fields[1] == str(pid):
                total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def take(connection: http.client.HTTPConnection, path: str, cookie: str, times: int) -> int:
    """Ask so many times; the size of the page."""
    size = 0
    for _each in range(times):
        connection.request("GET", path, headers={"Cookie": cookie, "Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        size = len(answer.read())
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status} {answer.getheader('Location')}")
    return size


def measure(lesson: str, bare: str, cookie: str, variables: dict[str, str]) -> None:
    """Both pages in turns, each round as many of each."""
    port, rounds = variables["PORT"], int(option("--rounds", "10"))
    each = int(option("--requests", "400")) // rounds
    options = f"--interface wsgi --workers 1 --blocking-threads 16 --no-ws --log-level error --port {port}"
    web = subprocess.Popen(
        [sys.executable, "-m", "granian", *options.split(), "config.wsgi:application"], env=variables, cwd=ROOT
    )
    try:
        connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=60)
        for _try in range(100):
            try:
                take(connection, bare, cookie, 20)
                break
            except OSError:
                connection.close()
                time.sleep(0.3)
        sizes = {path: take(connection, path, cookie, 20) for path in (bare, lesson)}
        clock: dict[str, list[float]] = {bare: [], lesson: []}
        processor: dict[str, list[float]] = {bare: [], lesson: []}
        for number in range(rounds):
            for path in (bare, lesson) if number % 2 else (lesson, bare):
                begun, before = time.perf_counter(), busy(web.pid)
                take(connection, path, cookie, each)
                clock[path].append((time.perf_counter() - begun) / each)
                processor[path].append((busy(web.pid) - before) / each)
    finally:
        web.terminate()
        web.wait(20)
    print(f"{'page':12}{'pages/s':>9}{'CPU ms':>9}{'gzip bytes':>12}")
    for name, path in (("bare", bare), ("lesson", lesson)):
        middle, work = statistics.median(clock[path]), sum(processor[path]) / rounds
        print(f"{name:12}{1 / middle:9.1f}{1000 * work:9.2f}{sizes[path]:12}")
    by_clock = statistics.median(b / own for b, own in zip(clock[bare], clock[lesson], strict=True))
    by_processor = sum(processor[bare]) / sum(processor[lesson])
    print(f"lesson to bare: {by_clock:.2f} by the clock (median of the rounds), {by_processor:.2f} by processor time")


def profile(lesson: str, bare: str, cookie: str) -> None:
    """Queries of both pages, and what the lesson page spends its time on."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(HTTP_COOKIE=cookie, HTTP_HOST="localhost")
    for name, path in (("bare", bare), ("lesson", lesson)):
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        print(f"{name}: {len(captured)} queries")
        for query in captured.captured_queries:
            print(f"  {query['sql'][:300]}")
        with cProfile.Profile() as watched:
            for _each in range(50):
                client.get(path)
        pstats.Stats(watched).sort_stats("cumulative").print_stats("/(lms|home|library|core|people|xapi|template)/", 60)


def main() -> None:
    """Fill an empty database, serve, ask, print."""
    with tempfile.TemporaryDirectory(prefix="nhasan-lessons-") as thrown_away:
        folder = option("--keep", thrown_away)
        port = str(8000 + os.getpid() % 1000)
        variables = {"DATA_DIR": folder, "PORT": port, "BASE_URL": f"http://127.0.0.1:{port}", "PYTHONPATH": str(ROOT)}
        os.environ.update(variables, DJANGO_SETTINGS_MODULE="config.settings")
        sys.path.insert(0, str(ROOT))
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connections

        call_command("migrate", verbosity=0)
        call_command("createcachetable", database="cache", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        from home.models import PlainPage

        if not PlainPage.objects.filter(slug="bare").exists():
            fill(option("--course", COURSE))
        lesson, bare, cookie = pages()
        if "--profile" in sys.argv:
            profile(lesson, bare, cookie)
            return
        connections.close_all()
        measure(lesson, bare, cookie, dict(os.environ))


if __name__ == "__main__":
    main()
