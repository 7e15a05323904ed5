"""Forms of classes that trainers fill in on the phone and in the admin."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from lms import timetable
from lms.models import Completion, Session
from people.models import User


class DayInput(forms.DateInput):
    """The device's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class HourInput(forms.TimeInput):
    """The device's own clock."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def keep_near(field: forms.Field) -> None:
    """Days of our times only: what lies at the ends of the calendar has no weeks after it, nor a time at Greenwich."""
    field.validators += [MinValueValidator(date(1950, 1, 1)), MaxValueValidator(date(2100, 1, 1))]


class SessionForm(forms.ModelForm):
    """A session: when, where, about what."""

    class Meta:
        model = Session
        fields = ["day", "starts", "ends", "title", "lesson", "place", "hours"]
        widgets = {"day": DayInput(), "starts": HourInput(), "ends": HourInput()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keep_near(self.fields["day"])
        self.fields["hours"].required = False
        self.fields["hours"].help_text = _("Để trống: tính theo giờ bắt đầu và kết thúc.")
        if self.instance.pk is None:
            self.initial["hours"] = None
        for name in ("title", "place"):
            self.fields[name].required = False
        self._offer_lessons()

    def _offer_lessons(self) -> None:
        """Those of the course that are done by being there; no such lesson, no question."""
        lessons = self.instance.cohort.course.lessons.in_order().filter(completion=Completion.ATTENDED)
        if not lessons.exists():
            del self.fields["lesson"]
            return
        self.fields["lesson"] = forms.ModelChoiceField(
            lessons,
            label=self.fields["lesson"].label,
            required=False,
            empty_label=_("Không gắn với bài nào"),
            help_text=_("Người có mặt được tính là đã xong bài này."),
        )

    def clean(self) -> dict[str, Any]:
        """Hours left empty follow from the two times."""
        data = super().clean() or self.cleaned_data
        starts, ends = data.get("starts"), data.get("ends")
        if starts and ends and ends > starts and not data.get("hours"):
            data["hours"] = timetable.hours_between(starts, ends)
        if self.instance.pk is not None:  # a new one that stands already is the one that stands
            same = self.instance.cohort.sessions.filter(day=data.get("day"), starts=starts).exclude(pk=self.instance.pk)
            if same.exists():
                self.add_error("starts", _("Lớp đã có một buổi học bắt đầu đúng giờ này."))
        return data


class NewSessionForm(SessionForm):
    """One session, or one in each of the coming weeks."""

    times = forms.IntegerField(
        label=_("số buổi, mỗi tuần một buổi"), min_value=1, max_value=timetable.MOST, initial=1, required=False
    )


class FindPersonForm(forms.Form):
    """Whom to add: found by telephone number, sign-in name or words of the name, among those whom the user may see."""

    q = forms.CharField(label=_("số điện thoại, tên đăng nhập hoặc họ tên"), max_length=100)

    def found(self, reader: Any) -> list[User]:
        """At most twenty; the one whom a number or name means exactly comes first."""
        text = self.cleaned_data["q"].replace("\0", "")
        seen = User.objects.visible_to(reader).filter(is_active=True).select_related("unit__parent")
        exact = list(seen.named(text))
        return [*exact, *(row for row in seen.found_by(text).order_by("full_name", "id")[:20] if row not in exact)]
