"""How fast the admin lists people when there are a million: each list as its reader gets it, p50 and p95.

python benchmarks/people_lists.py [PEOPLE] [--keep FOLDER]

Makes that many people (1,000,000) in the communes of today, with audiences, roles, organisations, a class and managers,
in an empty database in a temporary folder (DATABASE_URL chooses another; --keep uses the folder again), and asks for
the lists through the whole site, rendering included, without a web server between.
"""

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent
FAMILIES, MIDDLES, GIVEN = (
    line.split()
    for line in """
Nguyễn Trần Lê Phạm Hoàng Lò Vàng Giàng Mùa Sùng Thào Lý Hà Quàng Cà Tòng Lường Bàn Triệu Đặng Y H Rơ Ksor
Văn Thị A Thị Văn Hữu Minh Thu Ngọc Đức Seo Xuân
An Anh Bình Cường Dung Dũng Giang Hà Hải Hạnh Hiền Hòa Hùng Hương Huy Lan Linh Mai My Nga Páo Quân Sử Sơn Tâm Thu Yến Dế
""".strip().splitlines()
)
ROUNDS = 20
SEED = 10_000  # people that are made one by one; the others are made of them


def fill(count: int) -> None:
    """Everybody, in batches."""
    from django.contrib.auth.models import Group as Role
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from people import accounts, roles
    from people.models import AudienceMembership, Group, GroupMembership, ManagerAssignment, Organisation, Unit, User

    call_command("load_units", verbosity=0)
    chance = random.Random(1087)
    communes = list(Unit.objects.current().filter(level="commune").values_list("pk", flat=True))
    weights = [chance.paretovariate(1.2) for _commune in communes]
    Organisation.objects.bulk_create(
        [
            Organisation(name=f"UBND xã {n}", kind="agency", unit_id=chance.choice(communes), since="2025-07-01")
            for n in range(10_000)
        ],
        batch_size=2000,
    )
    offices = list(Organisation.objects.values_list("pk", flat=True))
    learner = Role.objects.get(name=roles.LEARNER)
    today = timezone.localdate()
    kinds = ["village_heads"] * 9 + ["persons_of_influence"] * 3 + ["households"] * 12 + ["enterprises"]
    numbers = range(min(SEED, count))
    units = chance.choices(communes, weights, k=len(numbers))
    insert(User, [person(number, unit, chance, offices) for number, unit in zip(numbers, units, strict=True)])
    insert(User.groups.through, [{"user_id": number + 1, "group_id": learner.pk} for number in numbers])
    insert(
        AudienceMembership,
        [{"person_id": n + 1, "audience": chance.choice(kinds), "since": today} for n in numbers if n % 4 == 0],
    )
    for step in range(1, count // SEED):
        multiply(step)
        print(f"\r{(step + 1) * SEED:,} people", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('people_user', 'id'), (SELECT max(id) FROM people_user))"
            )
    accounts.create(full_name="Quản Trị", username="quan.tri", roles=[roles.ADMINISTRATOR])
    group = Group.objects.create(name="Lớp", since=today)
    for name, role in (("quan.ly.tinh", roles.MANAGER), ("quan.ly.xa", roles.MANAGER), ("giang.vien", roles.TRAINER)):
        accounts.create(full_name=name.title(), username=name, roles=[role])
    biggest = max(zip(weights, communes, strict=True))[1]
    commune = Unit.objects.get(pk=biggest)
    manage = {"quan.ly.tinh": commune.parent, "quan.ly.xa": commune}
    for name, unit in manage.items():
        ManagerAssignment.objects.create(person=User.objects.get(username=name), unit=unit, since=today)
    trainer = User.objects.get(username="giang.vien")
    members = list(User.objects.order_by("pk")[:40])
    GroupMembership.objects.create(group=group, person=trainer, since=today, leader=True)
    GroupMembership.objects.bulk_create([GroupMembership(group=group, person=each, since=today) for each in members])


