"""Builds the statements of learning with tincan. No personal data: the actor is the account of people.actors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import tincan
from django.conf import settings
from django.utils import timezone
from tincan.activity_list import ActivityList

from core import identity
from lms import languages
from lms.models import Cohort, Course, Enrolment, Lesson, Question, Session
from lms.questions import Grade
from lms.wording import Wording
from people import actors
from people.models import User
from xapi import verbs

PLATFORM = "Nhà Sàn"
AFTERWARDS = "Nhà Sàn, nhập lại sau khi lớp đã học xong"
COURSE = "http://adlnet.gov/expapi/activities/course"
LESSON = "http://adlnet.gov/expapi/activities/lesson"
QUESTION = "http://adlnet.gov/expapi/activities/cmi.interaction"
COHORT = "http://activitystrea.ms/schema/1.0/group"
SESSION = "http://adlnet.gov/expapi/activities/meeting"


@dataclass(frozen=True)
class Occasion:
    """When it happened, and the id of the event: a sender that repeats itself says the same id."""

    at: datetime
    event: UUID

    @classmethod
    def of(cls, *, at: datetime | None = None, event: UUID | None = None) -> "Occasion":
        """Now, with a new id, unless told otherwise."""
        return cls((at or timezone.now()).astimezone(UTC), event or uuid4())


def initialized(enrolment: Enrolment, occasion: Occasion, *, language: str = "") -> tincan.Statement:
    """The learner entered the course for the first time. language: that in which the learner wants to read it."""
    activity, language = _spoken(enrolment.course, language)
    return _statement(enrolment, verbs.INITIALIZED, activity, occasion, language=language)


def experienced(enrolment: Enrolment, lesson: Lesson, occasion: Occasion, *, language: str = "") -> tincan.Statement:
    """The learner went through the lesson and on to the next. language: that in which the learner wants to read it."""
    activity, language = _spoken(lesson, language)
    parents = [course_activity(enrolment.course, language)]
    return _statement(enrolment, verbs.EXPERIENCED, activity, occasion, parent=parents, language=language)


def answered(
    enrolment: Enrolment,
    lesson: Lesson,
    question: Question,
    wording: Wording,
    response: Any,
    grade: Grade,
    occasion: Occasion,
    *,
    instructor: User | None = None,
) -> tincan.Statement:
    """The learner answered; the server graded, or the instructor did, or nobody did yet.

    The statement's language is that of the wording.
    """
    language = languages.code_of(wording.locale) or enrolment.course.language
    result = tincan.Result(response=wording.kind.said(response), success=grade.success)
    if grade.score is not None:
        result.score = tincan.Score(scaled=grade.score, raw=grade.score, min=0, max=1)
    return _statement(
        enrolment,
        verbs.ANSWERED,
        question_activity(lesson, question, wording, language),
        occasion,
        result=result,
        parent=[lesson_activity(lesson, language)],
        grouping=[course_activity(enrolment.course, language)],
        instructor=instructor,
        language=language,
    )


def attended(
    enrolment: Enrolment,
    session: Session,
    presence: str,
    occasion: Occasion,
    *,
    instructor: User | None,
    within: Sequence[tincan.Activity] = (),
) -> tincan.Statement:
    """The learner was at a session of a class, in time or late. within: what the course belongs to."""
    cohort = session.cohort
    taught = [lesson_activity(session.lesson)] if session.lesson else []
    statement = _statement(
        enrolment,
        verbs.ATTENDED,
        session_activity(session),
        occasion,
        result=tincan.Result(duration=session.ends_at - session.starts_at),
        parent=[cohort_activity(cohort)],
        grouping=[course_activity(enrolment.course), *taught],
        within=within,
        extensions={extension("presence"): presence, **afterwards(cohort)},
    )
    if instructor is not None:
        statement.context.instructor = tincan.Agent(actors.actor_of(instructor))
    if cohort.entered_afterwards:
        statement.context.platform = AFTERWARDS
    return statement


def voided(statement_id: UUID) -> dict[str, Any]:
    """This site takes a statement of its own back."""
    return {
        "actor": {"account": {"homePage": identity.id_base(), "name": "nha-san"}},
        "verb": verbs.VOIDED.as_data(),
        "object": {"objectType": "StatementRef", "id": str(statement_id)},
    }


def concluded(
    enrolment: Enrolment,
    verb: verbs.Verb,
    occasion: Occasion,
    *,
    score: float | None,
    passed: bool,
    because: Mapping[str, Any] | None = None,
    platform: str = PLATFORM,
) -> tincan.Statement:
    """This site decided that the course is completed or passed, by this version of the course and this rule.

    because: further extensions, where another rule than that of the lessons decided.
    """
    course = enrolment.course
    result = tincan.Result(completion=True, success=passed or None)
    if score is not None:
        result.score = tincan.Score(scaled=score)
    extensions = {
        extension("course-version"): course.version,
        extension("course-rule"): course.rule,
        **(because or {}),
    }
    statement = _statement(
        enrolment,
        verb,
        course_activity(course),
        occasion,
        result=result,
        extensions=extensions,
        revision=str(course.version),
    )
    statement.context.platform = platform
    return statement


def extension(name: str) -> str:
    """The IRI of an extension of ours."""
    return f"{identity.id_base()}/extensions/{name}"


def afterwards(cohort: Cohort) -> dict[str, Any]:
    """The extensions that mark what was entered after the class was over, with its source."""
    if not cohort.entered_afterwards:
        return {}
    return {extension("entered-afterwards"): True, extension("source"): cohort.source}


def cohort_activity(cohort: Cohort) -> tincan.Activity:
    """The class as an activity."""
    return _activity(cohort.iri, COHORT, cohort.name)


def session_activity(session: Session) -> tincan.Activity:
    """The session as an activity."""
    return _activity(session.iri, SESSION, session.title or f"{session.cohort.name}, {session.day:%d/%m/%Y}")


def course_activity(course: Course, language: str = "") -> tincan.Activity:
    """The course as an activity: one in all languages, named in this one where it has a name in it."""
    return _spoken(course, language)[0]


def lesson_activity(lesson: Lesson, language: str = "") -> tincan.Activity:
    """The lesson as an activity, as of a course."""
    return _spoken(lesson, language)[0]


def question_activity(lesson: Lesson, question: Question, wording: Wording, language: str) -> tincan.Activity:
    """The question as an interaction, with its components and the right response. language: that of the wording."""
    activity = _activity(lesson.question_iri(question.key), QUESTION, wording.text, language)
    definition = activity.definition
    definition.description = definition.name
    definition.name = None
    definition.interaction_type = wording.kind.interaction
    for name, value in wording.kind.definition(wording.value, language).items():
        setattr(definition, "correct_responses_pattern" if name == "correctResponsesPattern" else name, value)
    return activity


def around(enrolment: Enrolment) -> list[tincan.Activity]:
    """What the learner's course belongs to now: its programmes, and the classes in which the learner takes it."""
    classes = Cohort.objects.of_member(enrolment.learner).filter(course=enrolment.course_id).order_by("pk")
    return [*programmes(enrolment.course), *(cohort_activity(cohort) for cohort in classes)]


