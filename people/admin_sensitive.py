"""The page of a person's ethnic group and identity number: shown at the press of a button, which is noted."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from people import sensitive
from people.admin_pages import PersonPage
from people.person_forms import SensitiveForm


class SensitiveView(PersonPage, TemplateView):
    """GET shows nothing; POST of "show" shows and notes it, POST of "save" stores."""

    template_name = "people/admin/sensitive.html"
    page_title = gettext_lazy("Dân tộc, số căn cước")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._check()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        """What was asked for."""
        self._check()
        person: Any = request.user
        if request.POST.get("do") != "save":
            sensitive.note_reading(by=person, persons=[self.person], where="person")
            return self.render_to_response(self.get_context_data(form=SensitiveForm(person=self.person)))
        form = SensitiveForm(request.POST, person=self.person)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        form.save(by=person)
        messages.success(request, _("Đã lưu."))
        return redirect("wagtailusers_users:edit", self.person.pk)

    def _check(self) -> None:
        if not sensitive.may_see(self.request.user, self.person):
            raise PermissionDenied
