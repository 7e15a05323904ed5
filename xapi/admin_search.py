"""The form above the list of statements, and the search that it asks for."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xapi import keys, meanings, retrieval, sentences, verbs
from xapi.browsing import Search
from xapi.meanings import Choice, Meaning
from xapi.models import Credential

HERE = "site"
MILLISECOND = timedelta(milliseconds=1)


FIRST, LAST = date(1970, 1, 2), date(2199, 12, 31)  # whatever is stored lies between


def _day(**options: Any) -> forms.DateField:
    limits = {"min": FIRST.isoformat(), "max": LAST.isoformat()}
    return forms.DateField(
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"} | limits),
        validators=[_in_our_time],
        error_messages={"invalid": gettext_lazy("Hãy nhập ngày, ví dụ 12/03/2026.")},
        **options,
    )


def _in_our_time(day: date) -> None:
    if not FIRST <= day <= LAST:
        raise forms.ValidationError(_("Hãy nhập một ngày từ năm 1970 đến năm 2199."))


class SearchForm(forms.Form):
    """Every field may be empty. who_is and what_is hold what was chosen where a text may mean several."""

    who = forms.CharField(
        label=gettext_lazy("Người học"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Họ tên, số điện thoại, thư điện tử hoặc tài khoản ở hệ thống khác"),
    )
    what = forms.CharField(
        label=gettext_lazy("Khóa học, bài học, câu hỏi"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("Tên hoặc địa chỉ (IRI); gồm cả những gì diễn ra bên trong"),
    )
    verb = forms.ChoiceField(label=gettext_lazy("Đã làm gì"), required=False)
    since = _day(label=gettext_lazy("Ghi nhận từ ngày"))
    until = _day(label=gettext_lazy("Đến hết ngày"))
    source = forms.ChoiceField(label=gettext_lazy("Nguồn"), required=False)
    status = forms.ChoiceField(
        label=gettext_lazy("Hiệu lực"),
        required=False,
        choices=[("", gettext_lazy("Còn hiệu lực")), ("voided", gettext_lazy("Đã bị hủy"))],
    )
    registration = forms.UUIDField(
        label=gettext_lazy("Mã lượt ghi danh"),
        required=False,
        error_messages={"invalid": gettext_lazy("Mã lượt ghi danh là một UUID, có dạng 8-4-4-4-12 chữ số hệ 16.")},
    )
    order = forms.ChoiceField(
        label=gettext_lazy("Sắp xếp"),
        required=False,
        choices=[("", gettext_lazy("Mới nhất trước")), ("oldest", gettext_lazy("Cũ nhất trước"))],
    )
    who_is = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    what_is = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)

    FOLDED = ("since", "until", "source", "status", "registration", "order")

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, auto_id="search-%s")
        self.credentials = {str(each.pk): each for each in Credential.objects.order_by("name")}
        sources = [(HERE, "Nhà Sàn"), *((pk, each.name) for pk, each in self.credentials.items())]
        self._offer("source", _("Mọi nguồn"), sources)
        known = [(each.id, sentences.verb(each.as_data())) for each in verbs.ALL]
        asked = data.get("verb", "")
        if asked and asked not in verbs.BY_ID and len(asked) <= 2000:
            known.append((asked, sentences.verb({"id": asked})))
        self._offer("verb", _("Mọi việc"), known)

    def _offer(self, name: str, every: str, choices: list[tuple[str, str]]) -> None:
        offered = self.fields[name]
        assert isinstance(offered, forms.ChoiceField)
        offered.choices = [("", every), *choices]

    def clean(self) -> dict[str, Any]:
        """Nobody searches a stretch that ends before it begins."""
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", _("Ngày cuối phải bằng hoặc sau ngày đầu."))
        return cleaned

    def given(self) -> dict[str, str]:
        """What stands in each field."""
        return {name: self.data.get(name, "") for name in self.fields}

    @property
    def folded_fields(self) -> list[forms.BoundField]:
        """The less usual fields."""
        return [self[name] for name in self.FOLDED]

    @property
    def uses_folded(self) -> bool:
        """Whether a field of the folded part is filled in or wrong."""
        return any(self.data.get(name) or name in self.errors for name in self.FOLDED)


@dataclass(slots=True)
class Asked:
    """A form, read: the search where everything in it is clear, else what there is to choose or to mend."""

    form: SearchForm
    search: Search | None = None
    who: Meaning | None = None
    what: Meaning | None = None
    unclear: list["Unclear"] = field(default_factory=list)

    def query(self, **changes: Any) -> str:
        """The same question as a query string, with changes; empty ones are left out."""
        given = self.form.given() | changes
        return urlencode({name: value for name, value in given.items() if value not in {"", None}})

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked for."""
        return not self.query(order="")

    def in_log(self) -> dict[str, Any]:
        """The filters for the audit log, without names: a person by uuid, an actor of others by keys."""
        cleaned = self.form.cleaned_data
        plain = ("verb", "source", "status", "order")
        kept = {name: cleaned[name] for name in plain} | {
            name: str(cleaned[name] or "") for name in ("since", "until", "registration")
        }
        if self.who:
            kept["who"] = str(self.who.person.uuid) if self.who.person else sorted(self.who.keys)
        if self.what:
            kept["what"] = self.what.token or self.what.label
        return {name: value for name, value in kept.items() if value}


@dataclass(slots=True)
class Unclear:
    """A text that means nothing, or several things: links to the same question with one of them chosen."""

    text: str
    links: list[tuple[Choice, str]]
    more: bool
    is_person: bool


def read(data: QueryDict, reader: Any) -> Asked:
    """What the query string asks for."""
    asked = Asked(SearchForm(data))
    if not asked.form.is_valid():
        return asked
    cleaned = asked.form.cleaned_data
    if cleaned["who"] or cleaned["who_is"]:
        asked.who = meanings.who(cleaned["who"], cleaned["who_is"], reader)
        _settle(asked, "who", asked.who)
    if cleaned["what"] or cleaned["what_is"]:
        asked.what = meanings.what(cleaned["what"], cleaned["what_is"])
        _settle(asked, "what", asked.what)
    if not asked.unclear:
        asked.search = _search(asked)
    return asked


def _settle(asked: Asked, name: str, meaning: Meaning) -> None:
    """Show in the field what was understood; where it is not clear, offer the choices."""
    if meaning.keys:
        asked.form.data = {**asked.form.given(), name: meaning.label, f"{name}_is": meaning.token}
        return
    links = [(each, asked.query(**{name: each.label, f"{name}_is": each.token})) for each in meaning.choices]
    asked.unclear.append(Unclear(asked.form.cleaned_data[name], links, meaning.more, is_person=name == "who"))


def _search(asked: Asked) -> Search:
    cleaned = asked.form.cleaned_data
    filters = [meaning.keys for meaning in (asked.who, asked.what) if meaning]
    if cleaned["verb"]:
        filters.append((keys.verb(cleaned["verb"]),))
    if cleaned["registration"]:
        filters.append((keys.registration(cleaned["registration"]),))
    if cleaned["source"]:
        filters.append(retrieval.sent_by(asked.form.credentials.get(cleaned["source"])))
    return Search(
        filters=filters,
        verb=cleaned["verb"],
        since=cleaned["since"] and _midnight(cleaned["since"]) - MILLISECOND,
        until=cleaned["until"] and _midnight(cleaned["until"], days=1) - MILLISECOND,
        voided=cleaned["status"] == "voided",
        oldest_first=cleaned["order"] == "oldest",
    )


def _midnight(day: date, days: int = 0) -> datetime:
    """The beginning of the day, or of one so many days later, where the site is."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=days), time.min))
