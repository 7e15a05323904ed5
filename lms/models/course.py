"""Courses and lessons as plain rows: what enrolments, statements, citations and rules speak of.

Wagtail pages, one per language, point to them. A row outlives its pages, so deleting a page deletes no learning.
Everything but the keys is derived from the source pages by lms.outline.
"""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import identity
from people.models import Audience


class Programme(models.Model):
    """Courses that belong together, in their order. A course may be part of several. Derived from its page."""

    key = models.SlugField(_("mã chương trình"), max_length=100, unique=True, help_text="as that of a course")
    title = models.CharField(_("tên chương trình"), max_length=255)
    published = models.BooleanField(default=False, help_text="readers can open its page")
    courses: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        "lms.Course", through="lms.ProgrammeCourse", related_name="programmes"
    )

    class Meta:
        verbose_name = _("chương trình")
        verbose_name_plural = _("chương trình")
        ordering = ["title", "id"]

    def __str__(self) -> str:
        return self.title

    @property
    def iri(self) -> str:
        """The activity: one for all languages."""
        return f"{identity.id_base()}/activities/programmes/{self.key}"


class CourseQuerySet(models.QuerySet["Course"]):
    """Reads of courses."""

    def published(self) -> "CourseQuerySet":
        """Those with a page that readers can open."""
        return self.filter(published=True)


class Level(models.TextChoices):
    """How much a course takes for granted."""

    BASIC = "basic", _("Cơ bản")
    INTERMEDIATE = "intermediate", _("Trung bình")
    ADVANCED = "advanced", _("Nâng cao")


class Completion(models.TextChoices):
    """When a lesson is done."""

    VIEWED = "viewed", _("Khi người học xem hết bài")
    PASSED = "passed", _("Khi người học đạt điểm ở các câu hỏi, bài kiểm tra của bài")
    GRADED = "graded", _("Khi giảng viên đã chấm bài làm")
    ATTENDED = "attended", _("Khi người học có mặt ở buổi học dạy bài này")


class Course(models.Model):
    """A course. The key is the stem of its activity's IRI and never changes; the page's slug may."""

    key = models.SlugField(
        _("mã khóa học"), max_length=100, unique=True, help_text="stem of the activity's IRI; never changed"
    )
    title = models.CharField(_("tên khóa học"), max_length=255)
    language = models.CharField(
        _("ngôn ngữ gốc"), max_length=12, default="vi", help_text="in which its source pages are written"
    )
    topic = models.CharField(_("chủ đề"), max_length=100, blank=True)
    hours = models.DecimalField(
        _("số giờ học"), max_digits=5, decimal_places=1, default=0, validators=[MinValueValidator(0)]
    )
    # A list of people.models.Audience values: ["village_heads", "persons_of_influence"]
    audiences = models.JSONField(_("nhóm đối tượng"), default=list, blank=True)
    pass_mark = models.PositiveSmallIntegerField(
        _("điểm đạt"), default=70, validators=[MaxValueValidator(100)], help_text="percent; 0: no score is asked for"
    )
    certificate = models.BooleanField(_("cấp giấy chứng nhận"), default=True)
    level = models.CharField(_("mức độ"), max_length=12, choices=Level, default=Level.BASIC)
    in_order = models.BooleanField(
        _("học lần lượt"), default=False, help_text="a lesson opens when the one before is done"
    )
    prerequisites: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        "self", symmetrical=False, related_name="required_by", blank=True
    )
    # What is asked of a learner; lms.counting reads it:
    # {"lessons": [{"key": "bai-1", "questions": ["q-1", "q-2"]}, {"key": "bai-2", "questions": [], "done": "passed",
    #  "quiz": 10}], "pass_mark": 70}
    rule = models.JSONField(
        default=dict, help_text="lessons with their questions in order, and the pass mark in percent"
    )
    version = models.PositiveIntegerField(default=0, help_text="raised by one whenever the rule changes")
    published = models.BooleanField(default=False, help_text="readers can open its page")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = _("khóa học")
        verbose_name_plural = _("khóa học")
        ordering = ["title", "id"]

    def __str__(self) -> str:
        return self.title

    @property
    def iri(self) -> str:
        """The activity: one for all languages."""
        return f"{identity.id_base()}/activities/courses/{self.key}"

    def waits_for(self, other: int) -> bool:
        """Whether the course of this key must be finished before this one, or is it, by whatever way round."""
        seen: set[int] = set()
        ahead = {self.pk}
        while ahead and other not in ahead:
            seen |= ahead
            ahead = set(Course.objects.filter(required_by__in=ahead).values_list("pk", flat=True)) - seen
        return bool(ahead)

    @property
    def audience_labels(self) -> list[str]:
        """The audiences in words, in the order of the decision."""
        return [str(audience.label) for audience in Audience if audience.value in self.audiences]


class ProgrammeCourse(models.Model):
    """A course has a place in a programme."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="places")
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="places")
    position = models.PositiveSmallIntegerField(help_text="1 is the first")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["programme", "course"], name="lms_course_once_in_programme")]

    def __str__(self) -> str:
        return f"{self.programme_id}/{self.course_id}"


class LessonQuerySet(models.QuerySet["Lesson"]):
    """Reads of lessons."""

    def in_order(self) -> "LessonQuerySet":
        """The lessons that the course has today, first to last."""
        return self.filter(position__isnull=False).order_by("position", "id")


class Lesson(models.Model):
    """A lesson of a course. One without a position is not part of it today; what was learned in it stays."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="lessons")
    key = models.SlugField(_("mã bài học"), max_length=100, help_text="part of the activity's IRI; never changed")
    title = models.CharField(_("tên bài học"), max_length=255)
    minutes = models.PositiveSmallIntegerField(_("số phút"), default=10)
    position = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="1 is the first; from the tree of source pages"
    )
    completion = models.CharField(_("hoàn thành"), max_length=8, choices=Completion, default=Completion.VIEWED)
    opens_at = models.DateTimeField(_("mở từ"), null=True, blank=True)
    opens_after = models.PositiveSmallIntegerField(
        _("mở sau khi ghi danh (ngày)"), null=True, blank=True, help_text="days after the learner's enrolment"
    )
    questions: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        "lms.Question", through="lms.LessonQuestion", related_name="lessons"
    )

    objects = LessonQuerySet.as_manager()

    class Meta:
        verbose_name = _("bài học")
        verbose_name_plural = _("bài học")
        ordering = ["course", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["course", "key"], name="lms_lesson_key")]

    def __str__(self) -> str:
        return self.title

    @property
    def iri(self) -> str:
        """The activity: one for all languages."""
        return f"{self.course.iri}/lessons/{self.key}"

    @property
    def quiz_iri(self) -> str:
        """The activity of the lesson's quiz."""
        return f"{self.iri}/quiz"

    def question_iri(self, question_key: str, *, in_quiz: bool = False) -> str:
        """The activity of one question in this lesson, or of the same question in its quiz: two results."""
        return f"{self.quiz_iri if in_quiz else self.iri}/questions/{question_key}"


class LessonQuestion(models.Model):
    """A question that a lesson asks, from its source page. One that is still a draft is not asked yet."""

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="asked")
    question = models.ForeignKey("lms.Question", on_delete=models.CASCADE, related_name="asked")
    position = models.PositiveSmallIntegerField(help_text="1 is the first")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["lesson", "question"], name="lms_question_once_in_lesson")]

    def __str__(self) -> str:
        return f"{self.lesson_id}/{self.question_id}"
