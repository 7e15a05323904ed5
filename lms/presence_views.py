"""What learners do in a class: say that they are here, and come in by a shared link."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from lms import attendance, joining, learning, presence_codes, sharing
from lms.attendance import Said
from lms.exceptions import CohortClosed, CohortFull, UnknownPresenceCode
from lms.models import THERE, Attendance, Mark, Presence, Session
from people.merging import accounts_of
from people.models import User

LATE = timedelta(minutes=15)  # after the beginning


def here(request: HttpRequest, session: UUID, code: str) -> HttpResponse:
    """The learner read the QR on the screen. The page asks; the press of its button is the presence."""
    row = get_object_or_404(Session.objects.select_related("cohort__course", "cohort__group"), uuid=session)
    in_time = presence_codes.has_ticket(request, row)
    if not in_time:
        try:
            presence_codes.check(row.uuid, code)
        except UnknownPresenceCode:
            standing = _standing(row, request)
            return render(request, "lms/classes/too_late.html", {"standing": standing}, status=410)
    if not isinstance(request.user, User):
        response = _come_in(request, row)
    elif request.method == "POST":
        response = _be_here(request, row, request.user)
    else:
        context = {
            "session": row,
            "cohort": row.cohort,
            "standing": _standing(row, request),
            "is_member": joining.is_member(row.cohort, request.user),
            "may_join": row.cohort.join_open,
        }
        response = render(request, "lms/classes/here.html", context)
    if not in_time:
        presence_codes.give_ticket(response, row, request)
    return response


def _come_in(request: HttpRequest, session: Session) -> HttpResponse:
    """Signed out: by the sign-in page, or by telephone number where the class takes people so; both lead back here."""
    sign_in = redirect_to_login(request.get_full_path())
    try:
        joining.ensure_open(session.cohort)
    except CohortClosed:
        return sign_in
    context = {"session": session, "cohort": session.cohort, "sign_in": sign_in.url}
    return render(request, "lms/classes/here.html", context)


def _standing(session: Session, request: HttpRequest) -> Attendance | None:
    """That the learner is there is written already."""
    if not isinstance(request.user, User):
        return None
    return session.attendances.filter(learner__in=accounts_of(request.user), state__in=THERE).first()


def _be_here(request: HttpRequest, session: Session, learner: User) -> HttpResponse:
    """One presence, however often the button is pressed; who was marked absent and comes after all is there."""
    if session.day != timezone.localdate():
        messages.error(request, _("Buổi học này không phải hôm nay."))
        return redirect(request.path)
    try:
        joining.join(session.cohort, learner)
    except CohortClosed:
        messages.error(request, _("Lớp không nhận thêm người bằng mã. Hãy báo giảng viên ghi tên ông, bà vào lớp."))
        return redirect(request.path)
    except CohortFull:
        messages.error(request, _("Lớp đã đủ người. Hãy báo giảng viên."))
        return redirect(request.path)
    if _standing(session, request) is None:
        is_late = timezone.now() > session.starts_at + LATE
        account = joining.account_in(session.cohort, learner)
        said = Said.now(account, Presence.LATE if is_late else Presence.PRESENT)
        attendance.mark(session, [said], by=learner, how=Mark.How.CODE)
    return redirect(request.path)


def shared(request: HttpRequest, token: str, lesson: str = "") -> HttpResponse:
    """A shared link: into the class, and on to the lesson it names."""
    link = sharing.find(token, lesson)
    if not isinstance(request.user, User):
        context = {"link": link, "cohort": link.cohort, "sign_in": redirect_to_login(request.get_full_path()).url}
        return render(request, "lms/classes/shared.html", context)
    if request.method == "POST":
        try:
            learning.begin(joining.join(link.cohort, request.user))
        except (CohortClosed, CohortFull):
            messages.error(request, _("Lớp không nhận thêm người. Hãy báo giảng viên ghi tên ông, bà vào lớp."))
            return redirect(request.path)
    elif not joining.is_member(link.cohort, request.user):
        return render(request, "lms/classes/shared.html", {"link": link, "cohort": link.cohort})
    return redirect(sharing.goal(link, request))
