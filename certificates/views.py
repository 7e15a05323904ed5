"""Anyone verifies a certificate; its holder, and who may see the holder, downloads the file."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from certificates import pdf as certificate_pdf
from certificates.issue import read_code
from certificates.models import Certificate
from core import addresses, ratelimit
from people.merging import accounts_of

# A class behind one address may check its certificates together; guessing a code of 60 bits stays hopeless.
CHECKS_PER_HOUR = 600


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The form to type a code into."""
    typed = request.GET.get("code", "")
    if code := read_code(typed):
        return redirect("certificates:verify", code=code)
    return render(request, "certificates/search.html")


@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """What the register says about a code."""
    if not ratelimit.take("certificates", addresses.of(request), limit=CHECKS_PER_HOUR, seconds=3600):
        message = _("Đã có quá nhiều lượt tra cứu từ mạng này. Xin thử lại sau một giờ.")
        return render(request, "certificates/search.html", {"problem": message}, status=429)
    certificate = Certificate.objects.filter(code=read_code(code)).select_related("enrolment").first()
    if certificate is None:
        return render(request, "certificates/search.html", {"unknown": code}, status=404)
    learners = accounts_of(request.user).filter(pk=certificate.enrolment.learner_id)
    own = request.user.is_authenticated and learners.exists()
    return render(request, "certificates/verify.html", {"certificate": certificate, "own": own})


@require_safe
@login_required
def pdf(request: HttpRequest, code: str) -> FileResponse:
    """The certificate as PDF."""
    certificate = get_object_or_404(Certificate.objects.visible_to(request.user), code=read_code(code))
    if certificate.revoked_at:
        raise Http404
    name = f"giay-chung-nhan-{certificate.number}.pdf"
    return FileResponse(
        certificate_pdf.render(certificate), as_attachment=True, filename=name, content_type="application/pdf"
    )
