"""Builds the statements of learning with tincan. No personal data: the actor is the account of people.actors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import tincan
from django.utils import timezone
from tincan.activity_list import ActivityList

from core import identity
from lms import activities, languages
from lms.models import Cohort, Enrolment, Lesson, LessonMedia, Question, QuizAttempt, Session
from lms.questions import Grade
from lms.wording import Wording
from people import actors
from people.models import User
from xapi import verbs

PLATFORM = "Nhà Sàn"
AFTERWARDS = "Nhà Sàn, nhập lại sau khi lớp đã học xong"


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
    activity, language = activities.spoken(enrolment.course, language)
    return _statement(enrolment, verbs.INITIALIZED, activity, occasion, language=language)


def experienced(enrolment: Enrolment, lesson: Lesson, occasion: Occasion, *, language: str = "") -> tincan.Statement:
    """The learner went through the lesson and on to the next. language: that in which the learner wants to read it."""
    activity, language = activities.spoken(lesson, language)
    parents = [activities.course_activity(enrolment.course, language)]
    return _statement(enrolment, verbs.EXPERIENCED, activity, occasion, parent=parents, language=language)


def terminated(enrolment: Enrolment, lesson: Lesson, occasion: Occasion, duration: timedelta) -> tincan.Statement:
    """The learner left the lesson, after reading for so long."""
    parents = [activities.course_activity(enrolment.course)]
    result = tincan.Result(duration=duration)
    return _statement(
        enrolment, verbs.TERMINATED, activities.lesson_activity(lesson), occasion, result=result, parent=parents
    )


def watched(
    enrolment: Enrolment,
    lesson: Lesson,
    medium: LessonMedia,
    verb: verbs.Verb,
    occasion: Occasion,
    *,
    result: tincan.Result,
    context: Mapping[str, Any],
) -> tincan.Statement:
    """What happened with a film or a recording, by the ADL video profile; context: its extensions."""
    statement = _statement(
        enrolment,
        verb,
        activities.media_activity(lesson, medium),
        occasion,
        result=result,
        parent=[activities.lesson_activity(lesson)],
        grouping=[activities.course_activity(enrolment.course)],
        extensions=context,
    )
    if medium.type == "video":
        statement.context.context_activities.category = ActivityList([tincan.Activity(id=activities.VIDEO_PROFILE)])
    return statement


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
    in_quiz: bool = False,
    within: Sequence[tincan.Activity] | None = None,
    language: str = "",
) -> tincan.Statement:
    """The learner answered; the server graded, or the instructor did, or nobody did yet.

    The statement's language is that of the wording. language: this one, and within: what the course belongs to, where
    the caller knows them.
    """
    language = language or languages.code_of(wording.locale) or enrolment.course.language
    result = tincan.Result(response=wording.kind.said(response), success=grade.success)
    if grade.score is not None:
        result.score = tincan.Score(scaled=grade.score, raw=grade.score, min=0, max=1)
    return _statement(
        enrolment,
        verbs.ANSWERED,
        activities.question_activity(lesson, question, wording, language, in_quiz=in_quiz),
        occasion,
        result=result,
        parent=[activities.quiz_activity(lesson) if in_quiz else activities.lesson_activity(lesson, language)],
        grouping=[
            *([activities.lesson_activity(lesson, language)] if in_quiz else []),
            activities.course_activity(enrolment.course, language),
        ],
        within=within,
        instructor=instructor,
        language=language,
    )


def quiz_started(attempt: QuizAttempt, occasion: Occasion) -> tincan.Statement:
    """The learner began an attempt at the lesson's quiz."""
    return _of_quiz(attempt, verbs.INITIALIZED, occasion)


def quiz_taken(attempt: QuizAttempt, occasion: Occasion) -> tincan.Statement:
    """The attempt was handed in and graded: passed, failed, or completed where no mark is asked for."""
    verb = {True: verbs.PASSED, False: verbs.FAILED, None: verbs.COMPLETED}[attempt.success]
    result = tincan.Result(completion=True, success=attempt.success, duration=occasion.at - attempt.started_at)
    if attempt.score is not None:
        result.score = tincan.Score(scaled=float(attempt.score))
    return _of_quiz(attempt, verb, occasion, result=result, extensions={extension("attempt"): attempt.number})


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
    taught = [activities.lesson_activity(session.lesson)] if session.lesson else []
    statement = _statement(
        enrolment,
        verbs.ATTENDED,
        activities.session_activity(session),
        occasion,
        result=tincan.Result(duration=session.ends_at - session.starts_at),
        parent=[activities.cohort_activity(cohort)],
        grouping=[activities.course_activity(enrolment.course), *taught],
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
        activities.course_activity(course),
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


def video_extension(name: str) -> str:
    """The IRI of an extension of the video profile."""
    return f"{activities.VIDEO_PROFILE}/extensions/{name}"


def afterwards(cohort: Cohort) -> dict[str, Any]:
    """The extensions that mark what was entered after the class was over, with its source."""
    if not cohort.entered_afterwards:
        return {}
    return {extension("entered-afterwards"): True, extension("source"): cohort.source}


def _of_quiz(attempt: QuizAttempt, verb: verbs.Verb, occasion: Occasion, **more: Any) -> tincan.Statement:
    lesson, enrolment = attempt.lesson, attempt.enrolment
    return _statement(
        enrolment,
        verb,
        activities.quiz_activity(lesson),
        occasion,
        parent=[activities.lesson_activity(lesson)],
        grouping=[activities.course_activity(enrolment.course)],
        **more,
    )


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
    grouping = [*grouping, *(activities.around(enrolment) if within is None else within)]
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
