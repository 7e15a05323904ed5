"""A reader's own lists: all of them, one of them, and what is done to them. A shared list is opened by its code."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from library import citing, reading_lists, ris
from library.exceptions import ListFull
from library.models import ReadingList, Record
from library.views.records import FORMS, readable, url_of

STYLES = {"vn": citing.vietnamese, "apa": citing.apa}


@require_safe
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """The reader's lists with how many records each has."""
    return render(request, "library/lists.html", {"lists": ReadingList.objects.visible_to(request.user).with_counts()})


@require_safe
@login_required
def reading_list(request: HttpRequest, pk: int) -> HttpResponse:
    """One of the reader's own lists."""
    return _show(request, _own(request, pk))


@require_safe
def shared(request: HttpRequest, code: str) -> HttpResponse:
    """A list by the address that its owner gave to others; it names no owner."""
    return _show(request, get_object_or_404(ReadingList, share_code=code))


def _show(request: HttpRequest, found: ReadingList) -> HttpResponse:
    style = request.GET.get("style", "vn")
    write = STYLES.get(style, citing.vietnamese)
    rows = list(_records(request, found))
    context = {
        "list": found,
        "own": request.user.is_authenticated and found.owner_id == request.user.pk,
        "records": [(row, write(row.marc)) for row in rows],
        "hidden": found.entries.count() - len(rows),
        "style": style if style in STYLES else "vn",
        "share_url": request.build_absolute_uri(f"/library/lists/s/{found.share_code}/") if found.share_code else "",
    }
    return render(request, "library/list.html", context)


@require_safe
def exported(request: HttpRequest, form: str, pk: int = 0, code: str = "") -> HttpResponse:
    """All records of a list in one file: ris, bib or txt (references)."""
    if code:
        found = get_object_or_404(ReadingList, share_code=code)
    elif request.user.is_authenticated:
        found = _own(request, pk)
    else:
        raise Http404(_("Không có danh sách này."))
    rows = list(_records(request, found))
    if form == "txt":
        write = STYLES.get(request.GET.get("style", "vn"), citing.vietnamese)
        content, kind = "\r\n\r\n".join(sorted(write(row.marc) for row in rows)) + "\r\n", "text/plain; charset=utf-8"
    elif form == "ris":
        content, kind = "".join(ris.to_ris(row.marc, url=url_of(row)) for row in rows), FORMS["ris"][0]
    elif form == "bib":
        content, kind = "\n".join(str(FORMS["bib"][1](row)) for row in rows), FORMS["bib"][0]
    else:
        raise Http404(_("Không có dạng này."))
    return HttpResponse(
        content,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="danh-sach-{found.pk}.{form}"'},
    )


def _records(request: HttpRequest, found: ReadingList) -> Any:
    """The list's records that who looks may open, the last added first."""
    visible = Record.objects.visible_to(request.user).filter(deleted_at=None, pk__in=found.entries.values("record"))
    rows = {row.pk: row for row in visible.defer("raw")}
    return [rows[key] for key in found.entries.values_list("record_id", flat=True) if key in rows]


@require_POST
@login_required
def add(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Put a record into a new list where a name was typed, else into the one that was chosen."""
    record = readable(request, pk)
    if record.deleted_at:
        raise Http404(_("Biểu ghi này đã được xóa."))
    try:
        chosen, name = request.POST.get("list", ""), request.POST.get("name", "")
        is_key = chosen.isascii() and chosen.isdecimal() and len(chosen) < 19
        by_name = bool(name.strip()) or not is_key
        target = reading_lists.named(owner=request.user, name=name) if by_name else _own(request, int(chosen))
        reading_lists.add(target, record)
    except ListFull as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Đã cất vào danh sách “%(list)s”.") % {"list": target.name})
    return redirect("library:record", pk)


@require_POST
@login_required
def change(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Rename, share, stop sharing, take a record out, delete the list."""
    found = _own(request, pk)
    match request.POST.get("do", ""):
        case "remove":
            key = request.POST.get("record", "")
            if key.isascii() and key.isdecimal() and len(key) < 19:
                reading_lists.remove(found, int(key))
        case "share":
            reading_lists.share(found, on=True)
        case "unshare":
            reading_lists.share(found, on=False)
        case "rename":
            if not reading_lists.rename(found, request.POST.get("name", "")):
                messages.error(request, _("Ông, bà đã có danh sách mang tên này, hoặc tên còn trống."))
        case "delete":
            name = found.name
            found.delete()
            messages.success(request, _("Đã xóa danh sách “%(list)s”.") % {"list": name})
            return redirect("library:lists")
    return redirect("library:reading_list", pk)


def _own(request: HttpRequest, pk: int) -> ReadingList:
    return get_object_or_404(ReadingList.objects.visible_to(request.user), pk=pk)
