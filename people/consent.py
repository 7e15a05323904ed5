"""What a person is told at the first sign-in about their data, and that they were told.

The wording is versioned by PURPOSE: a new wording is shown to everybody once more.
"""

from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from core import reading_language
from people.models import Consent, User

PURPOSE = "Tổ chức học tập và báo cáo kết quả theo Quyết định 1087/QĐ-TTg"
LAW = "Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15"
DUE = "people_consent_due"  # in the session: the page was shown and not answered yet
OWN = ("/my/", "/learn/")  # where pages are one person's


def is_due(user: User) -> bool:
    """Whether the person was not told yet."""
    return not given_by(user)


def given_by(user: User) -> Consent | None:
    """The person's agreement that holds, if there is one."""
    return Consent.objects.filter(person=user, purpose=PURPOSE, withdrawn_at=None).order_by("given_at").first()


@transaction.atomic
def record(user: User) -> None:
    """The person has read the page and agrees. Once is enough."""
    if is_due(user):
        Consent.objects.create(person=user, purpose=PURPOSE, basis=Consent.Basis.CONSENT, document=LAW)


def page(request: HttpRequest, goal: str) -> HttpResponse:
    """To the page that asks, and then to the goal; nothing else is open in this session before it was answered."""
    request.session[DUE] = True
    return redirect(reverse("people_consent", query={"next": goal}))


class ConsentFirstMiddleware:
    """Who was shown the page at sign-in reaches their own pages after they have answered it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = reading_language.in_language(request.path_info, settings.LANGUAGE_CODE)
        if path.startswith(OWN) and request.session.get(DUE) and request.user.is_authenticated:
            if is_due(request.user):
                return page(
                    request, request.get_full_path() if request.method == "GET" else settings.LOGIN_REDIRECT_URL
                )
            del request.session[DUE]
        return self.get_response(request)
