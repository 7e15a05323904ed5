"""The tables of lms: courses and lessons, their pages and questions, enrolments, answers,
derived progress, what lessons show beside text, and classes with their sessions and attendance.
"""

from lms.models.answer import Answer
from lms.models.attendance import THERE, Attendance, Mark, Presence, Session
from lms.models.cohort import Cohort, CohortEvidence, CohortRule
from lms.models.course import Course, Lesson, LessonQuestion
from lms.models.enrolment import Enrolment, LessonDone
from lms.models.glossary import GlossaryName, GlossaryTerm
from lms.models.grading import Grading
from lms.models.media import LessonMedia, MediaCaption
from lms.models.message import Delivery, Message, NoEmail
from lms.models.pages import CourseIndexPage, CoursePage, LessonPage
from lms.models.question import Question, QuestionTag, TaggedQuestion
from lms.models.queues import OutlineQueue, ProgressQueue
from lms.models.slides import SlideDeck, SlidePage

__all__ = [
    "THERE",
    "Answer",
    "Attendance",
    "Cohort",
    "CohortEvidence",
    "CohortRule",
    "Course",
    "CourseIndexPage",
    "CoursePage",
    "Delivery",
    "Enrolment",
    "GlossaryName",
    "GlossaryTerm",
    "Grading",
    "Lesson",
    "LessonDone",
    "LessonMedia",
    "LessonPage",
    "LessonQuestion",
    "Mark",
    "MediaCaption",
    "Message",
    "NoEmail",
    "OutlineQueue",
    "Presence",
    "ProgressQueue",
    "Question",
    "QuestionTag",
    "Session",
    "SlideDeck",
    "SlidePage",
    "TaggedQuestion",
]