def programmes(course: Course) -> list[tincan.Activity]:
    """The course's programmes as activities."""
    kind = f"{identity.id_base()}/activity-types/programme"  # no register of types has one above the course
    return [_activity(each.iri, kind, each.title) for each in course.programmes.filter(published=True)]


def _activity(iri: str, kind: str, name: str, language: str = settings.LANGUAGE_CODE) -> tincan.Activity:
    return tincan.Activity(id=iri, definition=tincan.ActivityDefinition(type=kind, name={language: name}))


def _spoken(row: Course | Lesson, language: str) -> tuple[tincan.Activity, str]:
    """The activity, and the language in which it is named: that wanted, else that of the course."""
    course = row.course if isinstance(row, Lesson) else row
    language, title = languages.title_of(row, language or course.language)
    return _activity(row.iri, LESSON if isinstance(row, Lesson) else COURSE, title, language), language


def _statement(
    enrolment: Enrolment,
    verb: verbs.Verb,
    activity: tincan.Activity,
    occasion: Occasion,
    *,
    result: tincan.Result | None = None,
    parent: Sequence[tincan.Activity] = (),
    grouping: Sequence[tincan.Activity] = (),
    within: Sequence[tincan.Activity] | None = None,
    extensions: Mapping[str, Any] | None = None,
    revision: str | None = None,
    instructor: User | None = None,
    language: str = "",
) -> tincan.Statement:
    context = tincan.Context(
        registration=enrolment.registration,
        platform=PLATFORM,
        language=language or enrolment.course.language,
        revision=revision,
    )
    grouping = [*grouping, *(around(enrolment) if within is None else within)]
    if parent or grouping:
        context.context_activities = tincan.ContextActivities(
            parent=ActivityList(parent) if parent else None, grouping=ActivityList(grouping) if grouping else None
        )
    if instructor:
        context.instructor = tincan.Agent(actors.actor_of(instructor))
    if extensions:
        context.extensions = tincan.Extensions(extensions)
    return tincan.Statement(
        id=occasion.event,
        timestamp=occasion.at,
        actor=tincan.Agent(actors.actor_of(enrolment.learner)),
        verb=tincan.Verb(verb.as_data()),
        object=activity,
        result=result,
        context=context,
    )
