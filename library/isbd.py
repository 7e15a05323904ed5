"""The labelled display of a record: lines with a label, each value with a link where it leads further."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from library import columns, headings, isbd_areas, languages, subjects
from library.columns import joined, plain, without_end
from library.marc import DataField, MarcRecord

PERSONS = ("100", "700")
BEFORE_YEARS = re.compile(r"(?<=\w) (?=\d{4}(?:-|$))")  # records without punctuation have no comma there
NAMES = ("100", "110", "111", "700", "710", "711")
LABELLED = (
    # label, tags, subfields
    (_("Nhan đề khác"), ("130", "240", "246", "740"), "abfgnp"),
    (_("Lần xuất bản"), ("250",), "ab"),
    (_("Tỷ lệ bản đồ"), ("255",), "abc"),
    (_("Xuất bản"), ("260", "264"), "abc"),
    (_("Kỳ xuất bản"), ("310", "321"), "ab"),
    (_("Số, năm phát hành"), ("362",), "a"),
    (_("Mô tả vật lý"), ("300",), "abce"),
    (_("Tùng thư"), ("490", "830"), "anpv"),
    (_("Trong"), ("773",), "atgd"),
    (_("Tiếp nối tài liệu"), ("780",), "atbdgx"),
    (_("Được tiếp nối bởi"), ("785",), "atbdgx"),
    (_("Tóm tắt"), ("520",), "ab"),
    (_("Mục lục"), ("505",), "agrt"),
    (_("Luận văn, luận án"), ("502",), "abcdg"),
    (_("Ghi chú"), ("500", "504", "508", "511", "534", "545", "546", "580"), "abcnpt"),
    (_("Thời gian, địa điểm"), ("518",), "adop"),
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


def lines(marc: MarcRecord, linked: Mapping[tuple[str, str], int] | None = None) -> list[Line]:
    """The lines of a record that have a value, in the order of the display.

    linked says by kind and key of a heading which authority it is linked to; such a heading leads to that page.
    """
    linked = linked or {}
    found = [
        Line(_("Nhan đề"), _texts(marc, ("245",), "abcfghknps")),
        Line(_("Tác giả"), list(_names(marc, linked))),
        *[Line(label, _texts(marc, tags, codes)) for label, tags, codes in LABELLED],
        Line(_("Ngôn ngữ"), _languages(marc)),
        Line(_("Chủ đề"), list(_subjects(marc, linked))),
        *[Line(label, _texts(marc, tags, codes)) for label, tags, codes in NUMBERS],
        Line(_("Số kiểm soát"), [Value(plain(marc.control("001")))] if marc.control("001").strip() else []),
    ]
    return [line for line in found if line.values]


def search_url(**parameters: str) -> str:
    """The search page over records with these parameters."""
    query = QueryDict(mutable=True)
    query.update({"kind": "record", **parameters})
    return f"{reverse('search:index')}?{query.urlencode()}"


def _texts(marc: MarcRecord, tags: tuple[str, ...], codes: str) -> list[Value]:
    texts = [text for each in _with_originals(marc, tags) if (text := _text(each, codes))]
    return [Value(text) for text in dict.fromkeys(texts)]


def _text(each: DataField, codes: str) -> str:
    """The subfields as one text, with the signs of ISBD where the record has none."""
    tag = each.first("6")[:3] if each.tag == "880" else each.tag
    return isbd_areas.signed(each, codes, isbd_areas.SIGNS[tag]) if tag in isbd_areas.SIGNS else joined(each, codes)


def _with_originals(marc: MarcRecord, tags: tuple[str, ...]) -> Iterator[DataField]:
    """The fields, then those in another script that stand for them (880 with the tag in $6)."""
    yield from marc.data(*tags)
    for each in marc.data("880"):
        if each.first("6")[:3] in tags:
            yield each


def _names(marc: MarcRecord, linked: Mapping[tuple[str, str], int]) -> Iterator[Value]:
    for each in _with_originals(marc, NAMES):
        name = without_end(joined(each, "abcdnqt"))
        if each.tag in PERSONS or each.first("6")[:3] in PERSONS:
            name = BEFORE_YEARS.sub(", ", name)
        roles = ", ".join(without_end(plain(role)) for role in each.values("e"))
        plain_name = without_end(joined(each, "abc"))
        if name:
            url = _authority_url(each, linked) or search_url(q=f'"{plain_name.replace(chr(34), "")}"')
            yield Value(f"{name} ({roles})" if roles else name, url)


def _subjects(marc: MarcRecord, linked: Mapping[tuple[str, str], int]) -> Iterator[Value]:
    seen = set()
    for each in marc.data(*subjects.TAGS):
        for text in subjects.headings(each):
            if text not in seen:
                seen.add(text)
                yield Value(text, _authority_url(each, linked) or search_url(subject=text))


def _authority_url(each: DataField, linked: Mapping[tuple[str, str], int]) -> str:
    """The page of the authority that this heading is linked to; "" for none."""
    kind = headings.kind_of_tag(each.tag)
    if not (linked and kind and headings.link_of(each)):
        return ""
    authority = linked.get((kind, headings.key(headings.text_of(each, kind))))
    return reverse("library:record", args=[authority]) if authority else ""


def _languages(marc: MarcRecord) -> list[Value]:
    codes = [columns.language(marc, marc.control("008"))]
    codes += [plain(value) for each in marc.data("041") for value in each.values("a")]
    return [Value(languages.name(code)) for code in dict.fromkeys(codes) if code]


def addresses(marc: MarcRecord) -> list[Value]:
    """Where the document can be read: field 856."""
    return [
        Value(joined(each, "3yz") or plain(url), link=url.strip() if is_safe(url) else "")
        for each in marc.data("856")
        for url in each.values("u")
    ]


def is_safe(url: str) -> bool:
    """Whether a reader may be led there: a web address, no script and no file."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return False
    return parts.scheme.lower() in {"http", "https"} and bool(parts.hostname)
