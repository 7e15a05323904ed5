"""Pages about messages: the trainer writes, the learner reads, anyone says no to e-mails."""

from uuid import uuid4

from django import forms
from django.contrib import messages as notices
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from core.templatetags.look import localised
from lms import channels, class_pages, messages
from lms.class_doors import of_class
from lms.models import Cohort, Delivery, Message, NoEmail
from people.models import User


class MessageForm(forms.ModelForm):
    """What to write, to whom, by which ways; the page is always one. Two presses come with one key and send once."""

    by_email = forms.BooleanField(label=gettext_lazy("Gửi cả thư điện tử cho ai có địa chỉ"), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)

    class Meta:
        model = Message
        fields = ["subject", "body", "behind_only"]
        help_texts = {
            "body": gettext_lazy("Không viết dân tộc, số điện thoại hay thông tin riêng của ai khác."),
            "behind_only": gettext_lazy("Chưa hoàn thành và không học gì trong bảy ngày qua."),
        }
        widgets = {"body": forms.Textarea(attrs={"rows": 6})}


@of_class
def write(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """Write to the class; what was sent before stands below."""
    assert isinstance(request.user, User)
    form = MessageForm(request.POST or None, initial={"behind_only": "behind_only" in request.GET})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        ways = ["page", "email"] if data.pop("by_email") else ["page"]
        key = data.pop("key")
        messages.send(cohort, by=request.user, by_channels=ways, form=key, **data)
        notices.success(request, _("Tin nhắn đang được gửi."))
        return redirect(request.path)
    context = {
        "cohort": cohort,
        "form": form,
        "page": class_pages.page_of(messages.with_counts(cohort), request.GET.get("page", "")),
        "all": messages.recipients(cohort, behind_only=False).count(),
        "behind": messages.recipients(cohort, behind_only=True).count(),
    }
    return render(request, "lms/classes/messages.html", context)


@require_POST
@login_required
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """The learner has read it."""
    assert isinstance(request.user, User)
    messages.mark_read(get_object_or_404(Delivery.objects.on_page_of(request.user), pk=pk))
    return redirect(localised("/my/"))


def no_email(request: HttpRequest, token: str) -> HttpResponse:
    """By the link in an e-mail, without signing in: no more of them; the button, not the link, does it."""
    person = channels.person_of_token(token)
    if person is None:
        raise Http404
    if request.method == "POST":
        if "again" in request.POST:
            NoEmail.objects.filter(person=person).delete()
        else:
            NoEmail.objects.get_or_create(person=person)
        return redirect(request.path)
    return render(request, "lms/no_email.html", {"refused": bool(NoEmail.of([person]))})
