"""Whom a record and what belongs to it are handed out to. One rule for pages, files, formats and OAI-PMH.

Field 506 of our own records speaks: with first indicator 1 access is restricted, to who is signed in where $f says so
("Đăng nhập" or "Registered access"), else to the library's staff. Restricted is what can be read: files, and the
addresses of fields 856 and 857; the description stays public. Records of partners stay as they came: their files lie
there.

Ethnographic material (a genre of CONSENT_GENRES in field 655, or any record with a consent) needs the consent of its
community in force; without one the whole record is hidden, and a consent to the description alone keeps files back.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone

from library.headings import key
from library.marc import DataField, Field, MarcRecord

OPEN, SIGNED_IN, STAFF, HIDDEN = "open", "signed_in", "staff", "hidden"
ADDRESSES = {"856", "857"}
STRICTNESS = (OPEN, SIGNED_IN, STAFF, HIDDEN)
SIGNED_IN_TERMS = frozenset(map(key, ("Đăng nhập", "Bạn đọc đã đăng nhập", "Registered access")))
CONSENT_GENRES = frozenset(map(key, ("Tư liệu dân tộc học", "Tư liệu điền dã", "Hiện vật dân tộc học")))


def catalogues(user: Any) -> bool:
    """Whether the person works with records: sees drafts, hidden records and every file."""
    return bool(user.is_authenticated and user.is_staff and user.has_perm("library.view_record"))


def may_read(access: str, user: Any) -> bool:
    """Whether what belongs to a record of this access is handed out to the person."""
    if access == OPEN:
        return True
    return (access == SIGNED_IN and bool(user.is_authenticated)) or catalogues(user)


def of_marc(marc: MarcRecord) -> str:
    """What field 506 says."""
    restricted = [each for each in marc.data("506") if each.indicator1 == "1"]
    signed_in = [SIGNED_IN_TERMS.intersection(map(key, each.values("f"))) for each in restricted]
    if not restricted:
        return OPEN
    return SIGNED_IN if all(signed_in) else STAFF


def needs_consent(marc: MarcRecord) -> bool:
    """Whether the record describes what its community must have consented to."""
    return any(key(value) in CONSENT_GENRES for each in marc.data("655") for value in each.values("a"))


def of(marc: MarcRecord, *, own: bool, consents: Sequence[str] = (), has_consents: bool = False) -> str:
    """The access of a record: consents are the scopes of those in force, has_consents says that any were entered."""
    if not own:
        return OPEN
    by_field = of_marc(marc)
    if not (has_consents or needs_consent(marc)):
        return by_field
    if not consents:
        return HIDDEN
    by_consent = OPEN if "online" in consents else STAFF
    return max(by_field, by_consent, key=STRICTNESS.index)


def for_reader(marc: MarcRecord, access: str, user: Any) -> MarcRecord:
    """The record as this person gets it: without addresses where what they lead to is not for them."""
    return marc if may_read(access, user) else without_addresses(marc)


def without_addresses(marc: MarcRecord) -> MarcRecord:
    """The record without the fields that lead to the document, also in another script."""
    return MarcRecord(marc.leader, [each for each in marc.fields if not _is_address(each)])


def _is_address(each: Field) -> bool:
    tag = each.first("6")[:3] if each.tag == "880" and isinstance(each, DataField) else each.tag
    return tag in ADDRESSES


def settle(records: Iterable[int]) -> list[int]:
    """Derive the access of these records anew, in the caller's transaction; returns those whose access changed."""
    from library.models import CommunityConsent, Record

    wanted = list(records)
    entered = set(CommunityConsent.objects.filter(record__in=wanted).values_list("record_id", flat=True))
    in_force: dict[int, list[str]] = {}
    for record, scope in (
        CommunityConsent.objects.in_force().filter(record__in=wanted).values_list("record_id", "scope")
    ):
        in_force.setdefault(record, []).append(scope)
    changed: dict[str, list[int]] = {}
    for row in Record.objects.filter(pk__in=wanted).defer("raw"):
        access = of(
            row.marc, own=row.source_id is None, consents=in_force.get(row.pk, []), has_consents=row.pk in entered
        )
        if access != row.access:
            changed.setdefault(access, []).append(row.pk)
    now = timezone.now().replace(microsecond=0)
    for access, keys in changed.items():
        Record.objects.filter(pk__in=keys).update(access=access, changed=now)
    return sorted(key for keys in changed.values() for key in keys)
