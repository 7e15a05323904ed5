"""How fast the admin lists people when there are a million: each list as its reader gets it, p50 and p95.

python benchmarks/people_lists.py [PEOPLE] [--keep FOLDER] [--only WORDS] [--rounds 20]

Makes that many people (1,000,000) with all that belongs to them (people_data) in an empty database in a temporary
folder (DATABASE_URL chooses another; --keep uses the folder again), and asks for the lists through the whole site,
rendering included, without a web server between. --only: the lists with these words in their names.
"""

import gc
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import people_data
from people_data import FAMILIES, GIVEN

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 20
Query = Callable[[], dict[str, Any]]


def signed_in(username: str) -> Any:
    """A client of a member of staff who has given the second factor."""
    from django.test import Client

    from people import second_factor
    from people.models import User

    user, client = User.objects.get(username=username), Client()
    if not second_factor.has_totp(user):
        second_factor.add_totp(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    client.force_login(user, backend="people.sign_in.SignInBackend")
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time(), "type": "totp"}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


def lists() -> Iterator[tuple[str, str, Callable[[], int]]]:
    """(what is asked, who asks, a function that asks for it)."""
    from django.contrib.auth.models import Group as Role
    from django.urls import reverse

    from lms.models import Cohort, Session
    from people.models import GroupMembership, ManagerAssignment, Organisation, Unit

    chance = random.Random(2)
    province, commune = ManagerAssignment.objects.order_by("pk").values_list("unit", flat=True)
    provinces = list(Unit.objects.current().provinces().values_list("pk", flat=True))
    communes = list(Unit.objects.current().filter(level="commune").values_list("pk", flat=True))
    offices = list(Organisation.objects.values_list("pk", flat=True)[:500])
    learner = Role.objects.get(name="learner").pk
    old = Unit.objects.filter(settled=False, people__isnull=False).order_by("pk").values_list("pk", flat=True)[0]
    led = GroupMembership.objects.filter(leader=True).order_by("pk").values_list("group", flat=True)[0]
    own = Cohort.objects.get(group=led)
    held = Cohort.objects.filter(unit__path__under=Unit.objects.get(pk=province).path).order_by("pk")[0]
    session = Session.objects.filter(cohort=own).order_by("pk")[0]

    def name() -> str:
        return f"{chance.choice(FAMILIES)} van {chance.choice(GIVEN)}"

    def searched(**also: Any) -> Query:
        return lambda: {"q": chance.choice(GIVEN)} | also

    people, cards = reverse("wagtailusers_users:index"), reverse("people_cards:list")
    households, organisations = reverse("people_households:index"), reverse("people_organisations:index")
    units, registrations = reverse("people_units:index"), reverse("people_registrations:list")
    audiences, represented = reverse("people_audiences:index"), reverse("people_representations:index")
    settling, settling_one = reverse("people_settling:index"), reverse("people_settling:unit", args=[old])
    requests, classes, own_classes = (
        reverse(f"{view}") for view in ("people_requests:index", "lms_admin:classes", "lms:classes")
    )
    choose = {
        kind: reverse(f"people_{kind}_chooser:choose_results")
        for kind in ("person", "household", "organisation", "unit")
    }
    everyone = {
        "administrator": "quan.tri",
        "province": "quan.ly.tinh",
        "commune": "quan.ly.xa",
        "trainer": "giang.vien",
    }
    asked: list[tuple[str, str, str, Query]] = [
        ("people", "*", people, dict),
        ("people, page 30", "administrator", people, lambda: {"p": 30}),
        ("people, a full name", "administrator", people, lambda: {"q": name()}),
        ("people, a given name", "*", people, searched()),
        ("people, one letter", "administrator", people, lambda: {"q": chance.choice("abhlmntv")}),
        ("people, three common words", "administrator", people, lambda: {"q": "nguyen thi anh"}),
        ("people, a telephone", "administrator", people, lambda: {"q": f"0{chance.randrange(1_000_000):09}"}),
        ("people, nobody", "administrator", people, lambda: {"q": "xyzzy"}),
        ("people of the largest province", "administrator", people, lambda: {"unit": province}),
        ("people of a province", "administrator", people, lambda: {"unit": chance.choice(provinces)}),
        ("people of a commune", "administrator", people, lambda: {"unit": chance.choice(communes)}),
        ("people of a commune", "province", people, lambda: {"unit": commune}),
        ("village heads", "administrator", people, lambda: {"audience": "village_heads"}),
        ("village heads", "province", people, lambda: {"audience": "village_heads"}),
        ("enterprises", "administrator", people, lambda: {"audience": "enterprises"}),
        ("learners", "administrator", people, lambda: {"group": learner}),
        ("people of an organisation", "administrator", people, lambda: {"organisation": chance.choice(offices)}),
        ("closed accounts", "administrator", people, lambda: {"is_active": "false"}),
        ("village heads of a province", "administrator", people,
         lambda: {"unit": chance.choice(provinces), "audience": "village_heads"}),
        ("people of a province, search", "administrator", people,
         lambda: {"unit": chance.choice(provinces), "q": "lo van"}),
        ("cards", "*", cards, dict),
        ("cards, search", "*", cards, searched()),
        ("households", "*", households, dict),
        ("households, page 30", "administrator", households, lambda: {"p": 30}),
        ("households, by day", "administrator", households, lambda: {"ordering": "-since"}),
        ("households, a name", "administrator", households, lambda: {"q": name()}),
        ("households, a given name", "*", households, searched()),
        ("households, a code", "administrator", households, lambda: {"q": f"h{chance.randrange(1, 800_000):07}"}),
        ("households of a minority", "*", households, lambda: {"ethnic_minority": "true"}),
        ("organisations", "*", organisations, dict),
        ("organisations, search", "*", organisations, searched()),
        ("organisations, cooperatives", "administrator", organisations, lambda: {"kind": "cooperative"}),
        ("units", "*", units, dict),
        ("units, page 500", "administrator", units, lambda: {"p": 500}),
        ("units, search", "*", units, searched()),
        ("units, villages", "*", units, lambda: {"level": "village"}),
        ("units, minority area", "administrator", units, lambda: {"attribute": "minority_area"}),
        ("audiences", "*", audiences, dict),
        ("audiences, search", "*", audiences, searched()),
        ("audiences, enterprises", "administrator", audiences, lambda: {"audience": "enterprises"}),
        ("who learns for whom", "*", represented, dict),
        ("who learns for whom, search", "administrator", represented, searched()),
        ("requests to learn for", "*", requests, dict),
        ("registrations", "*", registrations, dict),
        ("registrations, search", "*", registrations, searched()),
        ("to settle", "*", settling, dict),
        ("to settle, one unit", "administrator", settling_one, dict),
        ("to settle, households", "administrator", settling_one, lambda: {"kind": "households"}),
        ("classes", "*", classes, dict),
        ("classes, page 150", "administrator", classes, lambda: {"page": 150}),
        ("classes, search", "*", classes, searched()),
        ("own classes", "*", own_classes, dict),
        ("a class", "administrator", reverse("lms_admin:class", args=[own.uuid]), dict),
        ("a class", "province", reverse("lms_admin:class", args=[held.uuid]), dict),
        ("a class", "trainer", reverse("lms:class", args=[own.uuid]), dict),
        ("attendance grid", "province", reverse("lms_admin:grid", args=[held.uuid]), dict),
        ("attendance grid", "trainer", reverse("lms_admin:grid", args=[own.uuid]), dict),
        ("attendance list", "trainer", reverse("lms:roll", args=[own.uuid, session.uuid]), dict),
        *((f"choose {kind}", "*", address, dict) for kind, address in choose.items()),
        *((f"choose {kind}, search", "*", address, searched()) for kind, address in choose.items()),
    ]  # fmt: skip
    clients = {reader: signed_in(username) for reader, username in everyone.items()}
    for what, reader, url, query in asked:
        for each in everyone if reader == "*" else [reader]:

            def ask(client: Any = clients[each], url: str = url, query: Query = query) -> int:
                return client.get(url, query(), follow=False).status_code

            status = ask()
            if status == 200:
                yield what, each, ask
            elif reader != "*" or status not in {302, 403}:
                raise SystemExit(f"{what}: {status} for {each}")


