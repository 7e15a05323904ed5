"""Somebody whom none of the roles but administrators may see, with a row in every register, all under one key."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from certificates.models import Certificate
from core.models import Job, TableImport
from lms.models import Answer, Course, Enrolment, Lesson, LessonDone, Question
from people import accounts, actors
from people.models import (
    ActorIdentifier,
    AudienceMembership,
    Consent,
    Group,
    GroupMembership,
    Household,
    ManagerAssignment,
    Organisation,
    Registration,
    Representation,
    RepresentationRequest,
    SignInCard,
    Unit,
    UnitAttribute,
    User,
)
from targets.models import Attainment, Target
from xapi import verbs
from xapi.statements import record

KEY = 770001  # of every row about the person, so that an address with a number in it is theirs
STATEMENT = "7d1c2f4e-0001-4000-8000-000000770001"
DAY, TIME = date(2026, 3, 1), datetime(2026, 3, 1, 8, tzinfo=UTC)
SECRETS = ("Giấu Kín", "900770001", "giau-kin", "Hộ bà Kín")


def unit(code: str, name: str, level: str, parent: Unit | None = None) -> Unit:
    """A unit of today."""
    return Unit.objects.create(
        code=code, name=name, short_name=name, level=level, parent=parent, valid_from=date(2025, 7, 1)
    )


def hide() -> User:
    """The person, in a province of their own, with everything that is kept of a person."""
    commune = unit("08000", "Xã Xa", "commune", unit("25", "Tỉnh Xa", "province"))
    person = accounts.create(
        id=KEY, full_name="Vàng Thị Giấu Kín", phone="0900770001", email="giau-kin@example.vn", unit=commune
    )
    SignInCard.objects.create(id=KEY, person=person, digest="0" * 64)
    Registration.objects.create(
        id=KEY, full_name="Vàng Thị Giấu Kín", phone="0900770001", unit=commune, uuid=person.uuid, pin="!"
    )
    household = Household.objects.create(id=KEY, name="Hộ bà Kín", unit=commune, ethnic_minority=True)
    Organisation.objects.create(id=KEY, name="Hợp tác xã Giấu Kín", kind="cooperative", unit=commune)
    group = Group.objects.create(id=KEY, name="Nhóm Giấu Kín")
    course = Course.objects.create(id=KEY, key="an-toan", title="An toàn", published=True)
    lesson = Lesson.objects.create(id=KEY, course=course, key="bai-1", title="Bài 1", position=1)
    enrolment = Enrolment.objects.create(
        id=KEY, learner=person, course=course, enrolled_at=TIME, enrolled_by=person.uuid, completed_at=TIME
    )
    LessonDone.objects.create(id=KEY, enrolment=enrolment, lesson=lesson, at=TIME)
    answered(enrolment, lesson)
    dated: dict[str, Any] = {"id": KEY, "person": person, "since": DAY}
    AudienceMembership.objects.create(**dated, audience="village_heads")
    ManagerAssignment.objects.create(**dated, unit=commune)
    Representation.objects.create(**dated, household=household)
    GroupMembership.objects.create(**dated, group=group)
    RepresentationRequest.objects.create(id=KEY, person=person, kind="household", name="Hộ bà Kín", unit=commune)
    village = Unit.objects.create(
        id=KEY, code="V", name="Bản Giấu Kín", short_name="Giấu Kín", level="village", parent=commune, valid_from=DAY
    )
    UnitAttribute.objects.create(id=KEY, unit=village, kind="hardship", since=DAY, document="Quyết định")
    Consent.objects.create(id=KEY, person=person, purpose="Học", basis="consent")
    ActorIdentifier.objects.create(id=KEY, person=person, kind="mbox", value="mailto:giau-kin@example.vn")
    certificate = {"code": "AB12CD34EF56", "number": "77/2026", "holder_name": person.full_name}
    Certificate.objects.create(
        id=KEY, enrolment=enrolment, course_title=course.title, hours=1, issued_on=DAY, **certificate
    )
    target = Target.objects.create(
        id=KEY, key="muc-tieu", name="Mục tiêu", short_name="Mục tiêu", percent=80, subject_kind="person"
    )
    Attainment.objects.create(
        id=KEY,
        target=target,
        subject_kind="person",
        subject=person.uuid,
        subject_name=person.full_name,
        attained_on=DAY,
        unit=commune,
        person=person,
        enrolment=enrolment,
    )
    TableImport.objects.create(id=KEY, kind="none", file_name="Giấu Kín.xlsx", started_by=person.uuid)
    Job.objects.create(id=KEY, kind="none", title="Giấu Kín", started_by=person.uuid)
    said = {"id": STATEMENT, "actor": actors.actor_of(person), "verb": verbs.EXPERIENCED.as_data()}
    record([said | {"object": {"id": "http://example.vn/a"}, "context": {"registration": str(enrolment.registration)}}])
    return person


def answered(enrolment: Enrolment, lesson: Lesson) -> None:
    """What the person wrote, wrongly; and a text that waits for a trainer."""
    accepted = [{"type": "item", "id": "a", "value": {"text": "Đúng", "share": 100, "why": ""}}]
    kinds = {"fill_in": {"accepted": accepted, "forgiven": []}, "written": {"longest": 2000, "rubric": [], "model": ""}}
    for number, (kind, value) in enumerate(kinds.items()):
        stream = json.dumps([{"type": kind, "id": "q", "value": value}])
        question = Question(id=KEY + number, key="cau-hoi" if not number else "bai-viet", text="Hỏi", answer=stream)
        question.save()
        question.save_revision().publish()
        question.refresh_from_db()
        Answer.objects.create(
            id=KEY + number,
            enrolment=enrolment,
            lesson=lesson,
            question=question,
            revision=question.live_revision,
            attempt=1,
            response="Tôi ở Hộ bà Kín",
            success=None if number else False,
            answered_at=TIME,
            waits=bool(number),
        )


def addresses(
    resolver: URLResolver | None = None, spaces: tuple[str, ...] = (), above: dict[str, Any] | None = None
) -> Iterator[tuple[str, str]]:
    """(name, path) of every named address of the site; the arguments in it are those of the hidden person's rows.

    above: the converters of the arguments that stand in the patterns above.
    """
    for each in (resolver or get_resolver()).url_patterns:
        converters = (above or {}) | each.pattern.converters
        if isinstance(each, URLResolver):
            yield from addresses(each, (*spaces, each.namespace) if each.namespace else spaces, converters)
        elif isinstance(each, URLPattern) and each.name:
            name, pattern = ":".join([*spaces, each.name]), each.pattern
            named = list(converters) or list(pattern.regex.groupindex)
            by_name = {argument: value_of(argument, converters) for argument in named}
            by_place = PLACED.get(name, [] if named else [KEY] * pattern.regex.groups)
            yield name, reverse(name, args=by_place, kwargs=by_name)


PLACED: dict[str, list[Any]] = {"wagtail_serve": ["courses/"]}
NAMED: dict[str, Any] = {
    "statement_id": STATEMENT,
    "course": "an-toan",
    "lesson": "bai-1",
    "question": "cau-hoi",
    "code": "25",
    "form": "mrc",
    "slug": "khong-co",
    "sha2": "a" * 64,
    "uidb36": "abc",
    "app_label": "people",
    "app_name": "people",
    "model_name": "user",
    "action": "delete",
    "key": "muc-tieu",
    "kind": "none",
    "media_type": "audio",
    "language": "vi",
}


def value_of(name: str, converters: dict[str, Any]) -> Any:
    """What stands for the argument in the address."""
    if name in NAMED:
        return NAMED[name]
    converter = type(converters[name]).__name__ if name in converters else ""
    return STATEMENT if converter == "UUIDConverter" else KEY
