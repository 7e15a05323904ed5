"""What is derived from records after they are saved: headings, names of authorities, links, rules' collections.

Done by the worker's drain from the record as it is at that time, so it can be done again at any time.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from django.db import transaction
from django.utils import timezone

from core import insertion, jobs, outbox
from library import authorities, headings, rules
from library.marc import MarcRecord
from library.models import AuthorityName, Collection, CollectionMembership, Heading, Record, ShelfQueue
from search import queue as search_queue

APPLY_RULE = "library.apply_rule"
INDEX_USES = "library.index_uses"
STEP = 200  # records in one transaction


def derive(keys: Sequence[str]) -> None:
    """Derive everything for these records (the queue's handler, in one transaction)."""
    wanted = sorted(int(each) for each in keys)
    rows = {row.pk: row for row in Record.objects.filter(pk__in=wanted).defer("raw")}
    alive = [row for row in rows.values() if row.deleted_at is None]
    bibliographic = [row for row in alive if row.kind == Record.Kind.BIB]
    _write_names(wanted, [row for row in alive if row.kind == Record.Kind.AUTHORITY])
    linked = _write_headings(wanted, bibliographic)
    moved = follow_rules(wanted)
    search_queue.enqueue("record", map(str, sorted(linked | moved)))


def shelve_new(rows: Mapping[int, MarcRecord]) -> set[int]:
    """Derive everything for bibliographic records that were just inserted, in their transaction; returns those done.

    Left to the queue is who names an authority that is not here: on PostgreSQL it may come at this very moment.
    """
    found = [(pk, each) for pk, marc in rows.items() for each in headings.used(marc)]
    authorities = _insert_headings(found)
    follow_rules(list(rows))
    return rows.keys() - {pk for pk, each in found if each.link and each.link not in authorities}


def _write_headings(wanted: Sequence[int], rows: Iterable[Record]) -> set[int]:
    """Replace the headings of records; returns those with a link to an authority, whose names the index must get."""
    found = [(row.pk, each) for row in rows for each in headings.used(row.marc)]
    Heading.objects.filter(record__in=wanted).delete()
    authorities = _insert_headings(found)
    return {pk for pk, each in found if each.link in authorities}


def _insert_headings(found: Sequence[tuple[int, headings.Used]]) -> dict[str, int]:
    """Insert headings by the keys of their records; returns the authorities by what links call them."""
    authorities = _authorities({each.link for _pk, each in found if each.link})
    rows = [
        {
            "record_id": pk,
            "kind": each.kind,
            "key": each.key,
            "text": each.text,
            "is_subject": each.is_subject,
            "link": each.link,
            "authority_id": authorities.get(each.link),
        }
        for pk, each in found
        if each.text
    ]
    insertion.insert(Heading, rows)
    return authorities


def _authorities(links: set[str]) -> dict[str, int]:
    """Living authority records by what $0 calls them."""
    if not links:
        return {}
    by_number = [link[1:].partition(")") for link in links if link.startswith("(")]
    own = [int(link.removeprefix("record:")) for link in links if link.startswith("record:")]
    living = Record.objects.authorities().filter(deleted_at=None)
    numbers = living.filter(control_number__in=[number for _agency, _sign, number in by_number])
    found = {
        f"({agency}){number}": pk
        for agency, number, pk in numbers.order_by("-source", "-pk").values_list(
            "control_agency", "control_number", "pk"
        )
    }
    return found | {f"record:{pk}": pk for pk in living.filter(pk__in=own).values_list("pk", flat=True)}


def _write_names(wanted: Sequence[int], rows: Iterable[Record]) -> None:
    """Replace the names of authorities and link what has been waiting for them."""
    before = _names_of(wanted)
    AuthorityName.objects.filter(authority__in=wanted).delete()
    found = []
    for row in rows:
        names = headings.names(row.marc)
        found += [{"authority_id": row.pk, "plain": headings.prefix(name.text), **name._asdict()} for name in names]
        calls = {f"record:{row.pk}", authorities.number_of(row)} - {""}
        Heading.objects.filter(link__in=calls, authority=None).update(authority=row)
    insertion.insert(AuthorityName, found)
    gone = set(wanted) - {row.pk for row in rows}
    Heading.objects.filter(authority__in=gone).update(authority=None)
    after = _names_of(wanted)
    search_queue.enqueue("authority", map(str, sorted(before.keys() | after.keys())))
    renamed = [pk for pk in sorted(before.keys() | after.keys()) if before.get(pk) != after.get(pk)]
    for pk in Heading.objects.filter(authority__in=renamed).order_by().values_list("authority", flat=True).distinct():
        _index_uses(pk)


def _index_uses(authority: int) -> None:
    """Index its records again: few at once, many by a job."""
    few = list(Heading.objects.filter(authority=authority).values_list("record_id", flat=True)[: STEP + 1])
    if len(few) <= STEP:
        search_queue.enqueue("record", map(str, few))
    else:
        jobs.start(INDEX_USES, {"authority": authority}, by=None, title="Lập lại chỉ mục theo tiêu đề chuẩn")


def _names_of(wanted: Sequence[int]) -> dict[int, set[tuple[str, str]]]:
    found: dict[int, set[tuple[str, str]]] = {}
    for pk, kind, text in AuthorityName.objects.filter(authority__in=wanted).values_list("authority", "kind", "text"):
        found.setdefault(pk, set()).add((kind, text))
    return found


def follow_rules(wanted: Sequence[int], collections: Iterable[Collection] | None = None) -> set[int]:
    """Put these records into the collections whose rules take them and out of the others; returns those moved."""
    ruled = Collection.objects.exclude(rule={}) if collections is None else collections
    moved: set[int] = set()
    for collection in ruled:
        taken = set(rules.taken(collection.rule).filter(pk__in=wanted).values_list("pk", flat=True))
        members = collection.memberships.filter(record__in=wanted)
        standing = dict(members.values_list("record_id", "by_rule"))
        leaving = {pk for pk, by_rule in standing.items() if by_rule and pk not in taken}
        joining = sorted(taken - standing.keys())
        members.filter(record__in=leaving, by_rule=True).delete()
        CollectionMembership.objects.bulk_create(
            [CollectionMembership(collection=collection, record_id=pk, by_rule=True) for pk in joining],
            ignore_conflicts=True,
        )
        moved |= leaving | set(joining)
    Record.objects.filter(pk__in=moved).update(changed=timezone.now().replace(microsecond=0))
    return moved


def apply_rule(collection: Collection, *, after: int = 0) -> tuple[int, int]:
    """Follow a collection's rule for the next records behind a key; returns the last key (0 at the end), how many."""
    keys = list(Record.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:STEP])
    if not keys:
        return 0, 0
    with transaction.atomic():
        moved = follow_rules(keys, [collection])
        search_queue.enqueue("record", map(str, sorted(moved)))
    return keys[-1], len(keys)