def person(number: int, unit: int, chance: random.Random, offices: list[int]) -> dict[str, Any]:
    """Columns of a person; the key is the number and one."""
    name = f"{chance.choice(FAMILIES)} {chance.choice(MIDDLES)} {chance.choice(GIVEN)}"
    phone = f"{number:09}"
    return {
        "id": number + 1,
        "uuid": uuid4(),
        "full_name": name,
        "phone": f"+84{phone}",
        "birth_year": chance.randrange(1950, 2006),
        "unit_id": unit,
        "organisation_id": chance.choice(offices) if number % 50 == 0 else None,
        "name_key": folded(name),
        "search_key": f"{folded(name)} +84{phone} 0{phone}",
    }


@cache
def folded(name: str) -> str:
    """Names recur."""
    from core.folding import fold

    return fold(name)


def insert(model: Any, rows: list[dict[str, Any]]) -> None:
    """Rows by the database's own words: objects would take ten times as long."""
    from django.db import connection, transaction

    fields = [field for field in model._meta.concrete_fields if field.attname in rows[0] or not field.primary_key]
    blank = model()
    values = {f.attname: f.get_db_prep_save(getattr(blank, f.attname), connection) for f in fields}
    uuid = next((f for f in fields if f.attname == "uuid"), None)
    columns = ", ".join(f'"{field.column}"' for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    for row in rows:
        if uuid:
            row["uuid"] = uuid.get_db_prep_save(row["uuid"], connection)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({marks})',
            [tuple((values | row)[field.attname] for field in fields) for row in rows],
        )


def multiply(step: int) -> None:
    """As many people again as the seed has: names, places and offices of others, in the database's own words."""
    from django.db import connection, transaction

    from people.models import AudienceMembership, User

    postgres = connection.vendor == "postgresql"
    own = {
        "id": f"one.id + {step * SEED}",
        "uuid": "gen_random_uuid()" if postgres else "lower(hex(randomblob(16)))",
        "phone": f"'+84' || substr(CAST(1000000000 + one.id + {step * SEED} AS text), 2)",
        "search_key": f"one.name_key || ' 0' || substr(CAST(1000000000 + one.id + {step * SEED} AS text), 2)",
        "unit_id": "other.unit_id",
        "birth_year": "other.birth_year",
        "organisation_id": "other.organisation_id",
    }
    names = [field.column for field in User._meta.concrete_fields]
    columns, values = ", ".join(f'"{name}"' for name in names), ", ".join(own.get(n, f'one."{n}"') for n in names)
    join = f"people_user other ON other.id = (one.id * 31 + {step * 97}) % {SEED} + 1"
    roles = User.groups.through._meta.db_table
    members = AudienceMembership._meta.db_table
    of_audience = "audience, decision_number, decision_date, since, until"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO people_user ({columns}) SELECT {values} FROM people_user one JOIN {join} WHERE one.id <= {SEED}"  # noqa: E501
        )
        cursor.execute(
            f"INSERT INTO {roles} (user_id, group_id) SELECT user_id + {step * SEED}, group_id FROM {roles} WHERE user_id <= {SEED}"  # noqa: E501
        )
        cursor.execute(
            f"INSERT INTO {members} (person_id, {of_audience}) SELECT person_id + {step * SEED}, {of_audience} FROM {members} WHERE person_id <= {SEED}"  # noqa: E501
        )


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


