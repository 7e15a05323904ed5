"""What a learner asks the trainer at a lesson, and what the trainer answers."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.permission_policies.pages import PagePermissionPolicy

from lms.models.cohort import Cohort
from lms.models.course import Lesson
from lms.models.course_pages import CoursePage
from lms.models.enrolment import Enrolment
from people import roles
from people.merging import accounts_of


def _to_answer(user: Any) -> Q:
    if roles.without_code(user):
        return Q(pk__in=[])
    pages = PagePermissionPolicy().instances_user_has_any_permission_for(user, {"change", "publish"})
    edited = CoursePage.objects.filter(pk__in=pages.order_by().values("pk")).order_by().values("course")
    of_class = Q(cohort__in=Cohort.objects.visible_to(user).order_by().values("pk"))
    return of_class | Q(cohort=None, enrolment__course__in=edited)


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    """Reads of learners' questions."""

    def own(self, user: Any) -> "InquiryQuerySet":
        """What the user asked, under merged accounts too."""
        return self.filter(enrolment__learner__in=accounts_of(user))

    def visible_to(self, user: Any) -> "InquiryQuerySet":
        """One's own, and those that one is to answer."""
        return self.filter(Q(enrolment__learner__in=accounts_of(user)) | _to_answer(user))

    def to_answer(self, user: Any) -> "InquiryQuerySet":
        """Those of the classes that the user runs; outside classes, those of courses that the user edits."""
        return self.filter(_to_answer(user))

    def waiting(self) -> "InquiryQuerySet":
        """Those without an answer, the oldest first."""
        return self.filter(answered_at=None).order_by("asked_at", "pk")


class Inquiry(models.Model):
    """It goes to the class in which the learner takes the course that day, else to the course's editors."""

    LONGEST, LONGEST_ANSWER = 1000, 4000

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, help_text="chosen by the form; sent twice it is one")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="inquiries")
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="inquiries")
    cohort = models.ForeignKey(
        Cohort, verbose_name=_("lớp"), null=True, on_delete=models.SET_NULL, related_name="inquiries"
    )
    text = models.TextField(_("câu hỏi"), max_length=LONGEST)
    asked_at = models.DateTimeField(_("hỏi lúc"), auto_now_add=True)
    answer = models.TextField(_("trả lời"), max_length=LONGEST_ANSWER, blank=True)
    answered_at = models.DateTimeField(_("trả lời lúc"), null=True)
    answered_by = models.UUIDField(null=True, help_text="the uuid of who answered")

    objects = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("câu hỏi của học viên")
        verbose_name_plural = _("câu hỏi của học viên")
        ordering = ["asked_at", "id"]
        indexes = [
            models.Index(fields=["enrolment", "lesson"], name="lms_inquiry_of_lesson"),
            models.Index(fields=["cohort", "asked_at"], name="lms_inquiry_of_cohort"),
        ]

    def __str__(self) -> str:
        return self.text[:60]