@jobs.handler(APPLY_RULE)
def apply_rule_job(job: jobs.Job) -> None:
    """Walk all records after a rule was changed."""
    collection = Collection.objects.filter(pk=job.arguments["collection"]).first()
    done, after = job.done, int(job.cursor.get("after", 0))
    while collection is not None:
        after, number = apply_rule(collection, after=after)
        if not number:
            return
        done += number
        job.advance(cursor={"after": after}, done=done)


@jobs.handler(INDEX_USES)
def index_uses(job: jobs.Job) -> None:
    """Index the records of an authority again after its names changed."""
    after = int(job.cursor.get("after", 0))
    uses = Heading.objects.filter(authority=job.arguments["authority"]).order_by("record_id")
    while True:
        keys = list(uses.filter(record__gt=after).values_list("record_id", flat=True).distinct()[:STEP])
        if not keys:
            return
        after = keys[-1]
        with transaction.atomic():
            search_queue.enqueue("record", map(str, keys))
            job.advance(cursor={"after": after}, done=job.done + len(keys))


def enqueue_all() -> int:
    """Queue every record; returns how many."""
    keys = Record.objects.order_by("pk").values_list("pk", flat=True).iterator()
    number = 0
    while batch := list(islice(keys, 500)):
        outbox.enqueue(ShelfQueue, map(str, batch))
        number += len(batch)
    return number
