"""Into a class with its code and one's telephone number: /learn/join/ and what its QR leads to, /learn/join/CODE/.

The code and the number alone open only the account of a member that has no secret of its own: no PIN or password, no
identity of the national provider, no role of staff. Who has one gives it too. Everybody else gets the same page,
whether the number is known or not: it takes a PIN, or leads to a request for an account in this class.
"""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from core import addresses, ratelimit
from lms import joining, presence_codes, sharing
from lms.exceptions import CohortClosed, CohortFull, UnknownCode
from lms.join_forms import CodeForm, PhoneForm
from lms.models import Cohort
from people import consent, second_factor
from people.exceptions import MayNotEnter
from people.models import User
from people.sign_in import enter
from people.views.registration import bind

WRONG_CODES = 200  # an hour from one address: a class that mistypes is below it, and 24^8 codes are far above
TRIES = 600  # an hour for one class from one address: numbers cannot be tried through, nor the class shut by others
TRIES_OF_ONE = 10  # an hour for one number in one class


@never_cache
def ask_code(request: HttpRequest) -> HttpResponse:
    """The form for the code that stands on the poster."""
    form = CodeForm(request.POST or None)
    if form.is_valid() and (cohort := _find(request, form.cleaned_data["code"], form)):
        return redirect("lms:join_class", code=cohort.join_code)
    return render(request, "lms/join_code.html", {"form": form})


@never_cache
@sensitive_post_parameters("password")
def join(request: HttpRequest, code: str) -> HttpResponse:
    """The class of the code. A member enters by number; who is signed in enters the class."""
    form = CodeForm({"code": code})
    cohort = _find(request, code, form) if form.is_valid() else None
    if cohort is None:
        return render(request, "lms/join_code.html", {"form": form}, status=404)
    if isinstance(request.user, User):
        return redirect("lms:shared", token=cohort.share_token)
    phone = PhoneForm(request.POST or None)
    if not phone.is_valid() or not _may_try(request, cohort, phone):
        return render(request, "lms/join.html", {"cohort": cohort, "form": phone})
    return _by_number(request, cohort, phone)


def _by_number(request: HttpRequest, cohort: Cohort, phone: PhoneForm) -> HttpResponse:
    number = phone.cleaned_data["phone"]
    if "register" in request.POST and settings.SELF_REGISTRATION:
        bind(request, cohort.group, phone=number)
        return redirect("account_signup")
    if phone.cleaned_data["password"]:
        return _by_secret(request, cohort, phone)
    member = User.objects.learners().filter(phone=number, is_active=True, pin="").first()
    if member and _is_open_to(cohort, member):
        return _enter_class(request, cohort, member)
    phone.ask_secret()
    return render(request, "lms/join.html", _context(cohort, phone))


def _find(request: HttpRequest, code: str, form: Any) -> Cohort | None:
    """The class that takes people today; else the form says why not."""
    try:
        cohort = joining.find(code)
    except UnknownCode:
        if ratelimit.take("join code", addresses.of(request), limit=WRONG_CODES, seconds=3600):
            form.add_error("code", _("Không có lớp nào dùng mã này. Hãy xem lại mã trên tờ giấy của lớp."))
        else:
            form.add_error("code", _("Đã thử quá nhiều mã sai. Xin thử lại sau một giờ."))
        return None
    except CohortClosed:
        cohort = None
    if cohort is None or cohort.since > timezone.localdate():
        form.add_error("code", _("Lớp chưa mở, đã kết thúc, hoặc không nhận người bằng mã. Hãy hỏi giảng viên."))
        return None
    return cohort


def _may_try(request: HttpRequest, cohort: Cohort, form: PhoneForm) -> bool:
    number = form.cleaned_data["phone"]
    counted = [
        ratelimit.take("join", f"{cohort.pk} {addresses.of(request)}", limit=TRIES, seconds=3600),
        ratelimit.take("join", f"{cohort.pk} {number}", limit=TRIES_OF_ONE, seconds=3600),
    ]
    if not all(counted):
        form.add_error(None, _("Đã thử quá nhiều lần. Xin thử lại sau một giờ, hoặc hỏi giảng viên."))
    return all(counted)


def _is_open_to(cohort: Cohort, member: User) -> bool:
    """Whether code and number are enough: a member without any secret of their own."""
    if member.has_usable_password() or not joining.is_member(cohort, member):
        return False
    return not SocialAccount.objects.filter(user=member).exists()


def _by_secret(request: HttpRequest, cohort: Cohort, form: PhoneForm) -> HttpResponse:
    """Number and PIN or password, with the limits of the sign-in page; then into the class."""
    form.ask_secret()
    try:
        user = get_adapter().authenticate(
            request, username=form.cleaned_data["phone"], password=form.cleaned_data["password"]
        )
    except ValidationError as error:
        form.add_error("password", error)
    else:
        if isinstance(user, User):
            return _enter_class(request, cohort, user)
        form.add_error("password", _("Số điện thoại hoặc mã PIN chưa đúng."))
    return render(request, "lms/join.html", _context(cohort, form))


def _enter_class(request: HttpRequest, cohort: Cohort, user: User) -> HttpResponse:
    try:
        response = enter(request, user, method=second_factor.CLASS_CODE)
    except MayNotEnter:  # staff sign in on their own page, with their second factor
        return redirect("account_login")
    if request.user != user:  # a second factor comes first
        return response
    try:
        joining.join(cohort, user)
    except (CohortClosed, CohortFull):
        messages.error(request, _("Lớp không nhận thêm người. Hãy báo giảng viên ghi tên ông, bà vào lớp."))
        return redirect("home:my")
    goal = _presence(request, cohort) or sharing.goal(sharing.of(cohort), request)
    return consent.page(request, goal) if consent.is_due(user) else redirect(goal)


def _presence(request: HttpRequest, cohort: Cohort) -> str:
    """Back to the presence page of the class's session whose QR this browser read a short while ago, else empty.

    The browser's ticket opens that page, not the address: sent to somebody else, it marks nobody.
    """
    read = presence_codes.session_of_ticket(request)
    is_ours = read is not None and cohort.sessions.filter(uuid=read).exists()
    return reverse("lms:here", args=[read, "ve"]) if is_ours else ""


def _context(cohort: Cohort, form: PhoneForm) -> dict[str, Any]:
    return {"cohort": cohort, "form": form, "secret": True, "may_register": settings.SELF_REGISTRATION}
