"""Rules of collections: which records belong, as a condition on the record's columns and derived headings.

{"language": ["tyz"], "subject": ["Người Tày", "Tày"], "material": ["book"], "year_from": 1945}

Every key must fit, by any of its values. Subjects, genres, people and places are headings as records write them, or
any name of an authority that records are linked to.
"""

import re
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from library.headings import key
from library.models import AuthorityName, Heading, HeadingKind, Record

HEADINGS = {
    "subject": (HeadingKind.SUBJECT, HeadingKind.TITLE),
    "place": (HeadingKind.PLACE,),
    "genre": (HeadingKind.GENRE,),
    "name": (HeadingKind.PERSON, HeadingKind.BODY, HeadingKind.MEETING),
}
LABELS = {
    "subject": _("Chủ đề"),
    "place": _("Địa danh"),
    "genre": _("Thể loại"),
    "name": _("Người, cơ quan"),
    "language": _("Ngôn ngữ"),
    "material": _("Loại tài liệu"),
    "year_from": _("Từ năm"),
    "year_to": _("Đến năm"),
}
LANGUAGE_CODE = re.compile("[a-z]{3}")

Rule = dict[str, Any]


def condition(rule: Rule) -> Q:
    """The records that the rule takes; an empty rule takes none."""
    if not rule:
        return Q(pk__in=[])
    found = Q()
    for name, kinds in HEADINGS.items():
        if values := rule.get(name):
            found &= _has_heading(kinds, values)
    if codes := rule.get("language"):
        spoken = Heading.objects.filter(record=OuterRef("pk"), kind=HeadingKind.LANGUAGE, key__in=codes)
        found &= Q(Exists(spoken))
    if materials := rule.get("material"):
        found &= Q(material__in=materials)
    if (first := rule.get("year_from")) is not None:
        found &= Q(year__gte=first)
    if (last := rule.get("year_to")) is not None:
        found &= Q(year__lte=last)
    return found


def _has_heading(kinds: tuple[str, ...], values: list[str]) -> Q:
    keys = [compared for value in values if (compared := key(value))]
    named = AuthorityName.objects.filter(key__in=keys).values("authority")
    headings = Heading.objects.filter(record=OuterRef("pk"), kind__in=kinds)
    return Q(Exists(headings.filter(Q(key__in=keys) | Q(authority__in=named))))


def taken(rule: Rule) -> Any:
    """The records that the rule takes, as a queryset: ours and harvested ones, drafts too."""
    return Record.objects.bibliographic().filter(condition(rule), deleted_at=None)
