"""The recording in which a lesson is read out, in the language of its page: each translation has its own."""

from django.db import transaction

from lms.models import LessonMedia, LessonPage
from people.models import User


@transaction.atomic
def give(page: LessonPage, narration: LessonMedia | None, *, by: User) -> None:
    """Give it to a page that is being translated, or take it away; where the page is live, readers hear it at once.

    Raises ValidationError where it is a film.
    """
    page.narration = narration
    revision = page.save_revision(user=by, log_action=True)
    if page.live:
        revision.publish(user=by)
    else:
        page.save()  # translations are made of the row
