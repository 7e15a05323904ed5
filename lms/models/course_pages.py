"""The pages of a course: its own and those of its sections.

Of several languages the source page (the one with the earliest id of its translations) decides order and rules.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page

from core import outbox
from core.reading_language import InEveryLanguage
from lms import keys
from lms.blocks import TEXT_FEATURES
from lms.models.course import Course, Level
from lms.models.queues import OutlineQueue
from lms.models.translated import CoursePages, TranslatedPages, as_in_source
from lms.page_forms import AddressedPageForm
from people.models import Audience


class AudiencesField(models.JSONField):
    """A list of audiences, chosen by ticking."""

    def formfield(self, **kwargs: Any) -> forms.Field:
        return forms.MultipleChoiceField(
            label=capfirst(self.verbose_name),
            choices=Audience.choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )


class CoursePage(InEveryLanguage, Page):
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

    level = models.CharField(_("mức độ"), max_length=12, choices=Level, default=Level.BASIC)
    in_order = models.BooleanField(
        _("học lần lượt"), default=False, help_text=_("Bài sau chỉ mở khi người học đã xong bài trước.")
    )

    exclude_fields_in_copy = ["course"]
    override_translatable_fields = as_in_source(
        "slug", "title_en", "summary_en", "topic", "audiences", "hours", "pass_mark", "certificate", "level", "in_order"
    )
    objects = CoursePages()
    base_form_class = AddressedPageForm
    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("body"),
        MultiFieldPanel([FieldPanel("title_en"), FieldPanel("summary_en")], heading=_("Giới thiệu bằng tiếng Anh")),
        MultiFieldPanel([FieldPanel("topic"), FieldPanel("audiences"), FieldPanel("level")], heading=_("Dành cho ai")),
        MultiFieldPanel(
            [FieldPanel("hours"), FieldPanel("pass_mark"), FieldPanel("certificate"), FieldPanel("in_order")],
            heading=_("Quy định của khóa học"),
        ),
        InlinePanel("required", heading=_("Phải học xong trước khi vào khóa này"), label=_("Khóa học")),
    ]
    parent_page_types = ["lms.CourseIndexPage"]
    subpage_types = ["lms.SectionPage", "lms.LessonPage"]
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
        return Course.objects.create(key=key, title=self.title, published=False, language=self.locale.language_code)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from lms import catalogue

        return {**super().get_context(request, *args, **kwargs), **catalogue.course_context(self, request)}


class CoursePrerequisite(Orderable):
    """A course that must be finished before this one is entered."""

    page = ParentalKey(CoursePage, on_delete=models.CASCADE, related_name="required")
    course_page = models.ForeignKey(CoursePage, verbose_name=_("khóa học"), on_delete=models.CASCADE, related_name="+")

    panels = [PageChooserPanel("course_page", "lms.CoursePage")]

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["page", "course_page"], name="lms_prerequisite_once")]

    def __str__(self) -> str:
        return str(self.course_page_id)

    def clean(self) -> None:
        """No course waits for itself, by whatever way round."""
        super().clean()
        if self.page_id and self.course_page_id and self.course_page.course.waits_for(self.page.course_id):
            raise ValidationError({"course_page": _("Khóa học này lại phải học sau chính khóa đang soạn.")})


class SectionPage(InEveryLanguage, Page):
    """A part of a course with lessons of its own. Readers meet it as a heading in the list of lessons."""

    summary = models.TextField(_("tóm tắt"), blank=True)

    override_translatable_fields = as_in_source("slug")
    objects = TranslatedPages()
    base_form_class = AddressedPageForm
    content_panels = [*Page.content_panels, FieldPanel("summary")]
    parent_page_types = ["lms.CoursePage"]
    subpage_types = ["lms.LessonPage"]

    class Meta:
        verbose_name = _("phần của khóa học")

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """A section that goes or comes takes its lessons along."""
        with transaction.atomic():
            result = super().save(*args, **kwargs)
            outbox.enqueue(OutlineQueue, [self.course_page().course.key])
        return result

    def course_page(self) -> CoursePage:
        """The page above."""
        return CoursePage.objects.select_related("course").parent_of(self).get()

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """It is a heading of the course's page."""
        return redirect(f"{self.course_page().get_url(request)}#{self.slug}")
