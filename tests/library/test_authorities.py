"""Authorities: the starter ones, their pages, choosing, linking, and a change of heading."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import jobs, outbox
from library import authorities, authority_changes, authority_documents, authority_linking, records, starter_authorities
from library.marc import ControlField, DataField, MarcRecord
from library.models import Collection, Heading, Record, Source
from tests.library.books import book
from tests.people.signing_in import sign_in_staff

pytestmark = pytest.mark.django_db
LEADER = "00000nz  a2200000n  4500"


def authority(number: str = "dt-02", heading: str = "Người Tày", *others: str, **more: Any) -> Record:
    """An authority with its names derived."""
    fields = [
        ControlField("001", number),
        ControlField("003", "VN-NhaSan"),
        DataField.of("150", "  ", [("a", heading)]),
        *(DataField.of("450", "  ", [("a", name)]) for name in others),
        *more.pop("fields", ()),
    ]
    record, _outcome = records.save(marc=MarcRecord(LEADER, fields), **more)
    outbox.drain_all()
    return record


def subject(text: str, number: str = "", *more: tuple[str, str]) -> DataField:
    return DataField.of("650", " 7", [("a", text), *more, *([("0", f"(VN-NhaSan){number}")] if number else [])])


@pytest.fixture
def desk(client: Client, librarian: Any) -> Client:
    return sign_in_staff(client, librarian)


def test_the_starter_authorities_are_complete_and_loaded_once() -> None:
    first = starter_authorities.load()
    assert Record.objects.authorities().count() == first == 54 + 69 + 144
    assert Collection.objects.get(slug="tieu-de-chuan-dan-toc").memberships.count() == first
    before = dict(Record.objects.values_list("pk", "changed"))
    assert starter_authorities.load() == first
    assert dict(Record.objects.values_list("pk", "changed")) == before


def test_a_starter_authority_that_was_deleted_stays_deleted() -> None:
    starter_authorities.load()
    records.delete(Record.objects.get(control_number="tn-then"), by=None)
    starter_authorities.load()
    assert Record.objects.get(control_number="tn-then").deleted_at is not None


def test_a_starter_group_has_code_names_scripts_and_languages() -> None:
    by_number = {marc.control("001"): marc for marc in starter_authorities.authorities()}
    shown = authorities.read(by_number["dt-17"])
    assert (shown.kind, shown.heading) == ("ethnic_group", "Người Chăm")
    assert {"Chăm", "Dân tộc Chăm", "Chiêm Thành", "ꨌꩌ"} <= set(shown.variants)
    assert shown.codes == [("Mã số dân tộc", "17"), ("MARC", "cmc"), ("ISO 639-3", "cjm, cja, hro")]
    assert [each.text for each in shown.see_also] == ["Tiếng Chăm Đông", "Tiếng Chăm Tây", "Tiếng Chăm Hroi"]


def test_every_reference_of_a_starter_authority_leads_somewhere() -> None:
    every = list(starter_authorities.authorities())
    numbers = {f"(VN-NhaSan){marc.control('001')}": authorities.read(marc).heading for marc in every}
    for marc in every:
        assert len(marc.control("008")) == 40
        for each in authorities.read(marc).see_also:
            assert numbers[each.link] == each.text


def test_broader_terms_name_their_narrower_ones() -> None:
    by_number = {marc.control("001"): marc for marc in starter_authorities.authorities()}
    narrower = [each.text for each in authorities.read(by_number["tn-giam-ngheo"]).see_also if each.relation == "h"]
    assert narrower == ["Hộ nghèo"]
    broader = [each.text for each in authorities.read(by_number["tn-ho-ngheo"]).see_also if each.relation == "g"]
    assert broader == ["Giảm nghèo"]


def test_the_page_of_an_authority(client: Client, shelve: Callable[..., Record]) -> None:
    also = DataField.of("550", "  ", [("a", "Tiếng Tày"), ("0", "(VN-NhaSan)nn-tyz")])
    unknown = DataField.of("550", "  ", [("w", "g"), ("a", "Tiếng Tày – Thái")])
    group = authority("dt-02", "Người Tày", "Thổ", fields=(also, unknown))
    language = authority("nn-tyz", "Tiếng Tày")
    shelve("1", "Có liên kết", more=(subject("Người Tày", "dt-02"),))
    shelve("2", "Nháp", status="draft", more=(subject("Người Tày", "dt-02"),))
    shelve("3", "Không liên kết")
    outbox.drain_all()
    response = client.get(f"/library/records/{group.pk}/")
    assert "<h1>Người Tày</h1>" in response.text
    assert "Thổ" in response.text
    assert f'<a href="/library/records/{language.pk}/">Tiếng Tày</a>' in response.text
    assert "Tiếng Tày – Thái<" in response.text
    assert [record.title for record in response.context["page"]] == ["Có liên kết"]
    text = client.get(f"/library/records/{response.context['page'][0].pk}/").text
    assert f'<a href="/library/records/{group.pk}/">Người Tày</a>' in text


def test_the_page_takes_a_constant_number_of_queries(client: Client, shelve: Callable[..., Record]) -> None:
    group = authority()
    counts = []
    for number in range(2):
        for each in range(5):
            shelve(f"{number}-{each}", more=(subject("Người Tày", "dt-02"),))
        outbox.drain_all()
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/library/records/{group.pk}/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_list_of_authorities_by_kind_and_beginning(client: Client) -> None:
    authority("dt-02", "Người Tày", "Thổ", fields=(DataField.of("075", "  ", [("a", "Dân tộc"), ("2", "local")]),))
    authority("tn-then", "Then", "Hát Then")
    names = [name.text for name in client.get("/library/authorities/").context["page"]]
    assert names == ["Người Tày", "Thổ"]
    response = client.get("/library/authorities/?kind=subject&q=hat")
    assert [name.text for name in response.context["page"]] == ["Hát Then"]
    assert client.get("/library/authorities/?kind=x&page=y").status_code == 200


def test_authorities_are_searched_by_any_name() -> None:
    group = authority("dt-02", "Người Tày", "Thổ")
    [document] = authority_documents.documents([str(group.pk), "x"])
    assert (document.title, document.subtitle, list(document.subjects)) == ("Người Tày", "Thổ", ["Người Tày", "Thổ"])
    assert list(authority_documents.keys()) == [str(group.pk)]


def test_the_chooser_finds_by_prefix_without_marks_and_by_variants(desk: Client) -> None:
    group = authority("dt-12", "Người Ê-đê", "Rađê")
    authority("tn-nguoi-co-uy-tin", "Người có uy tín")
    url = reverse("library_authority:choose")
    found = desk.get(url, {"q": "nguoi e", "tag": "650"}).json()["found"]
    assert found == [
        {
            "id": group.pk,
            "heading": "Người Ê-đê",
            "by": "",
            "kind": "Chủ đề",
            "line": "",
        }
    ]
    typed = {"q": "rađ", "tag": "650", "line": "650 #7 $arađ$xVăn học$2nhasan$0(X)1"}
    assert [each["line"] for each in desk.get(url, typed).json()["found"]] == [
        "650 #7 $aNgười Ê-đê$xVăn học$2nhasan$0(VN-NhaSan)dt-12"
    ]
    assert desk.get(url, typed | {"line": "650"}).json()["found"][0]["line"] == ""
    assert [each["by"] for each in desk.get(url, {"q": "rađ"}).json()["found"]] == ["Rađê"]
    assert desk.get(url, {"q": "nguoi", "tag": "100"}).json() == {"found": []}
    assert desk.get(url, {"q": " "}).json() == {"found": []}


def test_the_chooser_is_for_cataloguers(client: Client) -> None:
    assert client.get(reverse("library_authority:choose"), {"q": "a"}).status_code == 302


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (
            subject("Nguoi Tày.", "dt-02", ("z", "Cao Bằng")),
            [("a", "Người Tày."), ("z", "Cao Bằng"), ("0", "(VN-NhaSan)dt-02")],
        ),
        (DataField.of("651", " 7", [("a", "Cũ")]), [("a", "Cũ")]),
        (
            DataField.of(
                "650", " 7", [("6", "880-01"), ("a", "Cũ,"), ("x", "Lịch sử."), ("0", "x"), ("0", "(VN-NhaSan)dt-02")]
            ),
            [("6", "880-01"), ("a", "Người Tày,"), ("x", "Lịch sử."), ("0", "x"), ("0", "(VN-NhaSan)dt-02")],
        ),
    ],
)
def test_a_heading_is_put_into_a_field_and_the_rest_stays(field: DataField, expected: list[tuple[str, str]]) -> None:
    group = authority()
    [mended] = authority_changes.with_heading_of(MarcRecord(LEADER, [field]), group).fields
    assert isinstance(mended, DataField)
    assert [tuple(part) for part in mended.subfields] == expected


def test_a_change_of_heading_is_seen_then_done_and_kept_as_a_version(
    desk: Client, shelve: Callable[..., Record]
) -> None:
    group = authority("dt-08", "Người Mèo")
    own = shelve("1", "Sách", more=(subject("Người Mèo.", "dt-08"),))
    source = Source.objects.create(key="lc", name="Lào Cai")
    foreign = shelve("2", "Của bạn", source=source, more=(subject("Người Mèo", "dt-08"),))
    outbox.drain_all()
    url = reverse("library_authorities:inspect", args=[group.pk])
    assert desk.get(url).context["outdated"] == 0
    desk.post(reverse("library_authority:rename", args=[group.pk]), {"heading": "Người Mông"})
    outbox.drain_all()
    response = desk.get(url)
    assert (response.context["outdated"], response.context["harvested"]) == (1, 1)
    [(record, pairs)] = response.context["changes"]
    assert (record.pk, pairs) == (
        own.pk,
        [("650 #7 $aNgười Mèo.$0(VN-NhaSan)dt-08", "650 #7 $aNgười Mông.$0(VN-NhaSan)dt-08")],
    )
    assert Record.objects.get(pk=own.pk).version == 1
    desk.post(reverse("library_authority:change", args=[group.pk]))
    assert jobs.run_all() == 1
    outbox.drain_all()
    own.refresh_from_db()
    assert "Người Mông." in [value for each in own.marc.data("650") for value in each.values("a")]
    assert (own.version, own.versions.get().action) == (2, "batch")
    assert Record.objects.get(pk=foreign.pk).version == 1
    assert authorities.read(Record.objects.get(pk=group.pk).marc).variants == ["Người Mèo"]
    assert desk.get(url).context["outdated"] == 0


def test_a_heading_of_several_subfields_keeps_them_apart(desk: Client) -> None:
    fields = [
        ControlField("001", "p1"),
        ControlField("003", "VN-NhaSan"),
        DataField.of("100", "1 ", [("a", "Vi Hồng,"), ("d", "1936-2011")]),
    ]
    person, _outcome = records.save(marc=MarcRecord(LEADER, fields))
    page = reverse("library_authorities:inspect", args=[person.pk])
    assert 'value="$aVi Hồng,$d1936-2011"' in desk.get(page).text
    url = reverse("library_authority:rename", args=[person.pk])
    assert "Hãy ghi đủ, như đang có" in desk.post(url, {"heading": "Vi Hồng, nhà văn"}, follow=True).text
    assert "Hãy ghi tiêu đề mới." in desk.post(url, {"heading": "$d1936"}, follow=True).text
    desk.post(url, {"heading": "$aVi Văn Hồng,$d1936-2011"})
    person.refresh_from_db()
    assert [each.content[2:].replace("\x1f", "$") for each in person.marc.data("100", "400")] == [
        "$aVi Văn Hồng,$d1936-2011",
        "$wnne$aVi Hồng,$d1936-2011",
    ]


def test_an_empty_heading_is_refused(desk: Client) -> None:
    group = authority()
    response = desk.post(reverse("library_authority:rename", args=[group.pk]), {"heading": " "}, follow=True)
    assert "Hãy ghi tiêu đề mới." in response.text
    assert Record.objects.get(pk=group.pk).version == 1


def test_headings_are_linked_after_a_look(desk: Client, shelve: Callable[..., Record]) -> None:
    authority("dt-02", "Người Tày", "Dân tộc Tày", "Thổ")
    authority("dt-24", "Người Thổ", "Thổ")
    shelve("1", more=(subject("người tày."),))
    shelve("2", more=(subject("Dân tộc Tày"), subject("Thổ")))
    outbox.drain_all()
    url = reverse("library_authority:link")
    assert [(match.text, match.number) for match in desk.get(url).context["matches"]] == [("người tày", 1)]
    both = desk.get(url, {"variants": "1"}).context["matches"]
    assert sorted(match.text for match in both) == ["Dân tộc Tày", "người tày"]
    desk.post(url, {"variants": "1"})
    assert jobs.run_all() == 1
    outbox.drain_all()
    fields = [each.content for row in Record.objects.bibliographic() for each in row.marc.data("650")]
    assert [field[2:].replace("\x1f", "$") for field in fields if "Tày" in field or "Thổ" in field] == [
        "$aNgười Tày.$0(VN-NhaSan)dt-02",
        "$aNgười Tày$0(VN-NhaSan)dt-02",
        "$aThổ",
    ]
    assert Heading.objects.exclude(authority=None).count() == 2
    assert list(authority_linking.matches(variants=True)) == []


def test_who_may_not_change_many_records_may_not_link(client: Client, shelve: Callable[..., Record]) -> None:
    from people import accounts, roles

    roles.ensure()
    sign_in_staff(client, accounts.create(full_name="Lò Thị Biên", username="bien", roles=(roles.CATALOGUER,)))
    group = authority()
    assert client.get(reverse("library_authority:link")).status_code in {302, 403}
    assert client.post(reverse("library_authority:change", args=[group.pk])).status_code in {302, 403}
    assert not jobs.run_all()


def test_linking_leaves_what_is_linked_and_uncontrolled() -> None:
    authority()
    fields = (subject("Người Tày", "khac"), DataField.of("653", "  ", [("a", "Người Tày")]))
    marc = book(more=fields)
    assert authority_linking.linked(marc, variants=True) == marc
