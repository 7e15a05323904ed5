"""Courses, populations and demo learners of the first look. The learners take the real path, only with past dates."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from home.starter_files import FOLDER, courses, programmes, read_toml
from lms import learning, quiz_attempts
from lms.courses import publish_course, publish_programme
from lms.enrolment import enrol
from lms.models import Course, Enrolment, Lesson, Question, Quiz
from people import accounts
from people.models import AudienceMembership, Household, Organisation, Representation, Unit, User
from targets.models import Population, Target, TargetCourse

SINCE = "2026-01-01"
GENDERS = {"f": User.Gender.FEMALE, "m": User.Gender.MALE}
ORGANISATIONS = {"cooperatives": Organisation.Kind.COOPERATIVE, "enterprises": Organisation.Kind.ENTERPRISE}


def load_courses() -> None:
    """Publish the sample courses and the programmes that they are part of."""
    for course in courses():
        publish_course(**course, folder=FOLDER)
    for programme in programmes():
        publish_programme(**programme)


def load_targets() -> None:
    """The rule of each target (courses for its audiences) and the illustrative populations."""
    targets = {target.key: target for target in Target.objects.all()}
    for course in Course.objects.all():
        for target in targets.values():
            if set(course.audiences) & set(target.audiences):
                TargetCourse.objects.get_or_create(target=target, course=course, since=SINCE)
    for row in read_toml("people.toml")["populations"]:
        Population.objects.get_or_create(
            target=targets[row["target"]],
            unit=_unit(row["province_code"]),
            kind=Population.Kind.NUMBER,
            since=SINCE,
            defaults={"number": row["number"], "source": row["source"]},
        )


def load_people() -> None:
    """The demo learners with what they learned. They have no password: nobody signs in as one of them."""
    for row in read_toml("people.toml")["people"]:
        _learn(_person(row), row)


def first_commune() -> Unit:
    """Where the starter accounts live: the first commune of the demo."""
    commune = read_toml("people.toml")["units"][0]["communes"][0]
    return _unit(commune["commune_code"])


def _unit(code: str) -> Unit:
    return Unit.objects.current().select_related("parent").get(code=code)


def _person(row: dict[str, Any]) -> User:
    unit = _unit(row.get("commune_code", row["province_code"]))
    person = accounts.create(
        full_name=row["full_name"],
        username=f"mau-{row['key']}",
        birth_year=row["birth_year"],
        gender=GENDERS[row["gender"]],
        unit=unit,
        organisation=_agency(row, unit),
    )
    _represent(person, row, unit)
    AudienceMembership.objects.create(person=person, audience=row["audience"], since=SINCE)
    return person


def _agency(row: dict[str, Any], unit: Unit) -> Organisation | None:
    if row["audience"] != "officials":
        return None
    fields = {"name": row["organisation"], "kind": Organisation.Kind.AGENCY, "unit": unit, "ethnic_affairs": True}
    return Organisation.objects.get_or_create(**fields, defaults={"since": SINCE})[0]


def _represent(person: User, row: dict[str, Any], unit: Unit) -> None:
    """The household, cooperative or enterprise that the person learns for."""
    if row["audience"] == "households":
        household = Household.objects.create(
            name=row["household"],
            unit=unit,
            ethnic_minority=True,
            basis=Household.Basis.HEAD,
            basis_document="Hộ hư cấu của dữ liệu mẫu",
            since=SINCE,
        )
        Representation.objects.create(person=person, household=household, since=SINCE)
    elif kind := ORGANISATIONS.get(row["audience"]):
        name = row.get("cooperative") or row["enterprise"]
        organisation = Organisation.objects.create(
            name=name, kind=kind, unit=unit, ethnic_minority=True, basis=Organisation.Basis.HEAD, since=SINCE
        )
        Representation.objects.create(person=person, organisation=organisation, since=SINCE)


def _learn(person: User, row: dict[str, Any]) -> None:
    """Walk through the course, every answer right, so that the last step falls on attained_on."""
    course = Course.objects.get(key=row["course"])
    lessons = list(course.lessons.in_order())
    count = len(lessons) if row["attained"] else row.get("lessons_done", 0)
    if not count:
        return
    now = timezone.now()
    end = datetime.combine(row["attained_on"], time(13, 30), UTC) if row["attained"] else now - timedelta(days=5)
    at = end - timedelta(days=count - 1, minutes=30)
    enrolment = enrol(learner=person, course=course, at=at)
    learning.begin(enrolment, at=at)
    asked = {rule["key"]: rule["questions"] for rule in course.rule["lessons"]}
    for lesson in lessons[:count]:
        _take(enrolment, lesson, asked[lesson.key], at)
        at += timedelta(days=1)


def _take(enrolment: Enrolment, lesson: Lesson, keys: Sequence[str], at: datetime) -> None:
    questions = {question.key: question for question in Question.objects.filter(key__in=keys)}
    for number, key in enumerate(keys, start=1):
        question = questions[key]
        learning.answer(enrolment, lesson, question, _right(question), at=at + timedelta(minutes=5 + number))
    if quiz := Quiz.objects.select_related("lesson__course", "locale").filter(lesson=lesson).first():
        _pass(enrolment, quiz, at + timedelta(minutes=5))
    learning.go_on(enrolment, lesson, at=at + timedelta(minutes=15))


def _pass(enrolment: Enrolment, quiz: Quiz, at: datetime) -> None:
    attempt = quiz_attempts.start(enrolment, quiz, at=at)
    form = QueryDict(mutable=True)
    for question, _revision, _words in quiz_attempts.asked(attempt):
        form.appendlist("has", question.key)
        form.setlist(f"{quiz_attempts.prefix(question.key)}option", _right(question))
    attempt = quiz_attempts.keep(attempt, form)
    quiz_attempts.hand_in(attempt, at=at + timedelta(minutes=9))


def _right(question: Question) -> list[str]:
    """What a form says where the answer is right; the starter content only has options to choose from."""
    value = question.answer[0].value
    if question.kind == "true_false":
        return [value["right"]]
    return [option.id for option in value["options"].bound_blocks if option.value["right"]]
