"""What waits for those who look after people, on the admin's first page."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from core.admin_home import Waiting, counted
from people import settling
from people.admin_cards import may_give
from people.admin_settling import PERMISSION
from people.models import Registration


def waiting(request: HttpRequest) -> Iterator[Waiting]:
    """Requests for accounts, and people whose place has to be settled."""
    if may_give(request.user):
        asked = Registration.objects.visible_to(request.user)
        yield Waiting(_("Đơn đăng ký chờ xác nhận"), reverse("people_registrations:list"), counted(asked))
    if request.user.has_perm(PERMISSION):
        moved = settling.waiting("people", request.user)
        yield Waiting(_("Người cần xếp địa bàn"), reverse("people_settling:index"), counted(moved))
