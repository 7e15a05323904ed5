"""The tables of lms: courses and lessons, their pages and questions, enrolments, answers,
derived progress, what lessons show beside text, and classes with their sessions and attendance.
"""

from lms.models.answer import Answer
from lms.models.attendance import THERE, Attendance, Mark, Presence, Session
from lms.models.catalogue_pages import CourseIndexPage, ProgrammeChoice, ProgrammePage
from lms.models.cohort import Cohort, CohortEvidence, CohortRule
from lms.models.course import Completion, Course, Lesson, LessonQuestion, Level, Programme, ProgrammeCourse
from lms.models.course_pages import CoursePage, CoursePrerequisite, SectionPage
from lms.models.enrolment import Enrolment, LessonDone
from lms.models.glossary import GlossaryName, GlossaryTerm
from lms.models.grading import Grading
from lms.models.inquiry import Inquiry
from lms.models.lesson_page import LessonPage
from lms.models.media import LessonMedia, MediaCaption
from lms.models.message import Delivery, Message, NoEmail
from lms.models.notes import Bookmark, Note
from lms.models.question import Question, QuestionTag, TaggedQuestion
from lms.models.queues import OutlineQueue, ProgressQueue, QuizQueue
from lms.models.quiz import AnswersShown, Quiz, QuizAttempt
from lms.models.slides import SlideDeck, SlidePage

__all__ = [
    "THERE",
    "Answer",
    "AnswersShown",
    "Attendance",
    "Bookmark",
    "Cohort",
    "CohortEvidence",
    "CohortRule",
    "Completion",
    "Course",
    "CourseIndexPage",
    "CoursePage",
    "CoursePrerequisite",
    "Delivery",
    "Enrolment",
    "GlossaryName",
    "GlossaryTerm",
    "Grading",
    "Inquiry",
    "Lesson",
    "LessonDone",
    "LessonMedia",
    "LessonPage",
    "LessonQuestion",
    "Level",
    "Mark",
    "MediaCaption",
    "Message",
    "NoEmail",
    "Note",
    "OutlineQueue",
    "Presence",
    "Programme",
    "ProgrammeChoice",
    "ProgrammeCourse",
    "ProgrammePage",
    "ProgressQueue",
    "Question",
    "QuestionTag",
    "Quiz",
    "QuizAttempt",
    "QuizQueue",
    "SectionPage",
    "Session",
    "SlideDeck",
    "SlidePage",
    "TaggedQuestion",
]
