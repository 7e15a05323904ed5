"""Scanned lists and other papers that show who was in a class: PDF, JPEG or PNG, read only by those who run it."""

import hashlib
from typing import Any

from django import forms
from django.contrib.auth.decorators import permission_required
from django.core.files import File
from django.db import transaction
from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core import audit
from lms.models import Cohort, CohortEvidence
from people.models import User

LARGEST = 20 * 1024 * 1024  # bytes
ENDINGS = {b"%PDF-": ".pdf", b"\xff\xd8\xff": ".jpg", b"\x89PNG\r\n\x1a\n": ".png"}


def ending_of(file: File) -> str | None:
    """What the file is by its first bytes, whatever it is called; None for what is not taken."""
    file.seek(0)
    begin = file.read(8)
    file.seek(0)
    return next((ending for magic, ending in ENDINGS.items() if begin.startswith(magic)), None)


class EvidenceForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label=gettext_lazy("Tệp PDF, JPG hoặc PNG"),
        help_text=gettext_lazy("Tối đa 20 MB. Chỉ người phụ trách lớp xem được."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )

    def clean_file(self) -> Any:
        """Not too large, and what it says it is."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("Tệp lớn hơn 20 MB."))
        if ending_of(file) is None:
            raise forms.ValidationError(_("Chỉ nhận tệp PDF, JPG hoặc PNG."))
        return file


def attach(cohort: Cohort, file: File, *, by: User | None) -> CohortEvidence:
    """Keep the file with the class; the same file twice is one. Raises ValueError for another kind of file."""
    ending = ending_of(file)
    if ending is None or file.size > LARGEST:
        raise ValueError(f"{file.name}: a PDF, JPEG or PNG of at most 20 MB is expected")
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    known = cohort.evidence.filter(sha256=digest.hexdigest()).first()
    if known:
        return known
    row = CohortEvidence(cohort=cohort, name=(file.name or "").rsplit("/", 1)[-1][:200], sha256=digest.hexdigest())
    row.added_by = by.uuid if by else None
    row.file.save(f"{digest.hexdigest()}{ending}", file, save=False)  # outside the transaction: it may be slow
    with transaction.atomic():
        row.save()
        if by is not None:
            audit.record(by=by, action="cohort.attach", subject=str(cohort.uuid), detail={"sha256": row.sha256})
    return row


@require_safe
@permission_required("lms.view_cohort", raise_exception=True)
def download(request: HttpRequest, cohort: Any, pk: int) -> FileResponse:
    """One file, always to be saved; noted in the audit log."""
    rows = CohortEvidence.objects.filter(cohort__in=Cohort.objects.visible_to(request.user), cohort__uuid=cohort)
    row = get_object_or_404(rows.select_related("cohort"), pk=pk)
    assert isinstance(request.user, User)
    audit.record(
        by=request.user, action="cohort.read_evidence", subject=str(row.cohort.uuid), detail={"sha256": row.sha256}
    )
    response = FileResponse(row.file.open("rb"), as_attachment=True, filename=row.name)
    response["Cache-Control"] = "no-store"
    return response
