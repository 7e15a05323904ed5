"""The pages of who runs classes, for the phone first: list, class, attendance, the screen with the changing QR."""

from uuid import UUID, uuid4, uuid5

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lms import attendance, class_doors, class_pages, joining, marks, presence_codes, qr, sharing, timetable
from lms.attendance import Said
from lms.class_doors import for_trainers, of_class, of_session
from lms.class_forms import FindPersonForm, NewSessionForm, SessionForm
from lms.exceptions import CohortFull
from lms.models import Cohort, Mark, Presence, Session
from people.models import User

MOST_ADDED = 25  # people put into a class at once, more than the page offers: the transaction stays short
KEPT_SESSIONS = 12  # attendance lists that the phone keeps for days without signal: those of today and the next ones


@require_safe
@for_trainers
def index(request: HttpRequest) -> HttpResponse:
    """Classes that the user runs, the newest first."""
    page = class_pages.page_with_counts(Cohort.objects.visible_to(request.user), request.GET.get("page", ""))
    return render(request, "lms/classes/index.html", {"page": page, "today": timezone.localdate()})


@require_safe
@of_class
def show(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """One class: its sessions, its people, its code."""
    today = timezone.localdate()
    sessions = class_pages.sessions_of(cohort)
    page = class_pages.page_of(class_pages.people_of(cohort, request.user), request.GET.get("page", ""))
    coming = [session for session in sessions if session.day >= today]
    context = {
        "cohort": cohort,
        "sessions": sessions,
        "kept": coming[:KEPT_SESSIONS] or sessions[-1:],
        "next": next(iter(coming), None),
        "page": page,
        "people": class_pages.learners(cohort, page),
        "hidden": class_pages.hidden_people(cohort, page.paginator.count),
        "places_left": joining.places_left(cohort),
        "today": today,
    }
    return render(request, "lms/classes/class.html", context)


@of_class
def new_session(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """Put sessions into the timetable."""
    blank = Session(cohort=cohort, place=cohort.place, day=timezone.localdate())
    form = NewSessionForm(request.POST or None, instance=blank)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = timetable.add(
            cohort,
            day=data["day"],
            starts=data["starts"],
            ends=data["ends"],
            hours=data["hours"],
            title=data["title"],
            place=data["place"],
            lesson=data.get("lesson"),
            times=data["times"] or 1,
            by=_user(request),
        )
        messages.success(request, _("Đã thêm %(count)s buổi học.") % {"count": len(made)})
        return redirect("lms:class", cohort.uuid)
    return render(request, "lms/classes/session_form.html", {"cohort": cohort, "form": form, "session": None})


@of_session
def change_session(request: HttpRequest, session: Session) -> HttpResponse:
    """Move a session, or take it away while nobody is marked."""
    if request.method == "POST" and "remove" in request.POST:
        if timetable.remove(session, by=_user(request)):
            messages.success(request, _("Đã xóa buổi học."))
        else:
            messages.error(request, _("Buổi học này đã có người được điểm danh nên không xóa được."))
        return redirect("lms:class", session.cohort.uuid)
    form = SessionForm(request.POST or None, instance=session)
    if request.method == "POST" and form.is_valid():
        timetable.change(session, by=_user(request), **{name: form.cleaned_data[name] for name in form.fields})
        messages.success(request, _("Đã lưu buổi học."))
        return redirect("lms:class", session.cohort.uuid)
    return render(
        request, "lms/classes/session_form.html", {"cohort": session.cohort, "form": form, "session": session}
    )


@of_session
def roll(request: HttpRequest, session: Session) -> HttpResponse:
    """The attendance list. The form works alone; with the script marks are kept on the phone and sent one by one."""
    seen = User.objects.visible_to(request.user)
    people = seen.filter(pk__in=attendance.roll_keys(session)).order_by("full_name", "id")
    page = class_pages.page_of(people, request.GET.get("page", ""), class_pages.ROLL)
    if request.method == "POST":
        return _keep_list(request, session, list(page))
    standing = {row.learner_id: row for row in session.attendances.filter(learner__in=list(page))}
    context = {
        "session": session,
        "cohort": session.cohort,
        "page": page,
        "rows": [{"person": person, "row": standing.get(person.pk)} for person in page],
        "choices": class_pages.choices_of_presence(),
        "summary": [(label, attendance.summary(session)[value]) for value, label in Presence.choices],
        "event": uuid4(),
        "is_coming": session.day > timezone.localdate(),
    }
    return render(request, "lms/classes/roll.html", context)


def _keep_list(request: HttpRequest, session: Session, people: list[User]) -> HttpResponse:
    """What differs from what the form showed; an event id made from the form's, so a form sent twice is one."""
    if session.day > timezone.localdate():
        messages.error(request, _("Buổi học chưa đến ngày nên chưa điểm danh được."))
        return redirect(request.get_full_path())
    try:
        event = UUID(request.POST.get("event", ""))
    except ValueError:
        event = uuid4()
    everybody = request.POST.get("all") == Presence.PRESENT
    said = []
    for person in people:
        was, was_note = request.POST.get(f"was-{person.uuid}", ""), request.POST.get(f"wasnote-{person.uuid}", "")
        state, note = request.POST.get(f"state-{person.uuid}", ""), request.POST.get(f"note-{person.uuid}", "")
        state = state or (Presence.PRESENT if everybody else "")
        if state in Presence.values and (state, note) != (was, was_note):
            clean = note.replace("\0", "").strip()[: marks.NOTE]
            said.append(Said(person, state, timezone.now(), uuid5(event, str(person.uuid)), clean))
    attendance.mark(session, said, by=_user(request), how=Mark.How.LIST)
    messages.success(request, _("Đã lưu điểm danh: %(count)s người.") % {"count": len(said)})
    return redirect(request.get_full_path())


@require_POST
def receive_marks(request: HttpRequest) -> HttpResponse:
    """What a phone kept; 401 where it must sign in again first: then it keeps what it has."""
    if door := class_doors.shut(request):
        return JsonResponse({"sign_in": door.partition("?")[0]}, status=401)
    answers = marks.receive(request.body, by=_user(request))
    return JsonResponse({"answers": [answer.as_data() for answer in answers]})


@require_safe
@of_session
def history(request: HttpRequest, session: Session) -> HttpResponse:
    """Every mark of the session, with who made it and when."""
    seen = User.objects.visible_to(request.user).filter(pk__in=session.marks.order_by().values("learner"))
    rows = session.marks.filter(learner__in=seen).select_related("learner").order_by("-at", "-id")
    page = class_pages.page_of(rows, request.GET.get("page", ""), class_pages.ROLL)
    names = dict(User.objects.filter(uuid__in={row.by for row in page if row.by}).values_list("uuid", "full_name"))
    lines = [{"mark": row, "by": names.get(row.by, "")} for row in page]
    return render(
        request,
        "lms/classes/history.html",
        {"session": session, "cohort": session.cohort, "page": page, "lines": lines},
    )


@require_safe
@of_session
def screen(request: HttpRequest, session: Session) -> HttpResponse:
    """The QR that changes; the page loads itself again, without a script too."""
    path = reverse("lms:here", args=[session.uuid, presence_codes.code(session)])
    context = {
        "session": session,
        "cohort": session.cohort,
        "picture": qr.svg(request.build_absolute_uri(path)),
        "seconds": presence_codes.seconds_left(),
        "there": sum(attendance.summary(session)[state] for state in (Presence.PRESENT, Presence.LATE)),
        "total": attendance.roll(session).count(),
        "is_today": session.day == timezone.localdate(),
    }
    return render(request, "lms/classes/screen.html", context)


@of_class
def add_people(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """Find people and put them into the class."""
    form = FindPersonForm(request.GET or None)
    if request.method == "POST":
        ticked = _uuids(request.POST.getlist("person"))[:MOST_ADDED]
        chosen = User.objects.visible_to(request.user).filter(uuid__in=ticked)
        try:
            added = joining.add(cohort, chosen, by=_user(request))
        except CohortFull as full:
            messages.error(request, _("Lớp chỉ còn %(left)s chỗ.") % {"left": full.left})
        else:
            messages.success(request, _("Đã thêm %(count)s người vào lớp.") % {"count": added})
        return redirect(request.get_full_path())
    found = form.found(request.user) if form.is_bound and form.is_valid() else []
    inside = set(
        class_pages.people_of(cohort, request.user)
        .filter(pk__in=[person.pk for person in found])
        .values_list("pk", flat=True)
    )
    context = {"cohort": cohort, "form": form, "found": found, "inside": inside}
    return render(request, "lms/classes/add.html", context)


@require_POST
@of_class
def remove_person(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """The person leaves the class; what was learned stays."""
    people = class_pages.people_of(cohort, request.user)
    person = get_object_or_404(people, uuid__in=_uuids([request.POST.get("person", "")]))
    joining.leave(cohort, person, by=_user(request))
    messages.success(request, _("%(name)s đã ra khỏi lớp. Kết quả học vẫn được giữ.") % {"name": person})
    return redirect("lms:class", cohort.uuid)


@require_POST
@of_class
def door(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """Open or close the code, or make a new one."""
    match request.POST.get("do"):
        case "open" | "close" as word:
            joining.set_open(cohort, is_open=word == "open", by=_user(request))
        case "renew":
            joining.renew_code(cohort, by=_user(request))
            messages.success(request, _("Lớp đã có mã mới. Mã cũ không dùng được nữa."))
    return redirect("lms:share", cohort.uuid)


@require_safe
@of_class
def share(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """The link and QR to give out, of the class or of the lesson in ?lesson=."""
    return render(request, "lms/classes/share.html", sharing.context(cohort, request))


@require_safe
@of_class
def poster(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """The same as a sheet of A4 for the wall."""
    return render(request, "lms/classes/poster.html", sharing.context(cohort, request))


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: it stands here so that it reaches the pages of classes and nothing else."""
    response = render(request, "lms/classes/worker.js", content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # the doors let nobody else in
    return request.user


def _uuids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
