"""The labelled display of a record: lines with a label, each value with a link where it leads further."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from library import columns, languages, subjects
from library.columns import joined, plain, without_end
from library.marc import DataField, MarcRecord

NAMES = ("100", "110", "111", "700", "710", "711")
LABELLED = (
    # label, tags, subfields
    (_("Nhan đề khác"), ("130", "240", "246", "740"), "abfgnp"),
    (_("Lần xuất bản"), ("250",), "ab"),
    (_("Tỷ lệ bản đồ"), ("255",), "abc"),
    (_("Xuất bản"), ("260", "264"), "abc"),
    (_("Mô tả vật lý"), ("300",), "abce"),
    (_("Tùng thư"), ("490", "830"), "anpv"),
    (_("Trong"), ("773",), "atgd"),
    (_("Tóm tắt"), ("520",), "ab"),
    (_("Mục lục"), ("505",), "agrt"),
    (_("Luận văn, luận án"), ("502",), "abcdg"),
    (_("Ghi chú"), ("500", "504", "508", "511", "518", "534", "545", "546", "580"), "abcnpt"),
    (_("Điều kiện truy cập"), ("506",), "abcdfu"),
    (_("Điều kiện sử dụng"), ("540",), "abcdu"),
)
NUMBERS = (
    (_("ISBN"), ("020",), "aq"),
    (_("ISSN"), ("022",), "a"),
    (_("Ký hiệu phân loại"), ("082", "080", "084", "050"), "ab"),
)


@dataclass(frozen=True)
class Value:
    """A text, and where it leads: url for a page of ours, link for an address that the record gives."""

    text: str
    url: str = ""
    link: str = ""


@dataclass(frozen=True)
class Line:
    """A label and its values."""

    label: str | Promise
    values: list[Value]


def lines(marc: MarcRecord) -> list[Line]:
    """The lines of a record that have a value, in the order of the display."""
    found = [
        Line(_("Nhan đề"), _texts(marc, ("245",), "abcfghknps")),
        Line(_("Tác giả"), list(_names(marc))),
        *[Line(label, _texts(marc, tags, codes)) for label, tags, codes in LABELLED],
        Line(_("Ngôn ngữ"), _languages(marc)),
        Line(_("Chủ đề"), [Value(text, search_url(subject=text)) for text in subjects.of(marc)]),
        *[Line(label, _texts(marc, tags, codes)) for label, tags, codes in NUMBERS],
        Line(_("Số kiểm soát"), [Value(plain(marc.control("001")))] if marc.control("001").strip() else []),
        Line(_("Đọc trực tuyến"), list(_addresses(marc))),
        Line(_("Nơi giữ"), _texts(marc, ("852",), "abchijkp")),
    ]
    return [line for line in found if line.values]


def search_url(**parameters: str) -> str:
    """The search page over records with these parameters."""
    query = QueryDict(mutable=True)
    query.update({"kind": "record", **parameters})
    return f"{reverse('search:index')}?{query.urlencode()}"


def _texts(marc: MarcRecord, tags: tuple[str, ...], codes: str) -> list[Value]:
    texts = [text for each in _with_originals(marc, tags) if (text := joined(each, codes))]
    return [Value(text) for text in dict.fromkeys(texts)]


def _with_originals(marc: MarcRecord, tags: tuple[str, ...]) -> Iterator[DataField]:
    """The fields, then those in another script that stand for them (880 with the tag in $6)."""
    yield from marc.data(*tags)
    for each in marc.data("880"):
        if each.first("6")[:3] in tags:
            yield each


def _names(marc: MarcRecord) -> Iterator[Value]:
    for each in _with_originals(marc, NAMES):
        name = without_end(joined(each, "abcdnqt"))
        roles = ", ".join(without_end(plain(role)) for role in each.values("e"))
        plain_name = without_end(joined(each, "abc"))
        if name:
            yield Value(f"{name} ({roles})" if roles else name, search_url(q=f'"{plain_name.replace(chr(34), "")}"'))


def _languages(marc: MarcRecord) -> list[Value]:
    codes = [columns.language(marc, marc.control("008"))]
    codes += [plain(value) for each in marc.data("041") for value in each.values("a")]
    return [Value(languages.name(code)) for code in dict.fromkeys(codes) if code]


def _addresses(marc: MarcRecord) -> Iterator[Value]:
    for each in marc.data("856"):
        for url in each.values("u"):
            text = joined(each, "3yz") or plain(url)
            yield Value(text, link=url.strip() if is_safe(url) else "")


def is_safe(url: str) -> bool:
    """Whether a reader may be led there: a web address, no script and no file."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return False
    return parts.scheme.lower() in {"http", "https"} and bool(parts.hostname)
