"""The tables of lms: courses and lessons, their pages and questions, enrolments, answers and derived progress."""

from lms.models.answer import Answer
from lms.models.course import Course, Lesson, LessonQuestion
from lms.models.enrolment import Enrolment, LessonDone
from lms.models.pages import CourseIndexPage, CoursePage, LessonPage
from lms.models.question import Question
from lms.models.queues import OutlineQueue, ProgressQueue

__all__ = [
    "Answer",
    "Course",
    "CourseIndexPage",
    "CoursePage",
    "Enrolment",
    "Lesson",
    "LessonDone",
    "LessonPage",
    "LessonQuestion",
    "OutlineQueue",
    "ProgressQueue",
    "Question",
]
