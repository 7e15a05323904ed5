"""Taking a quiz. Starting, keeping and handing in are POSTs; an attempt's page shows its form or its result."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lms import addresses, kept, languages, quiz_attempts, quiz_reading
from lms.exceptions import AttemptOver, EmptyQuiz, InvalidAnswer, NoAttemptLeft
from lms.lesson_door import for_learners
from lms.models import Enrolment, Lesson, Quiz, QuizAttempt
from lms.quiz_reading import PLACE
from lms.views import event_of


@for_learners("POST")
def start(request: HttpRequest, own: Enrolment, lesson: Lesson) -> HttpResponse:
    """Begin an attempt, or go on with the one that is open."""
    quiz = get_object_or_404(Quiz.objects.select_related("locale"), lesson=lesson)
    quiz.lesson = lesson
    try:
        attempt = quiz_attempts.start(own, quiz, event=event_of(request), language=languages.preferred(request))
    except NoAttemptLeft:
        messages.error(request, _("Ông, bà đã dùng hết số lần làm bài kiểm tra này."))
    except EmptyQuiz:
        messages.error(request, _("Bài kiểm tra chưa có câu hỏi nào được xuất bản. Xin báo cho giảng viên."))
    else:
        return redirect("lms:quiz_attempt", own.course.key, lesson.key, attempt.number)
    return redirect(f"{addresses.lesson_url(lesson, request)}#{PLACE}")


@for_learners("GET", "POST")
def attempt(request: HttpRequest, own: Enrolment, lesson: Lesson, number: int) -> HttpResponse:
    """An attempt: its form while it is open, then its result."""
    row = get_object_or_404(QuizAttempt, enrolment=own, lesson=lesson, number=number)
    row.enrolment, row.lesson = own, lesson
    if request.method == "POST":
        return kept.of_another() if kept.is_of_another(request) else _send(request, row)
    response = render(request, "lms/quiz/attempt.html", _context(request, row))
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _send(request: HttpRequest, row: QuizAttempt) -> HttpResponse:
    """Keep what was filled in, and hand in where that was pressed. "draft" is the script's way of keeping.

    The time at which the device says it was filled in is not asked: it could say any within the limit.
    """
    do = request.POST.get("do", "")
    page = redirect("lms:quiz_attempt", row.enrolment.course.key, row.lesson.key, row.number)
    try:
        row = quiz_attempts.keep(row, request.POST)
    except InvalidAnswer as error:
        raise BadRequest(str(error)) from error
    except AttemptOver:
        return _over(request, row, page)
    if do == "draft":
        return JsonResponse({"kept": request.POST.getlist("has")})
    if do != "hand-in":
        at = date_format(timezone.localtime(), "H:i")
        messages.success(
            request,
            _("Đã lưu lúc %(time)s. Ông, bà có thể rời trang này và làm tiếp sau, trên máy này hoặc máy khác.")
            % {"time": at},
        )
        return page
    if "sure" not in request.POST and any(each.problem for each in quiz_reading.items(row, review=False)):
        page.headers["Location"] += "?unanswered=1#unanswered"
        return page
    quiz_attempts.hand_in(row)
    return page


def _over(request: HttpRequest, row: QuizAttempt, page: HttpResponse) -> HttpResponse:
    """Too late: what was kept in time is handed in, what comes now is not taken."""
    was_open = row.is_open
    quiz_attempts.hand_in(row)
    if request.POST.get("do") == "draft":
        late = _("Lần làm này đã nộp rồi nên câu trả lời còn giữ trên máy này không được nhận.")
        return JsonResponse({} if quiz_attempts.has_kept(row, request.POST) else {"reason": late}, status=410)
    if was_open and "late" not in request.POST:
        messages.error(
            request,
            _("Đã hết giờ làm bài nên câu trả lời gửi sau giờ không được nhận. Hệ thống đã nộp những câu đã lưu."),
        )
    elif not was_open:
        messages.info(request, _("Lần làm này đã nộp rồi. Kết quả ở dưới đây."))
    return page


def _context(request: HttpRequest, row: QuizAttempt) -> dict[str, Any]:
    standing = quiz_reading.standing(row.enrolment, row.lesson)
    shown = {
        "attempt": row,
        "lesson": row.lesson,
        "course": row.enrolment.course,
        "lesson_url": f"{addresses.lesson_url(row.lesson, request)}#{PLACE}",
        "standing": standing,
        "event": uuid4(),
    }
    if row.is_open and quiz_attempts.is_late(row):
        return shown | {"state": "late"}
    if row.is_open:
        items = quiz_reading.items(row, review=False)
        shown |= {"fonts": languages.fonts(each.language for each in items)}
        unanswered = [each for each in items if each.problem] if "unanswered" in request.GET else []
        return shown | {
            "state": "open",
            "items": items,
            "unanswered": unanswered,
            "seconds": quiz_reading.seconds_left(row),
        }
    may_review = standing.may_review(row)
    items = quiz_reading.items(row, review=True) if may_review else []
    return shown | {"state": "done", "items": items, "fonts": languages.fonts(each.language for each in items)}
