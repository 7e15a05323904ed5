"""Writes what a learner keeps at a lesson: a note, a mark in it."""

from django.db import transaction

from lms.exceptions import TooLong
from lms.models import Bookmark, Enrolment, Lesson, Note
from people.models import User


def write(enrolment: Enrolment, lesson: Lesson, text: str, *, seen: str = "") -> None:
    """Keep the note; an empty one is thrown away. Raises TooLong.

    seen: the note as the form showed it. Where another device has written since, both texts stay, one under the other.
    """
    text = _plain(text)
    with transaction.atomic():
        standing = Note.objects.select_for_update().filter(enrolment=enrolment, lesson=lesson).first()
        if standing and standing.text not in (_plain(seen), text):
            text = f"{standing.text}\n\n{text}".strip()
        if len(text) > Note.LONGEST:
            raise TooLong(Note.LONGEST)
        if text:
            Note.objects.update_or_create(enrolment=enrolment, lesson=lesson, defaults={"text": text})
        elif standing:
            standing.delete()


def bookmark(enrolment: Enrolment, lesson: Lesson, *, on: bool) -> None:
    """Put the mark, or take it away; twice is once."""
    if on:
        Bookmark.objects.get_or_create(enrolment=enrolment, lesson=lesson)
    else:
        Bookmark.objects.filter(enrolment=enrolment, lesson=lesson).delete()


def forget(*, person: User, **_signal: object) -> None:
    """Receiver of people.signals.person_erased."""
    for model in (Note, Bookmark):
        model.objects.filter(enrolment__learner=person).delete()


def _plain(text: str) -> str:
    """As it is kept: browsers send line ends of their own."""
    return text.replace("\r\n", "\n").replace("\0", "").strip()