def lists() -> Iterator[tuple[str, Callable[[], None]]]:
    """(what is asked, a function that asks for it)."""
    from django.contrib.auth.models import Group as Role
    from django.urls import reverse

    from people.models import ManagerAssignment, Organisation, Unit

    index, chooser = reverse("wagtailusers_users:index"), reverse("people_person_chooser:choose_results")
    chance = random.Random(2)
    managed = list(ManagerAssignment.objects.order_by("pk").values_list("unit", flat=True))
    provinces = list(Unit.objects.current().provinces().values_list("pk", flat=True))
    communes = list(Unit.objects.current().filter(level="commune").values_list("pk", flat=True))
    offices = list(Organisation.objects.values_list("pk", flat=True)[:500])
    learner = Role.objects.get(name="learner").pk
    asked: list[tuple[str, str, str, Callable[[], dict[str, Any]]]] = [
        ("all", "quan.tri", index, dict),
        ("all, page 30", "quan.tri", index, lambda: {"p": 30}),
        ("search: a full name", "quan.tri", index,
         lambda: {"q": f"{chance.choice(FAMILIES)} van {chance.choice(GIVEN)}"}),
        ("search: a given name", "quan.tri", index, lambda: {"q": chance.choice(GIVEN)}),
        ("search: one letter", "quan.tri", index, lambda: {"q": chance.choice("abhlmntv")}),
        ("search: three common words", "quan.tri", index, lambda: {"q": "nguyen thi anh"}),
        ("search: a telephone", "quan.tri", index, lambda: {"q": f"09{chance.randrange(900_000):08}"}),
        ("search: nobody", "quan.tri", index, lambda: {"q": "xyzzy"}),
        ("filter: the largest province", "quan.tri", index, lambda: {"unit": managed[0]}),
        ("filter: a province", "quan.tri", index, lambda: {"unit": chance.choice(provinces)}),
        ("filter: a commune", "quan.tri", index, lambda: {"unit": chance.choice(communes)}),
        ("filter: village heads", "quan.tri", index, lambda: {"audience": "village_heads"}),
        ("filter: enterprises", "quan.tri", index, lambda: {"audience": "enterprises"}),
        ("filter: learners", "quan.tri", index, lambda: {"group": learner}),
        ("filter: an organisation", "quan.tri", index, lambda: {"organisation": chance.choice(offices)}),
        ("filter: closed accounts", "quan.tri", index, lambda: {"is_active": "false"}),
        ("filter: heads of a province", "quan.tri", index,
         lambda: {"unit": chance.choice(provinces), "audience": "village_heads"}),
        ("search in a province", "quan.tri", index, lambda: {"unit": chance.choice(provinces), "q": "lo van"}),
        ("manager of the province", "quan.ly.tinh", index, dict),
        ("manager of the province, search", "quan.ly.tinh", index, lambda: {"q": chance.choice(GIVEN)}),
        ("manager of the commune", "quan.ly.xa", index, dict),
        ("trainer of a class", "giang.vien", index, dict),
        ("chooser", "quan.tri", chooser, dict),
        ("chooser, search", "quan.tri", chooser, lambda: {"q": chance.choice(GIVEN)}),
        ("chooser of a manager", "quan.ly.tinh", chooser, dict),
    ]  # fmt: skip
    clients = {username: signed_in(username) for _name, username, _url, _query in asked}
    for name, username, url, query in asked:

        def ask(client: Any = clients[username], url: str = url, query: Callable[[], dict[str, Any]] = query) -> None:
            response = client.get(url, query(), follow=False)
            if response.status_code != 200:
                raise SystemExit(f"{url}: {response.status_code}")

        yield name, ask


def main() -> None:
    """Fill where it is empty, ask, print."""
    arguments = sys.argv[1:]
    folder = (
        arguments[arguments.index("--keep") + 1] if "--keep" in arguments else tempfile.mkdtemp(prefix="nhasan-people-")
    )
    count = next((int(each.replace(",", "")) for each in arguments if each.replace(",", "").isdigit()), 1_000_000)
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
        fill(count)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("VACUUM ANALYZE")  # what its autovacuum does within minutes
    print(f"{connection.vendor}, {User.objects.count():,} people, milliseconds of {ROUNDS} requests\n")
    print(f"{'list':34}{'p50':>8}{'p95':>8}{'CPU p95':>9}  (of this process: with SQLite all of it)")
    for name, ask in lists():
        ask()
        took, worked = [], []
        for _round in range(ROUNDS):
            begun, busy = time.perf_counter(), time.process_time()
            ask()
            took.append(1000 * (time.perf_counter() - begun))
            worked.append(1000 * (time.process_time() - busy))
        worst, busiest = (statistics.quantiles(each, n=20)[-1] for each in (took, worked))
        print(f"{name:34}{statistics.median(took):8.0f}{worst:8.0f}{busiest:9.0f}", flush=True)


if __name__ == "__main__":
    main()
