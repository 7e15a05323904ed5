"""What a person is told at the first sign-in about their data, and that they were told.

The wording is versioned by PURPOSE: a new wording is shown to everybody once more. Who takes the agreement back is
asked again before their own pages open; what was recorded stays until they ask for erasure (people.erasure).
"""

from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from core import audit, reading_language
from people import sessions
from people.merging import accounts_of
from people.models import Consent, User

PURPOSE = "Tổ chức học tập và báo cáo kết quả theo Quyết định 1087/QĐ-TTg"
LAW = "Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15"
DUE = "people_consent_due"  # in the session: the page was shown and not answered yet
OWN = ("/my/", "/learn/")  # where pages are one person's
OPEN = ("/my/data.json", "/learn/messages/no-email/")  # rights that hang on no agreement: one's data, no more e-mails


def is_due(user: User) -> bool:
    """Whether the person was not told yet."""
    return not given_by(user)


def given_by(user: User) -> Consent | None:
    """The person's agreement that holds, if there is one."""
    return _of(user).filter(purpose=PURPOSE, withdrawn_at=None).order_by("given_at").first()


def last_withdrawn(user: User) -> Consent | None:
    """The agreement that the person took back last."""
    return _of(user).filter(purpose=PURPOSE).exclude(withdrawn_at=None).order_by("withdrawn_at").last()


def in_force(user: User) -> list[Consent]:
    """Why we keep what of the person today, each purpose and basis once with its first day."""
    rows = _of(user).filter(withdrawn_at=None).order_by("-given_at", "-pk")
    first = {(row.purpose, row.basis, row.document): row for row in rows}
    return sorted(first.values(), key=lambda row: row.given_at)


def is_withdrawn() -> Q:
    """The condition on User: agreed once, took it back, and has not agreed since."""
    theirs = Q(person=OuterRef("pk")) | Q(person__merged_as__person=OuterRef("pk"))
    rows = Consent.objects.filter(theirs, purpose=PURPOSE)
    return Q(Exists(rows)) & ~Q(Exists(rows.filter(withdrawn_at=None)))


@transaction.atomic
def record(user: User) -> None:
    """The person has read the page and agrees. Once is enough."""
    if is_due(user):
        Consent.objects.create(person=user, purpose=PURPOSE, basis=Consent.Basis.CONSENT, document=LAW)


@transaction.atomic
def withdraw(user: User, request: HttpRequest) -> bool:
    """The person takes back all that they agreed to, in their account and those merged into it; False if nothing held.

    What rests on the law or a contract stays in force. The other sessions end; this one leads to the page that asks.
    """
    given = _of(user).filter(basis=Consent.Basis.CONSENT, withdrawn_at=None)
    keys = list(given.select_for_update(of=("self",)).values_list("pk", flat=True))
    if not keys:
        return False
    Consent.objects.filter(pk__in=keys).update(withdrawn_at=timezone.now())
    audit.record(
        by=user, action="people.withdraw_consent", subject=f"person:{user.uuid}", detail={"agreements": len(keys)}
    )
    sessions.end_others(user, request)
    request.session[DUE] = True
    return True


def _of(user: User) -> QuerySet[Consent]:
    return Consent.objects.filter(person__in=accounts_of(user))


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
        is_own = path.startswith(OWN) and not path.startswith(OPEN)
        if is_own and request.session.get(DUE) and request.user.is_authenticated:
            if is_due(request.user):
                return page(
                    request, request.get_full_path() if request.method == "GET" else settings.LOGIN_REDIRECT_URL
                )
            del request.session[DUE]
        return self.get_response(request)
