"""What a person is told at the first sign-in about their data, and that they were told.

The wording is versioned by PURPOSE: a new wording is shown to everybody once more.
"""

from django.db import transaction

from people.models import Consent, User

PURPOSE = "Tổ chức học tập và báo cáo kết quả theo Quyết định 1087/QĐ-TTg"
LAW = "Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15"


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
