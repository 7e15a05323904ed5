"""What statements speak of, as xAPI activities: named in the language that was read, one IRI in all languages."""

import tincan
from django.conf import settings

from core import identity
from lms import languages
from lms.models import Cohort, Course, Enrolment, Lesson, LessonMedia, Question, Session
from lms.wording import Wording

COURSE = "http://adlnet.gov/expapi/activities/course"
LESSON = "http://adlnet.gov/expapi/activities/lesson"
QUIZ = "http://adlnet.gov/expapi/activities/assessment"
QUESTION = "http://adlnet.gov/expapi/activities/cmi.interaction"
COHORT = "http://activitystrea.ms/schema/1.0/group"
AUDIO = "http://activitystrea.ms/schema/1.0/audio"
VIDEO_PROFILE = "https://w3id.org/xapi/video"
VIDEO = f"{VIDEO_PROFILE}/activity-type/video"
SESSION = "http://adlnet.gov/expapi/activities/meeting"


def _activity(iri: str, kind: str, name: str, language: str = settings.LANGUAGE_CODE) -> tincan.Activity:
    return tincan.Activity(id=iri, definition=tincan.ActivityDefinition(type=kind, name={language: name}))


def spoken(row: Course | Lesson, language: str) -> tuple[tincan.Activity, str]:
    """The activity, and the language in which it is named: that wanted, else that of the course."""
    course = row.course if isinstance(row, Lesson) else row
    language, title = languages.title_of(row, language or course.language)
    return _activity(row.iri, LESSON if isinstance(row, Lesson) else COURSE, title, language), language


def cohort_activity(cohort: Cohort) -> tincan.Activity:
    """The class as an activity."""
    return _activity(cohort.iri, COHORT, cohort.name)


def session_activity(session: Session) -> tincan.Activity:
    """The session as an activity."""
    return _activity(session.iri, SESSION, session.title or f"{session.cohort.name}, {session.day:%d/%m/%Y}")


def course_activity(course: Course, language: str = "") -> tincan.Activity:
    """The course as an activity: one in all languages, named in this one where it has a name in it."""
    return spoken(course, language)[0]


def lesson_activity(lesson: Lesson, language: str = "") -> tincan.Activity:
    """The lesson as an activity, as of a course."""
    return spoken(lesson, language)[0]


def media_activity(lesson: Lesson, medium: LessonMedia) -> tincan.Activity:
    """The film or the recording as an activity of the lesson."""
    return _activity(f"{lesson.iri}/media/{medium.uuid}", VIDEO if medium.type == "video" else AUDIO, medium.title)


def quiz_activity(lesson: Lesson) -> tincan.Activity:
    """The lesson's quiz as an activity."""
    return _activity(lesson.quiz_iri, QUIZ, lesson.title)


def question_activity(
    lesson: Lesson, question: Question, wording: Wording, language: str, *, in_quiz: bool = False
) -> tincan.Activity:
    """The question as an interaction, with its components and the right response. language: that of the wording."""
    activity = _activity(lesson.question_iri(question.key, in_quiz=in_quiz), QUESTION, wording.text, language)
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
