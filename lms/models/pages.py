"""The pages that readers see: the catalogue, courses, lessons. Each points to its plain row.

Of several languages the source page (the one with the earliest id of its translations) decides order and rules.
"""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from core import outbox
from lms import keys
from lms.blocks import TEXT_FEATURES, LessonBlock
from lms.models.course import Course, Lesson
from lms.models.queues import OutlineQueue
from people import roles
from people.models import Audience


class AudiencesField(models.JSONField):
    """A list of audiences, chosen by ticking."""

    def formfield(self, **kwargs: Any) -> forms.Field:
        return forms.MultipleChoiceField(
            label=self.verbose_name, choices=Audience.choices, required=False, widget=forms.CheckboxSelectMultiple
        )


class CourseIndexPage(Page):
    """The catalogue of courses."""

    introduction = models.TextField(_("lời giới thiệu"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    subpage_types = ["lms.CoursePage"]
    max_count = 1
    template = "lms/catalogue.html"

    class Meta:
        verbose_name = _("danh mục khóa học")

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """With the first catalogue there is a place where trainers and editors may work."""
        is_new = self.pk is None
        result = super().save(*args, **kwargs)
        if is_new:
            roles.ensure()
        return result

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from lms import catalogue

        return {**super().get_context(request, *args, **kwargs), **catalogue.context(self, request)}


class CoursePage(Page):
    """A course as readers see it before they enter, with the rules that its row takes over when it is published."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+", editable=False)
    summary = models.TextField(_("tóm tắt"), blank=True, help_text=_("Một, hai câu cho danh mục khóa học."))
    title_en = models.CharField(_("tên bằng tiếng Anh"), max_length=255, blank=True)
    summary_en = models.TextField(_("tóm tắt bằng tiếng Anh"), blank=True)
    body = RichTextField(_("ông, bà sẽ học được gì"), blank=True, features=TEXT_FEATURES)
    topic = models.CharField(_("chủ đề"), max_length=100, blank=True)
    audiences = AudiencesField(_("dành cho"), default=list, blank=True)
    hours = models.DecimalField(
        _("số giờ học"), max_digits=5, decimal_places=1, default=1, validators=[MinValueValidator(0)]
    )
    pass_mark = models.PositiveSmallIntegerField(
        _("điểm đạt (phần trăm)"), default=70, validators=[MaxValueValidator(100)], help_text=_("0: không xét điểm.")
    )
    certificate = models.BooleanField(_("cấp giấy chứng nhận"), default=True)

    exclude_fields_in_copy = ["course"]
    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("body"),
        MultiFieldPanel([FieldPanel("title_en"), FieldPanel("summary_en")], heading=_("Giới thiệu bằng tiếng Anh")),
        MultiFieldPanel([FieldPanel("topic"), FieldPanel("audiences")], heading=_("Dành cho ai")),
        MultiFieldPanel(
            [FieldPanel("hours"), FieldPanel("pass_mark"), FieldPanel("certificate")],
            heading=_("Quy định của khóa học"),
        ),
    ]
    parent_page_types = ["lms.CourseIndexPage"]
    subpage_types = ["lms.LessonPage"]
    template = "lms/course.html"

    class Meta:
        verbose_name = _("khóa học")

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Every saved page has its row; what follows from a change is queued in the same transaction."""
        with transaction.atomic():
            self.course = self._row()
            result = super().save(*args, **kwargs)
            outbox.enqueue(OutlineQueue, [self.course.key])
        return result

    def _row(self) -> Course:
        """The row it has, whatever a revision says; else that of the page it translates; else a new one."""
        if self.pk is None and self.course_id:
            return self.course
        known = CoursePage.objects.filter(translation_key=self.translation_key).select_related("course")
        if page := known.filter(pk=self.pk).first() or known.first():
            return page.course
        key = keys.free(keys.wanted(self.slug, self.title), lambda key: Course.objects.filter(key=key).exists())
        return Course.objects.create(key=key, title=self.title, published=False)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from lms import catalogue

        return {**super().get_context(request, *args, **kwargs), **catalogue.course_context(self, request)}


class LessonPage(Page):
    """One lesson. Only who is enrolled reads it; the courses' own pages are for everyone."""

    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="+", editable=False)
    minutes = models.PositiveSmallIntegerField(_("số phút"), default=10)
    body = StreamField(LessonBlock(), verbose_name=_("nội dung"), blank=True)

    exclude_fields_in_copy = ["lesson"]
    content_panels = [*Page.content_panels, FieldPanel("minutes"), FieldPanel("body")]
    parent_page_types = ["lms.CoursePage"]
    subpage_types: list[str] = []
    template = "lms/lesson.html"

    class Meta:
        verbose_name = _("bài học")

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Every saved page has its row; what follows from a change is queued in the same transaction."""
        with transaction.atomic():
            self.lesson = self._row(self.course_page().course)
            result = super().save(*args, **kwargs)
            outbox.enqueue(OutlineQueue, [self.lesson.course.key])
        return result

    def course_page(self) -> CoursePage:
        """The page above."""
        page = self.get_parent().specific
        assert isinstance(page, CoursePage)  # parent_page_types
        return page

    def _row(self, course: Course) -> Lesson:
        """The row it has in this course, else that of the page it translates, else a new one."""
        if self.pk is None and self.lesson_id:
            return self.lesson
        known = LessonPage.objects.filter(translation_key=self.translation_key, lesson__course=course).select_related(
            "lesson__course"
        )
        if page := known.filter(pk=self.pk).first() or known.first():
            return page.lesson
        wanted = keys.wanted(self.slug, self.title)
        key = keys.free(wanted, lambda key: Lesson.objects.filter(course=course, key=key).exists())
        return Lesson.objects.create(course=course, key=key, title=self.title, minutes=self.minutes)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        from lms import reading

        return reading.serve(self, request)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        from lms import reading

        return reading.preview(self, request)
