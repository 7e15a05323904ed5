"""Digital files of records, handed out to whom the record's access allows."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.views import media
from library import rights
from library.models import Record, RecordFile


@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file, or the range of it that was asked for; 404 for whom it is not."""
    readable = Record.objects.visible_to(request.user).filter(deleted_at=None)
    found = get_object_or_404(RecordFile.objects.select_related("record"), pk=pk, record__in=readable)
    if not rights.may_read(found.record.access, request.user):
        raise Http404(_("Không có tệp này."))
    response = media.answer(request, str(found.file.name))
    if found.record.access != Record.Access.OPEN:
        response["Cache-Control"] = "private, no-store"
    return response
