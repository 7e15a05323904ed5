"""What a learner does beside reading: notes, marks, questions to the trainer, and how far they read."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from lms import addresses, inquiries, notes, places
from lms.exceptions import TooLong, TooMany
from lms.lesson_door import for_learners
from lms.models import Enrolment, Lesson
from lms.views import event_of


@for_learners("POST")
def note(request: HttpRequest, own: Enrolment, lesson: Lesson) -> HttpResponse:
    """Keep the learner's note and show the lesson again there."""
    try:
        notes.write(own, lesson, request.POST.get("text", ""), seen=request.POST.get("seen", ""))
    except TooLong as error:
        return _too_long(request, lesson, error)
    messages.success(request, _("Đã lưu ghi chú."))
    return redirect(f"{addresses.lesson_url(lesson, request)}#ghi-chu")


@for_learners("POST")
def bookmark(request: HttpRequest, own: Enrolment, lesson: Lesson) -> HttpResponse:
    """Put the learner's mark in the lesson, or take it away."""
    notes.bookmark(own, lesson, on=request.POST.get("on") == "1")
    return redirect(f"{addresses.lesson_url(lesson, request)}#ghi-chu")


@for_learners("POST")
def ask(request: HttpRequest, own: Enrolment, lesson: Lesson) -> HttpResponse:
    """Ask the trainer and show the lesson again at the question."""
    try:
        asked = inquiries.ask(own, lesson, request.POST.get("text", ""), event=event_of(request))
    except TooLong as error:
        return _too_long(request, lesson, error)
    except TooMany:
        return _keep_text(
            request, lesson, _("Ông, bà đã gửi nhiều câu hỏi trong một giờ qua. Xin gửi lại sau ít phút."), 429
        )
    if asked is None:
        messages.error(request, _("Ông, bà chưa viết câu hỏi."))
    else:
        messages.success(request, _("Đã gửi câu hỏi. Câu trả lời sẽ hiện ở bài này và ở trang Của tôi."))
    return redirect(f"{addresses.lesson_url(lesson, request)}#hoi")


@for_learners("POST")
def place(request: HttpRequest, own: Enrolment, lesson: Lesson) -> HttpResponse:
    """The script of the lesson says how far the learner read."""
    return HttpResponse(status=204 if places.keep(own, lesson, request.POST.get("block", "")) else 400)


def _too_long(request: HttpRequest, lesson: Lesson, error: TooLong) -> HttpResponse:
    reason = _("Đoạn viết dài quá %(most)s ký tự. Xin rút ngắn rồi gửi lại.") % {"most": error.most}
    return _keep_text(request, lesson, reason, 400)


def _keep_text(request: HttpRequest, lesson: Lesson, reason: str, status: int) -> HttpResponse:
    """What was written stands in the form again, with the reason why it was not taken."""
    context = {
        "lesson": lesson,
        "lesson_url": addresses.lesson_url(lesson, request),
        "reason": reason,
        "text": request.POST.get("text", ""),
        "kept": {name: request.POST[name] for name in ("seen", "event") if name in request.POST},
    }
    return render(request, "lms/kept_text.html", context, status=status)
