"""What waits for a trainer, on the admin's first page."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.admin_home import Waiting, counted
from lms import admin_classes, admin_grading, admin_inquiries
from lms.models import Answer, Inquiry, Session


def waiting(request: HttpRequest) -> Iterator[Waiting]:
    """Today's sessions of one's classes, work to grade, and questions to answer."""
    if request.user.has_perm(admin_classes.VIEW):
        today = Session.objects.visible_to(request.user).filter(day=timezone.localdate())
        yield Waiting(_("Buổi học hôm nay"), reverse("lms:classes"), counted(today))
    if request.user.has_perm(admin_grading.MAY_GRADE):
        answers = Answer.objects.visible_to(request.user).filter(waits=True)
        yield Waiting(_("Bài chờ chấm"), reverse("lms_grading:queue"), counted(answers))
    if request.user.has_perm(admin_inquiries.MAY_ANSWER):
        asked = Inquiry.objects.to_answer(request.user).waiting()
        yield Waiting(admin_inquiries.TITLE, reverse("lms_inquiries:list"), counted(asked))
