"""The pages through which readers find courses: the catalogue and its programmes."""

from typing import Any

from django.db import models, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, PageChooserPanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page

from core.reading_language import InEveryLanguage
from lms import keys, review
from lms.blocks import TEXT_FEATURES
from lms.models.course import Programme, ProgrammeCourse
from lms.models.translated import TranslatedPages, as_in_source
from lms.page_forms import AddressedPageForm
from people import roles


class CourseIndexPage(InEveryLanguage, Page):
    """The catalogue of courses."""

    introduction = models.TextField(_("lời giới thiệu"), blank=True)

    override_translatable_fields = as_in_source("slug")
    objects = TranslatedPages()
    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    subpage_types = ["lms.CoursePage", "lms.ProgrammePage"]
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
            review.ensure(self)
        return result

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from lms import catalogue

        return {**super().get_context(request, *args, **kwargs), **catalogue.context(self, request)}


class ProgrammePage(InEveryLanguage, Page):
    """A programme as readers see it: why, and its courses in their order with how far the reader is."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+", editable=False)
    summary = models.TextField(_("tóm tắt"), blank=True, help_text=_("Một, hai câu cho danh mục khóa học."))
    body = RichTextField(_("giới thiệu"), blank=True, features=TEXT_FEATURES)

    exclude_fields_in_copy = ["programme"]
    override_translatable_fields = as_in_source("slug")
    objects = TranslatedPages()
    base_form_class = AddressedPageForm
    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("body"),
        InlinePanel("chosen", heading=_("Các khóa học theo thứ tự"), label=_("Khóa học"), min_num=1),
    ]
    parent_page_types = ["lms.CourseIndexPage"]
    subpage_types: list[str] = []
    template = "lms/programme.html"

    class Meta:
        verbose_name = _("chương trình")

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Every saved page has its row, which takes over the published list in the same transaction."""
        with transaction.atomic():
            self.programme = self._row()
            result = super().save(*args, **kwargs)
            self._derive()
        return result

    def _row(self) -> Programme:
        """The row it has, whatever a revision says; else that of the page it translates; else a new one."""
        if self.pk is None and self.programme_id:
            return self.programme
        known = ProgrammePage.objects.filter(translation_key=self.translation_key).select_related("programme")
        if page := known.filter(pk=self.pk).first() or known.first():
            return page.programme
        wanted = keys.wanted(self.slug, self.title)
        key = keys.free(wanted, lambda key: Programme.objects.filter(key=key).exists())
        return Programme.objects.create(key=key, title=self.title)

    def _derive(self) -> None:
        """From the stored source page, since this one may be a draft."""
        page = ProgrammePage.objects.filter(programme=self.programme_id).order_by("pk").first()
        if page is None:
            return
        Programme.objects.filter(pk=self.programme_id).update(published=page.live, title=page.title)
        chosen = ProgrammeChoice.objects.filter(page=page).order_by("sort_order")
        courses = dict.fromkeys(chosen.values_list("course_page__course", flat=True))
        ProgrammeCourse.objects.filter(programme=self.programme_id).delete()
        ProgrammeCourse.objects.bulk_create(
            ProgrammeCourse(programme_id=self.programme_id, course_id=course, position=position)
            for position, course in enumerate(courses, start=1)
        )

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from lms import catalogue

        return {**super().get_context(request, *args, **kwargs), **catalogue.programme_context(self, request)}


class ProgrammeChoice(Orderable):
    """A course that a programme's page names."""

    page = ParentalKey(ProgrammePage, on_delete=models.CASCADE, related_name="chosen")
    course_page = models.ForeignKey(
        "lms.CoursePage", verbose_name=_("khóa học"), on_delete=models.CASCADE, related_name="+"
    )

    panels = [PageChooserPanel("course_page", "lms.CoursePage")]

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["page", "course_page"], name="lms_programme_choice_once")]

    def __str__(self) -> str:
        return str(self.course_page_id)
