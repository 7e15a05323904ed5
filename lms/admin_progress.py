"""The admin's pages of how learners get on: the courses, and who of a course has done which lesson."""

from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from core.admin_pages import AdminPage
from lms import class_pages, learner_grid
from lms.models import Course, Enrolment
from lms.report_files import VIEW
from lms.report_scope import Scope, scope_or_404
from people.models import User

LEARNERS = 50  # on one page of the grid
TITLE = gettext_lazy("Kết quả học tập")


class ReportPage(PermissionRequiredMixin, AdminPage, TemplateView):
    """What pages of reports share."""

    permission_required = VIEW
    raise_exception = True
    page_title = TITLE
    section = ("lms_progress:courses", TITLE)
    header_icon = "table"
    request: HttpRequest
    kwargs: dict[str, Any]

    @property
    def reader(self) -> User:
        """Who is signed in."""
        assert isinstance(self.request.user, User)
        return self.request.user

    def page_of(self, rows: Any, size: int) -> Any:
        """The page of the list that the address asks for."""
        return class_pages.page_of(rows, self.request.GET.get("page", ""), size)


class OfCourse(ReportPage):
    """A page about a course, or about a class of it."""

    @cached_property
    def scope(self) -> Scope:
        """Of the address: the course, and ?cohort= where a class is meant."""
        return scope_or_404(self.reader, self.kwargs["course"], self.request.GET.get("cohort", ""))

    def get_page_subtitle(self) -> str:
        return str(self.scope.cohort or self.scope.course)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = self.request.GET.copy()
        query.pop("page", None)
        own = {
            "scope": self.scope,
            "course": self.scope.course,
            "cohort": self.scope.cohort,
            "query": query.urlencode(),
        }
        return super().get_context_data(**kwargs | own)


class CoursesView(ReportPage):
    """The courses, with how many learners the reader sees in each; counted for the page's courses only."""

    template_name = "lms/admin/progress_courses.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = self.request.GET.get("q", "").replace("\0", "").strip()[:100]
        courses = Course.objects.filter(title__icontains=text) if text else Course.objects.all()
        page = self.page_of(_with_counts(courses, self.reader), class_pages.PEOPLE)
        return super().get_context_data(page=page, text=text, **kwargs)


def _with_counts(courses: QuerySet[Course], reader: User) -> QuerySet[Course]:
    seen = Enrolment.objects.visible_to(reader).filter(course=OuterRef("pk")).order_by().values("course")
    return courses.order_by("title", "id").annotate(
        learners=Coalesce(Subquery(seen.annotate(n=Count("pk")).values("n")), 0),
        finished=Coalesce(Subquery(seen.annotate(n=Count("completed_at")).values("n")), 0),
    )


class GridView(OfCourse):
    """Learner × lesson; a constant number of queries, and only the page's learners are read."""

    template_name = "lms/admin/progress_grid.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = learner_grid.GridForm(self.request.GET, scope=self.scope)
        page = self.page_of(form.found().values_list("pk", flat=True), LEARNERS)
        grid = learner_grid.Grid(self.scope)
        tallies = learner_grid.tallies(self.scope)
        hidden = learner_grid.hidden(self.scope, tallies["all"])
        own = {"form": form, "page": page, "lessons": grid.lessons, "rows": grid.rows(list(page)), "tallies": tallies}
        return super().get_context_data(**own, hidden=hidden, narrowed=form.is_narrowed, **kwargs)
