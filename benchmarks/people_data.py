"""A country to measure with: people, units, households, organisations, classes, requests, and four readers.

Rows are written by the database's own words in batches, since a million objects would take an hour. The same seed gives
the same country on both databases, uuids excepted.
"""

import random
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import cache
from itertools import count
from typing import Any
from uuid import uuid4

FAMILIES, MIDDLES, GIVEN = (
    line.split()
    for line in """
Nguyễn Trần Lê Phạm Hoàng Lò Vàng Giàng Mùa Sùng Thào Lý Hà Quàng Cà Tòng Lường Bàn Triệu Đặng Y H Rơ Ksor
Văn Thị A Thị Văn Hữu Minh Thu Ngọc Đức Seo Xuân
An Anh Bình Cường Dung Dũng Giang Hà Hải Hạnh Hiền Hòa Hùng Hương Huy Lan Linh Mai My Nga Páo Quân Sử Sơn Tâm Thu Yến Dế
""".strip().splitlines()
)
BATCH = 10_000
VILLAGES = 9  # below each commune: some 30,000
IN_CLASS = 100  # people of a class
COURSES = 40


class Country:
    """Makes everything, in the order in which the rows need each other. people: how many; the others follow."""

    def __init__(self, people: int) -> None:
        self.people = people
        self.chance = random.Random(1087)

    def fill(self) -> None:
        """All of it."""
        self.units()
        self.organisations()
        self.persons()
        self.households()
        self.requests()
        self.readers()
        self.classes()

    def units(self) -> None:
        """The state's, villages below each commune, and the old ones that went to several."""
        from django.core.management import call_command

        from people.models import Unit

        call_command("load_units", verbosity=0)
        communes = list(Unit.objects.current().filter(level="commune").order_by("code"))
        numbers = count(1 + max(Unit.objects.values_list("pk", flat=True)))
        rows = []
        for commune in communes:
            for each in range(VILLAGES):
                key, name, code = next(numbers), f"Bản {self.chance.choice(GIVEN)} {each + 1}", f"{commune.code}-{each}"
                rows.append(
                    {
                        "id": key,
                        "code": code,
                        "level": "village",
                        "name": name,
                        "short_name": name,
                        "parent_id": commune.pk,
                        "valid_from": "2025-07-01",
                        "path": f"{commune.path}{key}/",
                        "search_key": f"{folded(name)} {code}",
                        "today_id": key,
                    }
                )
        insert(Unit, rows)
        weights = [self.chance.paretovariate(1.2) for _commune in communes]
        biggest = max(zip(weights, communes, strict=True), key=lambda each: each[0])[1]
        self.commune, self.province = biggest, biggest.parent
        places = {commune.pk: [commune.pk] for commune in communes}
        for row in rows:
            places[row["parent_id"]].append(row["id"])
        self.places = [(place, commune.parent_id) for commune in communes for place in places[commune.pk]]
        self.weights = [weight for weight in weights for _place in range(VILLAGES + 1)]
        old = Unit.objects.filter(settled=False).values_list("pk", flat=True)
        self.unsettled = list(old.order_by("pk"))

    def somewhere(self, number: int) -> list[int]:
        """Units for so many rows: one in a hundred is an old one that went to several."""
        places = self.chance.choices(self.places, self.weights, k=number)
        return [self.chance.choice(self.unsettled) if not n % 100 else key for n, (key, _up) in enumerate(places)]

    def organisations(self) -> None:
        """One to twenty people."""
        from people.models import Organisation

        for keys in self._numbers(self.people // 20):
            rows = []
            for key, unit in zip(keys, self.somewhere(len(keys)), strict=True):
                name = f"{self.chance.choice(('UBND xã', 'HTX', 'Trường', 'Công ty'))} {self.name()} {key}"
                kind = self.chance.choice(("agency", "school", "cooperative", "enterprise"))
                rows.append(
                    {"id": key, "uuid": uuid4(), "name": name, "kind": kind, "unit_id": unit, "since": "2025-07-01",
                     "search_key": folded(name)}
                )  # fmt: skip
            insert(Organisation, rows)

    def persons(self) -> None:
        """With a role, one in four with an audience, one in fifty with an organisation."""
        from django.contrib.auth.models import Group as Role
        from django.utils import timezone

        from people import roles
        from people.models import AudienceMembership, User

        learner = Role.objects.get(name=roles.LEARNER).pk
        audiences = ["village_heads"] * 9 + ["persons_of_influence"] * 3 + ["households"] * 12 + ["enterprises"]
        today = timezone.localdate()
        above = dict(self.places)
        self.of_province: dict[int | None, list[int]] = defaultdict(list)
        for keys in self._numbers(self.people):
            units = self.somewhere(len(keys))
            insert(User, [self.person(key, unit) for key, unit in zip(keys, units, strict=True)])
            insert(User.groups.through, [{"user_id": key, "group_id": learner} for key in keys])
            belong = [
                {"person_id": key, "audience": self.chance.choice(audiences), "since": today} for key in keys[::4]
            ]
            insert(AudienceMembership, belong)
            for key, unit in zip(keys, units, strict=True):
                self.of_province[above.get(unit)].append(key)
            print(f"\r{keys[-1]:,} people", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)

    def person(self, key: int, unit: int) -> dict[str, Any]:
        """Columns of a person."""
        name, phone = self.name(), f"{key - 1:09}"
        return {
            "id": key,
            "uuid": uuid4(),
            "full_name": name,
            "phone": f"+84{phone}",
            "birth_year": self.chance.randrange(1950, 2006),
            "unit_id": unit,
            "organisation_id": self.chance.randrange(self.people // 20) + 1 if key % 50 == 0 else None,
            "name_key": folded(name),
            "search_key": f"{folded(name)} +84{phone} 0{phone}",
        }

    def name(self) -> str:
        """Family, middle and given name."""
        return f"{self.chance.choice(FAMILIES)} {self.chance.choice(MIDDLES)} {self.chance.choice(GIVEN)}"

    def households(self) -> None:
        """Four to five people; one in eight has somebody who learns for it."""
        from people.models import Household, Representation

        for keys in self._numbers(self.people * 4 // 5):
            rows = []
            for key, unit in zip(keys, self.somewhere(len(keys)), strict=True):
                name, code = self.name(), f"H{key:07}"
                rows.append(
                    {"id": key, "uuid": uuid4(), "name": name, "code": code, "unit_id": unit, "since": "2025-07-01",
                     "search_key": f"{folded(name)} {code.lower()}", "ethnic_minority": key % 3 == 0,
                     "basis": "head" if key % 3 == 0 else ""}
                )  # fmt: skip
            insert(Household, rows)
            insert(Representation, [{"person_id": k, "household_id": k, "since": "2025-09-01"} for k in keys[::8]])

    def requests(self) -> None:
        """One registration to ten people and one request to learn for a household to a hundred, all waiting."""
        from django.utils import timezone

        from people.models import Registration, RepresentationRequest

        now = timezone.now()
        for keys in self._numbers(self.people // 10):
            rows = []
            for key, unit in zip(keys, self.somewhere(len(keys)), strict=True):
                name, phone = self.name(), f"9{key:08}"
                rows.append(
                    {"id": key, "uuid": uuid4(), "full_name": name, "phone": f"+84{phone}", "unit_id": unit,
                     "pin": "", "agreed_at": now, "created_at": now,
                     "search_key": f"{folded(name)} +84{phone} 0{phone}"}
                )  # fmt: skip
            insert(Registration, rows)
            insert(
                RepresentationRequest,
                [
                    {"person_id": row["id"], "kind": "household", "name": row["full_name"], "unit_id": row["unit_id"],
                     "asked_at": now}
                    for row in rows[::10]
                ],
            )  # fmt: skip

    def readers(self) -> None:
        """An administrator, managers of the largest commune and its province, and a trainer."""
        from django.utils import timezone

        from people import accounts, roles
        from people.models import ManagerAssignment

        reset_sequences()
        accounts.create(full_name="Quản Trị", username="quan.tri", roles=[roles.ADMINISTRATOR])
        for username, unit in (("quan.ly.tinh", self.province), ("quan.ly.xa", self.commune)):
            person = accounts.create(full_name=username.title(), username=username, roles=[roles.MANAGER])
            ManagerAssignment.objects.create(person=person, unit=unit, since=timezone.localdate())
        self.trainer = accounts.create(full_name="Giảng Viên", username="giang.vien", roles=[roles.TRAINER])

    def classes(self) -> None:
        """One to a hundred people, each of a hundred people of one province; the trainer has twenty of them."""
        from django.utils import timezone

        from lms.models import Attendance, Cohort, Course, Enrolment, Lesson, Mark, Session
        from people.models import Group, GroupMembership

        now, today = timezone.now(), timezone.localdate()
        courses = [Course.objects.create(key=f"khoa-{n}", title=f"Khóa học {n}") for n in range(COURSES)]
        Lesson.objects.bulk_create(
            [
                Lesson(course=course, key=f"bai-{n}", title=f"Bài {n}", position=n)
                for course in courses
                for n in range(1, 9)
            ]
        )
        enrolled: set[tuple[int, int]] = set()
        number = self.people // 100
        for keys in self._numbers(number, 500):
            groups, cohorts, memberships, enrolments = [], [], [], []
            sessions, marks, attendances = [], [], []
            for key, (unit, province) in zip(
                keys, self.chance.choices(self.places, self.weights, k=len(keys)), strict=True
            ):
                since = today - timedelta(days=self.chance.randrange(700))
                name, course = f"Lớp {self.name()} {key}", self.chance.choice(courses)
                groups.append({"id": key, "name": name, "since": since})
                cohorts.append(
                    {"id": key, "uuid": uuid4(), "course_id": course.pk, "name": name, "unit_id": unit, "group_id": key,
                     "since": since, "join_code": f"{key:06}", "share_token": f"{key:012}", "created_at": now,
                     "search_key": folded(name)}
                )  # fmt: skip
                if key % (number // 20 or 1) == 0:
                    memberships.append({"group_id": key, "person_id": self.trainer.pk, "since": since, "leader": True})
                learners = self.of_province[province]
                chosen = self.chance.sample(learners, min(IN_CLASS, len(learners)))
                memberships += [{"group_id": key, "person_id": person, "since": since} for person in chosen]
                new = [person for person in chosen if (person, course.pk) not in enrolled]
                enrolled.update((person, course.pk) for person in new)
                enrolments += [
                    {"registration": uuid4(), "learner_id": person, "course_id": course.pk, "enrolled_at": now,
                     "enrolled_by": uuid4(), "status": "enrolled"}
                    for person in new
                ]  # fmt: skip
                for each in range(1, 6):
                    session = (key - 1) * 5 + each
                    sessions.append(
                        {"id": session, "uuid": uuid4(), "cohort_id": key, "day": since + timedelta(days=each)}
                    )
                    if key % 10:
                        continue
                    for place, person in enumerate(chosen):
                        mark = (session - 1) * IN_CLASS + place + 1
                        marks.append(
                            {"id": mark, "event": uuid4(), "session_id": session, "learner_id": person,
                             "state": "present", "at": now, "received_at": now, "how": "list"}
                        )  # fmt: skip
                        attendances.append(
                            {
                                "session_id": session,
                                "learner_id": person,
                                "state": "present",
                                "mark_id": mark,
                                "at": now,
                            }
                        )
            for model, rows in (
                (Group, groups), (Cohort, cohorts), (GroupMembership, memberships), (Enrolment, enrolments),
                (Session, sessions), (Mark, marks), (Attendance, attendances),
            ):  # fmt: skip
                insert(model, rows)
            print(f"\r{keys[-1]:,} classes", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
        reset_sequences()

    def _numbers(self, most: int, size: int = BATCH) -> Iterator[range]:
        """Keys from 1, in batches."""
        return (range(start, min(start + size, most + 1)) for start in range(1, most + 1, size))


@cache
def folded(name: str) -> str:
    """Names recur."""
    from core.folding import fold

    return fold(name)


def insert(model: Any, rows: Iterable[dict[str, Any]]) -> None:
    """Rows by column; what a row does not say is the model's default."""
    from django.db import connection, transaction

    rows = list(rows)
    if not rows:
        return
    fields = [field for field in model._meta.concrete_fields if field.attname in rows[0] or not field.primary_key]
    blank = model()
    values = {f.attname: f.get_db_prep_save(getattr(blank, f.attname), connection) for f in fields}
    uuids = [f for f in fields if f.get_internal_type() == "UUIDField" and f.attname in rows[0]]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    for row in rows:
        for field in uuids:
            row[field.attname] = field.get_db_prep_save(row[field.attname], connection)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({marks})',
            [tuple((values | row)[field.attname] for field in fields) for row in rows],
        )


def reset_sequences() -> None:
    """PostgreSQL counts on from the keys that were given."""
    from django.apps import apps
    from django.core.management.color import no_style
    from django.db import connection

    models = [*apps.get_app_config("people").get_models(), *apps.get_app_config("lms").get_models()]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