def processor_time() -> float:
    """Seconds of this process and of PostgreSQL's for it, which must be on this machine and not share the work."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return time.process_time()
    fields = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text().rsplit(")", 1)[1].split()
    ticks = int(fields[11]) + int(fields[12])
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Fill where it is empty, ask, print."""
    arguments = sys.argv[1:]
    rounds = int(arguments[arguments.index("--rounds") + 1]) if "--rounds" in arguments else ROUNDS
    only = arguments[arguments.index("--only") + 1] if "--only" in arguments else ""
    folder = (
        arguments[arguments.index("--keep") + 1] if "--keep" in arguments else tempfile.mkdtemp(prefix="nhasan-people-")
    )
    count = int(arguments[0].replace(",", "")) if arguments and arguments[0][0].isdigit() else 1_000_000
    os.environ.update(DATA_DIR=folder, BASE_URL="http://testserver", DJANGO_SETTINGS_MODULE="config.settings")
    sys.path.insert(0, str(ROOT))
    import django
    from django.conf import settings

    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("createcachetable", database="cache", verbosity=0)
    from people.models import User

    if not User.objects.filter(username="quan.tri").exists():
        people_data.Country(count).fill()
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("VACUUM ANALYZE")  # what its autovacuum does within minutes
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET max_parallel_workers_per_gather = 0")  # so that all its work is one process's
    gc.freeze()  # as config.wsgi has it
    gc.set_threshold(20_000, 20, 20)
    print(f"{connection.vendor}, {User.objects.count():,} people, milliseconds of {rounds} requests\n")
    print(f"{'list':32}{'reader':14}{'p50':>6}{'p95':>6}{'CPU p50':>9}{'CPU p95':>9}  (CPU: with the database's)")
    for name, reader, ask in lists():
        if only not in name:
            continue
        took, worked = [], []
        for _round in range(rounds):
            begun, busy = time.perf_counter(), processor_time()
            ask()
            took.append(1000 * (time.perf_counter() - begun))
            worked.append(1000 * (processor_time() - busy))
        figures = [(statistics.median(each), statistics.quantiles(each, n=20)[-1]) for each in (took, worked)]
        (p50, p95), (cpu50, cpu95) = figures
        print(f"{name:32}{reader:14}{p50:6.0f}{p95:6.0f}{cpu50:9.0f}{cpu95:9.0f}", flush=True)


if __name__ == "__main__":
    main()
