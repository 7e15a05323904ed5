"""What the editor's script asks for: the format's rules, problems of what is being typed, who else is at it."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from library import drafts, headings, marc21, marc_lines, validation
from library.marc_lines import NotALine
from library.models import Record, RecordEditor

LISTS = ("languages", "countries", "relators")
PRESENT = timedelta(seconds=90)  # who was seen so recently has the record open


def present(record: Record, *, but: Any) -> list[str]:
    """The names of those who have the record open now."""
    rows = RecordEditor.objects.filter(record=record, seen_at__gt=timezone.now() - PRESENT).exclude(person=but)
    return [str(row.person) for row in rows.select_related("person").order_by("pk")]


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """What is wrong with the lines that are being typed, for the script."""
    if not request.user.has_perm("library.view_record"):
        raise PermissionDenied
    try:
        marc = marc_lines.parse(request.POST.get("lines", ""))
    except NotALine as error:
        wrong = [
            {"line": number - 1, "severity": "error", "place": "", "text": text} for number, text in error.problems
        ]
        return JsonResponse({"problems": wrong})
    found = [
        {"line": each.index + 1, "severity": each.severity, "place": each.place, "text": each.text}
        for each in validation.problems(marc)
        if each.message != validation.EMPTY  # it will not be saved
    ]
    return JsonResponse({"problems": found})


@require_POST
def presence(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that one has the record open, and hear who else has, and whether there is a newer version or draft."""
    if not request.user.has_perm("library.change_record"):
        raise PermissionDenied
    record = get_object_or_404(Record.objects.visible_to(request.user).light(), pk=pk, deleted_at=None)
    person: Any = request.user
    with transaction.atomic():
        now = timezone.now()
        RecordEditor.objects.update_or_create(record=record, person=person, defaults={"seen_at": now})
        RecordEditor.objects.filter(record=record, seen_at__lt=now - 10 * PRESENT).delete()
    draft = drafts.of(record)
    number = draft.number if draft else 0
    return JsonResponse({"others": present(record, but=person), "version": record.version, "draft": number})


@require_safe
@cache_control(private=True, max_age=3600)
def rules(request: HttpRequest, kind: str) -> HttpResponse:
    """The format's rules for the script, in the language of the page."""
    if not request.user.has_perm("library.view_record"):
        raise PermissionDenied
    if kind not in marc21.FILES:
        raise Http404
    return JsonResponse(for_script(kind))


def for_script(kind: str) -> dict[str, Any]:
    """Fields, fixed positions and code lists with their names."""
    fields = {
        tag: {
            "name": marc21.label(each.name),
            "repeat": each.repeatable,
            "indicators": [
                [marc21.label(one.name), {value: marc21.label(name) for value, name in one.values.items()}]
                for one in each.indicators
            ],
            "subfields": [
                [code, marc21.subfield_label(tag, code, one.name), one.repeatable]
                for code, one in each.subfields.items()
            ],
        }
        for tag, each in marc21.fields(kind).items()
    }
    forms = ["authority"] if kind == "authority" else sorted(set(marc21.FORMS.values()) - {"authority"})
    fixed = {
        "LDR": {"": _positions("leader authority" if kind == "authority" else "leader")},
        "008": {form: _positions("008", form) for form in forms},
    }
    if kind == "bib":
        fixed["006"] = {form: _positions("006", form) for form in forms}
        fixed["007"] = {form: _positions("007", form) for form in sorted(marc21.read("fixed.json")["007"])}
    lists = {name: {code: marc21.code_name(name, code) for code in marc21.codes(name)} for name in LISTS}
    controlled = headings.CONTROLLED if kind == "bib" else {}
    return {"fields": fields, "fixed": fixed, "forms": marc21.FORMS, "lists": lists, "headings": controlled}


def _positions(fixed: str, form: str = "") -> list[list[Any]]:
    return [
        [
            each.start,
            each.length,
            marc21.label(each.name),
            {code: marc21.label(name) for code, name in each.codes.items()},
        ]
        for each in marc21.positions(fixed, form)
    ]
