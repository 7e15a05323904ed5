"""Ways by which a message reaches a person. Another way is another class here, and a line in BY_NAME."""

from typing import Any, Protocol

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.templatetags.look import localised
from lms.models import Delivery
from people import consent
from people.models import User

SALT = "lms.channels.no_email"


class Channel(Protocol):
    """name is kept with each delivery; label is for people."""

    name: str
    label: Any
    reaches: Q  # the condition on User

    def send(self, delivery: Delivery) -> None:
        """Outside any transaction. Raises what went wrong; its text is kept, so it holds no personal data."""


class OnPage:
    """On the learner's own page: the delivery itself is what is shown."""

    name = "page"
    label = gettext_lazy("Trên trang Của tôi")
    reaches = Q()

    def send(self, delivery: Delivery) -> None:
        """Nothing to do."""


class ByEmail:
    """One e-mail to each, who sees no other's address, with a way out."""

    name = "email"
    label = gettext_lazy("Thư điện tử")
    reaches = Q(email__isnull=False, no_email=None) & ~consent.is_withdrawn()

    def send(self, delivery: Delivery) -> None:
        """In the person's language where we have it."""
        person, message = delivery.person, delivery.message
        language = person.language if person.language in dict(settings.INTERFACE_LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            way_out = settings.BASE_URL + reverse("lms:no_email", args=[no_email_token(person)])
            page = settings.BASE_URL + localised("/my/")
            about = _("Trả lời câu hỏi của ông, bà trong khóa học %(name)s") if message.inquiry else "%(name)s"
            closing = [
                about % {"name": message.about},
                _("Người gửi: %(name)s") % {"name": message.sender},
                _("Xem trên trang Của tôi: %(page)s") % {"page": page},
                _("Không muốn nhận thư nữa: %(url)s") % {"url": way_out},
            ]
        mail = EmailMessage(
            subject=message.subject.replace("\n", " "),
            body="\n".join([message.body, "", "-- ", *closing, ""]),
            to=[person.email or ""],
            headers={"List-Unsubscribe": f"<{way_out}>"},
        )
        mail.send()


CHANNELS: tuple[Channel, ...] = (OnPage(), ByEmail())
BY_NAME = {channel.name: channel for channel in CHANNELS}


def no_email_token(person: User) -> str:
    """For the link in each e-mail; it says whose it is without naming the person."""
    return signing.dumps(str(person.uuid), salt=SALT)


def person_of_token(token: str) -> User | None:
    """Whose link it is; None for one that is not ours."""
    try:
        return User.objects.filter(uuid=signing.loads(token, salt=SALT)).first()
    except signing.BadSignature:
        return None
