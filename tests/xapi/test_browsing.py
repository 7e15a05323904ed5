"""Staff find statements, read them in words, and follow a registration."""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import given, settings
from hypothesis import strategies as st

from people import accounts, roles
from people.actors import actor_of
from people.models import ActorIdentifier, User, UserAlias
from tests.people.signing_in import sign_in_staff
from tests.xapi.conftest import ANSWERED, BINH, PASSED, QUIZ, VOIDED, about, new_id, statement, store_with
from xapi import browsing, clock, keys, outcomes, retrieval, verbs
from xapi.browsing import Search
from xapi.models import Statement
from xapi.rules import formats
from xapi.sentences import in_words
from xapi.statements import record

pytestmark = pytest.mark.django_db
KIND = "http://adlnet.gov/expapi/activities/"
COURSE = {
    "id": "https://lms.example.org/c",
    "definition": {"type": f"{KIND}course", "name": {"vi": "An toàn thông tin"}},
}
LESSON = {
    "id": "https://lms.example.org/c/3",
    "definition": {"type": f"{KIND}lesson", "name": {"en": "L", "vi": "Bài 3"}},
}
QUESTION = {
    "id": "https://lms.example.org/c/q",
    "definition": {
        "type": f"{KIND}cmi.interaction",
        "interactionType": "choice",
        "description": {"vi": "Mật khẩu nào tốt?"},
        "choices": [{"id": "a", "description": {"vi": "123456"}}, {"id": "b", "description": {"vi": "Bốn từ lạ"}}],
    },
}
IN_COURSE = {"contextActivities": {"grouping": [COURSE]}}


@pytest.fixture
def learner() -> User:
    return accounts.create(full_name="Giàng Thị Mỷ", username="my", phone="0912345678")


@pytest.fixture
def admin(client: Client) -> Client:
    user = accounts.create(full_name="Quản Trị", username="quan.tri", roles=[roles.ADMINISTRATOR], is_superuser=True)
    return sign_in_staff(client, user)


@pytest.fixture
def auditor() -> Client:
    return sign_in_staff(Client(), accounts.create(full_name="Kiểm Tra", username="kiem", roles=[roles.AUDITOR]))


def page(client: Client, **parameters: Any) -> str:
    """The list as it is sent."""
    response = client.get(reverse("xapi_admin:statements"), parameters)
    assert response.status_code == 200
    return response.content.decode()


def plain(html: str) -> str:
    """What the main part of a page says, in one line."""
    main = html.partition('id="main"')[2] or html
    spaced = re.sub(r"(</(?:dt|dd|p|h2|li)>)", r" \1", main)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", "", spaced))).strip()


def said(client: Client, **parameters: Any) -> list[str]:
    """The lines of the list, each as one text."""
    [found] = re.findall(r'<ol class="nha-san-statements">(.*?)</ol>', page(client, **parameters), re.DOTALL) or [""]
    return [plain(each) for each in re.findall(r"<li.*?</li>", found, re.DOTALL)]


def who(client: Client, **parameters: Any) -> list[str]:
    """Whom the lines name."""
    return re.findall(r"<strong>(.*?)</strong>", page(client, **parameters))


def one(client: Client, statement_id: Any) -> str:
    response = client.get(reverse("xapi_admin:statement", args=[statement_id]))
    assert response.status_code == 200
    return response.content.decode()


def counted(run: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        run()
    return len(captured)


def test_an_empty_list_says_what_will_be_there(admin: Client) -> None:
    assert "Chưa có bản ghi học tập nào." in page(admin)


def test_a_statement_is_a_sentence(admin: Client, learner: User) -> None:
    at = timezone.localtime().replace(hour=8, minute=30)
    result = {"success": True, "score": {"raw": 8, "max": 10, "scaled": 0.8}, "duration": "PT1H5M"}
    record([
        statement(actor=actor_of(learner), verb=PASSED, object=LESSON, context=IN_COURSE, result=result,
                  timestamp=at.isoformat())
    ])  # fmt: skip
    when = at.strftime("%d/%m/%Y 08:30")
    assert said(admin) == [
        f"Giàng Thị Mỷ đã đạt Bài 3 điểm 8/10 thời lượng 1 giờ 5 phút khóa An toàn thông tin · {when} · Nhà Sàn"
    ]


def test_a_statement_that_came_days_later_says_when(admin: Client) -> None:
    record([statement(timestamp="2026-03-12T08:30:00+07:00")])
    stored = clock.stored_at(Statement.objects.get().pk).astimezone().strftime("%d/%m/%Y")
    assert f"12/03/2026 08:30 (ghi nhận {stored}" in said(admin)[0]


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_the_ends_of_the_calendar_are_shown(admin: Client, time: str) -> None:
    [first] = record([statement(timestamp=time)])
    assert time[:4] in said(admin)[0]
    assert time[:4] in one(admin, first)
    assert admin.get(reverse("xapi_admin:export_csv")).getvalue().count(time[:4].encode()) == 1


def test_answers_are_right_or_wrong_and_questions_are_quoted(admin: Client) -> None:
    result = {"success": False, "score": {"raw": 0, "min": 0, "max": 1, "scaled": 0}}
    record([statement(object=QUESTION, result=result)])
    assert said(admin)[0].startswith(
        f"Anna (anna@example.org) đã trả lời “Mật khẩu nào tốt?” sai {timezone.localdate():%d/%m/%Y}"
    )


def test_strangers_have_the_name_that_was_said_and_their_identifier(admin: Client) -> None:
    store = store_with("all", name="Phần mềm <b>lớp</b>")
    store.stored(
        statement(actor=BINH, verb={"id": "http://x.org/verbs/climbed"}), statement(actor=BINH | {"name": "B"})
    )
    assert who(admin) == ["B (binh)", "binh"]
    found = page(admin)
    assert "Phần mềm &lt;b&gt;lớp&lt;/b&gt;" in found
    assert "climbed" in found


def test_who_may_not_see_the_person_sees_no_name(auditor: Client, learner: User) -> None:
    ActorIdentifier.objects.create(person=learner, kind="mbox", value="mailto:my@example.vn")
    record([statement(actor=actor_of(learner))])
    store_with("all").stored(statement(actor={"mbox": "mailto:my@example.vn", "name": "Giàng Thị Mỷ"}))
    assert who(auditor) == ["my@example.vn", str(learner.uuid)]
    assert "Không tìm thấy ai ứng với “Giàng Thị Mỷ”" in plain(page(auditor, who="Giàng Thị Mỷ"))
    assert who(auditor, who=str(learner.uuid)) == [str(learner.uuid)]
    assert who(auditor, who="", who_is=f"person:{learner.uuid}") == []


def test_statements_about_statements(admin: Client, learner: User) -> None:
    [first] = record([statement(actor=actor_of(learner), object=QUESTION)])
    record(
        [
            statement(actor=BINH, verb=VOIDED, object=about(first)),
            statement(object={"objectType": "SubStatement", **statement()}),
        ]
    )
    lines = said(admin)
    assert lines[0].startswith(f"Anna (anna@example.org) đã trả lời anna@example.org đã trả lời {QUIZ['id']} ")
    assert lines[1].startswith("binh đã hủy “Giàng Thị Mỷ đã trả lời ‘Mật khẩu nào tốt?’”")


@pytest.mark.parametrize("text", ["Giàng Thị Mỷ", "giang my", "0912345678", "my", "Mỷ"])
def test_a_person_is_found_by_name_and_number_with_all_identifiers(admin: Client, learner: User, text: str) -> None:
    ActorIdentifier.objects.create(person=learner, kind="mbox", value="mailto:my@example.vn")
    old = accounts.create(full_name="Người Cũ", username="nguoi.cu")
    UserAlias.objects.create(uuid=old.uuid, person=learner)
    record([statement(actor=actor_of(learner)), statement(actor=actor_of(old)), statement()])
    store_with("all").stored(statement(actor={"mbox": "mailto:my@EXAMPLE.vn"}))
    assert who(admin, who=text) == ["Giàng Thị Mỷ"] * 3


def test_a_name_of_several_people_offers_them(admin: Client, learner: User) -> None:
    other = accounts.create(full_name="Giàng Thị Mỷ", username="my.khac")
    record([statement(actor=actor_of(learner)), statement(actor=actor_of(other), verb=PASSED)])
    found = page(admin, who="giàng thị mỷ")
    assert "“giàng thị mỷ” có thể là:" in plain(found)
    links = re.findall(r'<li><a href="\?([^"]*)">', found)
    assert len(links) == 2
    response = admin.get(f"{reverse('xapi_admin:statements')}?{unescape(links[1])}")
    assert response.context["asked"].who.person == other
    assert [line.did for line in response.context["lines"]] == ["đã đạt"]
    assert 'value="Giàng Thị Mỷ"' in response.content.decode()


def test_typing_another_name_drops_the_one_chosen_before(admin: Client, learner: User) -> None:
    record([statement(actor=actor_of(learner))])
    assert "Không tìm thấy ai ứng với “Sùng”" in plain(page(admin, who="Sùng", who_is=f"person:{learner.uuid}"))


@pytest.mark.parametrize(
    ("actor", "text"),
    [
        ({"mbox": "mailto:Anna.B@Example.org"}, "Anna.B@example.ORG"),
        ({"mbox": "mailto:anna.b@example.org"}, "mailto:anna.b@example.org"),
        (BINH, "https://lms.example.org binh"),
        ({"openid": "https://id.example.org/b"}, "https://id.example.org/b"),
        ({"mbox_sha1sum": "a" * 40}, "A" * 40),
    ],
)
def test_a_raw_identifier_finds_the_actor(admin: Client, actor: dict[str, Any], text: str) -> None:
    record([statement(actor=actor, verb=PASSED), statement(actor={"mbox": "mailto:khac@example.org"})])
    lines = said(admin, who=text)
    assert len(lines) == 1
    assert "đã đạt" in lines[0]


def test_an_activity_is_found_by_name_and_address_with_what_is_inside(admin: Client) -> None:
    record([statement(object=COURSE, verb=PASSED), statement(object=LESSON, context=IN_COURSE), statement()])
    for text in ("an toan thong tin", "An toàn", COURSE["id"]):
        assert [re.sub(r" \d\d/.*", "", each) for each in said(admin, what=text)] == [
            "Anna (anna@example.org) đã trả lời Bài 3 khóa An toàn thông tin ·",
            "Anna (anna@example.org) đã đạt khóa An toàn thông tin",
        ]
    assert len(said(admin, what="Bài 3")) == 1
    assert "Không tìm thấy khóa học, bài học hay câu hỏi nào ứng với “xyz”" in plain(page(admin, what="xyz"))


def test_several_activities_are_offered(admin: Client) -> None:
    other = {"id": "https://lms.example.org/c/30", "definition": {"name": {"vi": "Bài 30"}}}
    record([statement(object=LESSON), statement(object=other)])
    found = page(admin, what="bài")
    assert "Những nội dung khớp với “bài”:" in plain(found)
    link = re.findall(r'<li><a href="\?([^"]*)">Bài 3</a>', found)
    assert len(admin.get(f"{reverse('xapi_admin:statements')}?{unescape(link[0])}").context["lines"]) == 1


def test_a_name_learned_later_is_searched(admin: Client) -> None:
    record([statement(object=LESSON)])
    record([statement(object=LESSON | {"definition": {"name": {"en": "Passwords"}}})])
    assert len(said(admin, what="passwords")) == 2


def test_other_filters_and_all_together(admin: Client, learner: User) -> None:
    store, registration = store_with("all"), new_id()
    record([statement(actor=actor_of(learner), object=LESSON, context={"registration": registration})])
    [mine] = record([statement(actor=actor_of(learner), verb=PASSED)])
    store.stored(statement(actor=actor_of(learner), verb={"id": "http://x.org/climbed"}))
    source = str(store.credential.pk)
    assert len(said(admin)) == 3
    assert len(said(admin, source="site")) == 2
    assert len(said(admin, source=source)) == 1
    assert len(said(admin, verb=ANSWERED["id"])) == 1
    assert "climbed" in said(admin, verb="http://x.org/climbed")[0]
    record([statement(verb={"id": "http://x.org/commented"}, object=about(mine))])
    assert ["đã đạt" in line for line in said(admin, verb=PASSED["id"])] == [True]
    assert len(said(admin, registration=registration)) == 1
    assert len(said(admin, who="my", verb=PASSED["id"], source="site", what=QUIZ["id"])) == 1
    assert said(admin, who="my", verb=PASSED["id"], source=source) == []
    assert "Không có bản ghi nào khớp với bộ lọc." in page(admin, verb=VOIDED["id"])
    assert Statement.objects.get(statement_id=mine).verb == PASSED["id"]


def test_days_are_whole_days_of_the_site(admin: Client) -> None:
    record([statement()])
    row = Statement.objects.get()
    for key, day in {
        clock.keys_from(datetime(2026, 3, 11, 17, tzinfo=UTC)): "2026-03-12",  # midnight in Hà Nội
        clock.keys_from(datetime(2026, 3, 12, 16, 59, 59, 999_000, tzinfo=UTC)): "2026-03-12",
        clock.keys_from(datetime(2026, 3, 12, 17, tzinfo=UTC)): "2026-03-13",
    }.items():
        Statement.objects.filter(statement_id=row.statement_id).update(id=key)
        assert len(said(admin, since=day, until=day)) == 1, key
        assert len(said(admin, since="2026-03-12", until="2026-03-12")) == (day == "2026-03-12"), key


@pytest.mark.parametrize("after", [False, True])
def test_voided_statements_are_found_by_what_they_were(admin: Client, after: bool) -> None:
    store = store_with("all")
    [first, _second] = store.stored(statement(object=LESSON, context=IN_COURSE), statement(actor=BINH))
    store.stored(statement(actor=BINH, verb=VOIDED, object=about(first)))
    with patch.object(browsing, "VOIDED_STRETCH", 1 if after else 500):
        lines = said(admin, status="voided", who="anna@example.org", what=COURSE["id"], source=str(store.credential.pk))
        assert len(lines) == 1
        assert "đã bị hủy" in lines[0]
        assert said(admin, status="voided", who="https://lms.example.org binh") == []
        assert said(admin, status="voided", verb=PASSED["id"]) == []
    assert first not in [str(each) for each in Statement.objects.unvoided().values_list("statement_id", flat=True)]
    assert len(said(admin)) == 2


def test_voided_ones_are_read_along_their_own_index() -> None:
    rows = Statement.objects.filter(voided=True, pk__gte=0, pk__lte=2**63 - 1).order_by("-pk")
    if connection.vendor == "sqlite":
        assert "xapi_statement_voided" in rows.explain()


def test_pages_go_both_ways_by_key_with_the_same_queries(admin: Client, learner: User) -> None:
    actors = [actor_of(accounts.create(full_name=f"Học Viên {n}", username=f"hv.{n}")) for n in range(5)]
    record([statement(actor=actors[0], object=LESSON, context=IN_COURSE) for _ in range(3)])
    page(admin)
    few = counted(lambda: page(admin))
    record(
        [
            statement(actor=actors[n % 5], object=LESSON, context=IN_COURSE, result={"response": str(n)})
            for n in range(117)
        ]
    )
    assert counted(lambda: page(admin)) == few
    every = list(Statement.objects.order_by("-id").values_list("id", flat=True))

    def shown(query: str) -> tuple[list[int], dict[str, Any]]:
        context = admin.get(f"{reverse('xapi_admin:statements')}?{query}").context
        return [line.row.pk for line in context["lines"]], context["pages"]

    first, links = shown("")
    assert (first, links["back"]) == (every[:50], None)
    second, links = shown(links["after"])
    assert second == every[50:100]
    third, last = shown(links["after"])
    assert (third, last["after"]) == (every[100:], None)
    assert shown(last["back"])[0] == second
    again, links = shown(shown(last["back"])[1]["back"])
    assert (again, links["back"]) == (first, None)
    assert shown("order=oldest")[0] == every[::-1][:50]


def test_queries_do_not_depend_on_what_the_statements_say(admin: Client, learner: User) -> None:
    query = {"who": "my", "what": COURSE["id"], "verb": ANSWERED["id"], "source": "site"}
    record([statement(actor=actor_of(learner), object=LESSON, context=IN_COURSE)])
    page(admin, **query)
    few = counted(lambda: page(admin, **query))
    record([statement(actor=actor_of(learner), object=LESSON, context=IN_COURSE) for _ in range(40)])
    assert counted(lambda: page(admin, **query)) == few
    assert few < 30


def test_a_search_that_hardly_fits_goes_on_in_stretches(admin: Client) -> None:
    """Of two filters that many statements have, but never together, only a stretch is looked at in one step."""
    [last] = record([statement(actor=BINH, verb=ANSWERED)])
    record([statement(actor=BINH, verb=PASSED) if n % 2 else statement(verb=ANSWERED) for n in range(40)])
    filters = [(keys.agent("account https://lms.example.org binh"),), (keys.verb(ANSWERED["id"]),)]
    with patch.object(retrieval, "STRETCH", 8):
        found = browsing.step(Search(filters), cursor=None, limit=5)
        assert (found.ids, found.cut) == ([], True)
        whole = [row.statement_id for rows in browsing.batches(Search(filters)) for row in rows]
        assert whole == [last]
        reverse_order = Search(filters, oldest_first=True)
        assert [row.statement_id for rows in browsing.batches(reverse_order) for row in rows] == [last]
        assert "Tìm tiếp" in page(admin, who="https://lms.example.org binh", verb=ANSWERED["id"])
    assert browsing.step(Search(filters), cursor=None, limit=5).cut is False


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1), st.booleans()), max_size=14),
    st.sets(st.integers(0, 2), max_size=2),
    st.integers(1, 6),
    st.booleans(),
    st.booleans(),
)
def test_batches_are_exactly_what_fits(
    made: list[tuple[int, int, bool]], wanted: set[int], stretch: int, voided: bool, oldest_first: bool
) -> None:
    """Whatever the length of a stretch and of a batch."""
    Statement.objects.all().delete()
    actors = [f"mailto:a{n}@example.org" for n in range(3)]
    ids = record([
        statement(actor={"mbox": actors[a]}, verb=[ANSWERED, PASSED][v], id=new_id()) for a, v, _gone in made
    ]) if made else []  # fmt: skip
    gone = {each for each, (_a, _v, is_gone) in zip(ids, made, strict=True) if is_gone}
    if gone:
        record([statement(actor={"mbox": "mailto:x@example.org"}, verb=VOIDED, object=about(each)) for each in gone])
    filters = [tuple(keys.agent(f"mbox {actors[n]}") for n in sorted(wanted)), (keys.verb(PASSED["id"]),)]
    filters = filters if wanted else filters[1:]
    expected = [
        each
        for each, (a, v, is_gone) in zip(ids, made, strict=True)
        if v == 1 and is_gone is voided and (a in wanted or not wanted)
    ]
    with (
        patch.object(retrieval, "STRETCH", stretch),
        patch.object(browsing, "VOIDED_STRETCH", stretch),
        patch.object(browsing, "BATCH", 2),
    ):
        search = Search(filters, voided=voided, oldest_first=oldest_first)
        found = [row for rows in browsing.batches(search) for row in rows]
    own = [row.statement_id for row in found if row.voids is None]
    assert own == (expected if oldest_first else expected[::-1])
    assert len({row.pk for row in found}) == len(found)


def test_a_registration_is_followed_oldest_first(admin: Client) -> None:
    registration = new_id()
    context = {"registration": registration}
    record([statement(context=context), statement(context=context, verb=PASSED), statement(actor=BINH)])
    assert f"?registration={registration}&amp;order=oldest" in page(admin)
    found = page(admin, registration=registration, order="oldest")
    assert "Diễn biến của một lượt ghi danh" in found
    lines = said(admin, registration=registration, order="oldest")
    assert ["đã đạt" in line for line in lines] == [False, True]


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({"registration": "x"}, "Mã lượt ghi danh là một UUID"),
        ({"since": "2026-02-30"}, "Hãy nhập ngày, ví dụ 12/03/2026."),
        ({"since": "0001-01-01"}, "Hãy nhập một ngày từ năm 1970 đến năm 2199."),
        ({"until": "9999-12-31"}, "Hãy nhập một ngày từ năm 1970 đến năm 2199."),
        ({"since": "2026-03-02", "until": "2026-03-01"}, "Ngày cuối phải bằng hoặc sau ngày đầu."),
        ({"source": "999"}, ""),
        ({"status": "x"}, ""),
        ({"who": "a\0b"}, ""),
        ({"verb": "x" * 3000}, ""),
    ],
)
def test_what_makes_no_sense_is_said_and_finds_nothing(admin: Client, parameters: dict[str, str], error: str) -> None:
    record([statement()])
    response = admin.get(reverse("xapi_admin:statements"), parameters)
    assert response.status_code == 200
    assert response.context["asked"].form.errors.keys() <= parameters.keys()
    assert response.context["asked"].form.errors
    assert error in response.content.decode()
    assert response.context["lines"] == []


@pytest.mark.parametrize("parameters", [{"after": "x"}, {"back": "9" * 30}, {"after": "-1"}, {"after": "²"}])
def test_cursors_that_make_no_sense_answer_404(admin: Client, parameters: dict[str, str]) -> None:
    assert admin.get(reverse("xapi_admin:statements"), parameters).status_code == 404


@settings(deadline=None)
@given(
    st.fixed_dictionaries({}, optional={name: st.text(max_size=30) for name in ("who", "what", "who_is", "what_is")})
)
def test_no_text_breaks_the_search(parameters: dict[str, str]) -> None:
    user = User.objects.filter(username="quan.tri").first() or accounts.create(
        full_name="Quản Trị", username="quan.tri", roles=[roles.ADMINISTRATOR], is_superuser=True
    )
    client = sign_in_staff(Client(), user)
    values = {name: value.encode("utf-8", "replace").decode() for name, value in parameters.items()}
    assert client.get(reverse("xapi_admin:statements"), values).status_code == 200


def test_one_statement_part_by_part(admin: Client, learner: User) -> None:
    registration = new_id()
    result = {"success": True, "completion": True, "score": {"raw": 7.5, "max": 10, "scaled": 0.75}, "response": "b",
              "duration": "PT90S"}  # fmt: skip
    context = IN_COURSE | {"registration": registration, "instructor": BINH, "platform": "Lớp học 4", "language": "vi"}
    [first] = record([
        statement(actor=actor_of(learner), object=QUESTION, result=result, context=context,
                  timestamp="2026-03-12T08:30:00+07:00")
    ])  # fmt: skip
    found = plain(one(admin, first))
    for expected in (
        "Giàng Thị Mỷ đã trả lời “Mật khẩu nào tốt?”",
        f"Ai Giàng Thị Mỷ http://testserver {learner.uuid}",
        f"Đã làm gì đã trả lời {ANSWERED['id']}",
        f"Thuộc khóa An toàn thông tin {COURSE['id']}",
        "Kết quả đúng",
        "Hoàn thành có",
        "Điểm 7,5/10 75%",
        "Câu trả lời Bốn từ lạ",
        "Thời lượng 1 phút 30 giây",
        "Người hướng dẫn binh https://lms.example.org binh",
        "Phần mềm Lớp học 4",
        "Học lúc 12/03/2026 08:30:00",
        "Nguồn Nhà Sàn",
        "Phiên bản xAPI 1.0.0",
        f"Mã bản ghi {first}",
        f"Mã lượt ghi danh {registration}",
        "Theo dõi lượt ghi danh này",
    ):
        assert expected in found
    assert '"response": "b"' in found
    assert admin.get(reverse("xapi_admin:statement", args=[new_id()])).status_code == 404


def test_one_statement_shows_what_voids_it_and_what_is_said_of_it(admin: Client) -> None:
    [first] = record([statement()])
    [comment] = record([statement(actor=BINH, verb={"id": "http://x.org/commented"}, object=about(first))])
    [voiding] = record([statement(actor=BINH, verb=VOIDED, object=about(first))])
    found = one(admin, first)
    assert "Bản ghi này đã bị hủy và không còn được tính." in found
    assert re.search(
        rf"Bản ghi đã hủy bản ghi này.*{voiding}.*Các bản ghi nói về bản ghi này.*{comment}", found, re.DOTALL
    )
    found = one(admin, voiding)
    assert re.search(rf"Bản ghi bị bản ghi này hủy.*{first}", found, re.DOTALL)
    assert str(comment) not in found


def test_the_page_of_one_makes_the_same_queries(admin: Client) -> None:
    [first] = record([statement(object=LESSON, context=IN_COURSE)])
    record([statement(actor=BINH, object=about(first))])
    one(admin, first)
    few = counted(lambda: one(admin, first))
    record([statement(actor=BINH | {"name": str(n)}, object=about(first)) for n in range(10)])
    assert counted(lambda: one(admin, first)) == few


def test_a_file_is_downloaded_with_its_statement_only(admin: Client, auditor: Client) -> None:
    content = b"<script>alert(1)</script>"
    sha2 = hashlib.sha256(content).hexdigest()
    attachment = {"usageType": "http://x.org/log", "display": {"vi": "Nhật ký"}, "contentType": "text/html",
                  "length": len(content), "sha2": sha2}  # fmt: skip
    store = store_with("all")
    sent = statement(id=new_id(), attachments=[attachment])
    assert _post_with_file(store, sent, sha2, content) == 200
    [other] = store.stored(statement(attachments=[attachment | {"fileUrl": "https://lms.example.org/log"}]))
    assert "Mở ở trang của bên gửi" in one(admin, other)
    assert "Nhật ký" in one(admin, sent["id"])
    address = reverse("xapi_admin:attachment", args=[sent["id"], sha2])
    assert address in one(admin, sent["id"])
    response = auditor.get(address)
    assert response.getvalue() == content
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment;")
    assert admin.get(reverse("xapi_admin:attachment", args=[other, sha2])).status_code == 404
    assert admin.get(reverse("xapi_admin:attachment", args=[sent["id"], "0" * 64])).status_code == 404
    trainer = sign_in_staff(Client(), accounts.create(full_name="Cô Giáo", username="co", roles=[roles.TRAINER]))
    assert trainer.get(address).status_code in {302, 403}


def _post_with_file(store: Any, sent: dict[str, Any], sha2: str, content: bytes) -> int:
    parts = (
        b"--b\r\nContent-Type: application/json\r\n\r\n" + json.dumps(sent).encode() + b"\r\n--b\r\n"
        b"Content-Type: text/html\r\nContent-Transfer-Encoding: binary\r\nX-Experience-API-Hash: " + sha2.encode()
        + b"\r\n\r\n" + content + b"\r\n--b--\r\n"
    )  # fmt: skip
    return store.post(parts, content_type="multipart/mixed; boundary=b").status_code


@pytest.mark.parametrize(
    ("duration", "words"),
    [
        ("PT4H35M59.14S", "4 giờ 35 phút 59,1 giây"),
        ("PT5400S", "1 giờ 30 phút"),
        ("PT0S", "0 giây"),
        ("P3Y6M", "3 năm 6 tháng"),
        ("P1,5W", "1,5 tuần"),
        ("P1DT1M", "1 ngày 1 phút"),
        ("PT1M59.96S", "2 phút"),
    ],
)
def test_durations_in_words(duration: str, words: str) -> None:
    assert outcomes.duration(duration) == words


@settings(deadline=None)
@given(st.from_regex(r"\AP(?:\d{1,60}W|\d{0,50}Y?T?\d{0,60}[HMS]?)\Z"))
def test_any_duration_can_be_said(duration: str) -> None:
    try:
        formats.duration(duration, "duration")
    except formats.Broken:
        return
    assert outcomes.duration(duration)


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**30), 10**30))
def test_any_score_can_be_said(raw: float) -> None:
    assert outcomes.in_words({"score": {"raw": raw}}, verbs.ANSWERED.id)


@pytest.mark.parametrize(
    ("result", "verb", "words"),
    [
        ({"success": True, "completion": True}, verbs.PASSED, []),
        ({"completion": False}, verbs.COMPLETED, ["chưa xong"]),
        ({"success": False, "completion": True}, verbs.ATTENDED, ["chưa đạt", "đã xong"]),
        ({"success": True, "score": {"scaled": 1, "raw": 1, "max": 1}}, verbs.ANSWERED, ["đúng"]),
        ({"score": {"scaled": 0}}, verbs.ANSWERED, ["điểm 0%"]),
        ({"score": {"raw": 0, "max": 10}}, verbs.PASSED, ["điểm 0/10"]),
        ({"score": {"raw": 66.666}}, verbs.PASSED, ["điểm 66,67"]),
    ],
)
def test_results_in_words(result: dict[str, Any], verb: verbs.Verb, words: list[str]) -> None:
    assert outcomes.in_words(result, verb.id) == words


def test_english_readers_read_english(admin: Client) -> None:
    record([statement(object=LESSON, verb=PASSED)])
    with translation.override("en"):
        [row] = Statement.objects.all()
        [line] = in_words([row], reader=User.objects.get())
    assert line.text == "Anna (anna@example.org) passed L"


@pytest.mark.parametrize("name", ["statements", "export_csv", "export_jsonl", "actors"])
def test_only_those_with_the_permission(client: Client, name: str) -> None:
    address = reverse(f"xapi_admin:{name}")
    assert client.get(address).status_code == 302
    trainer = sign_in_staff(client, accounts.create(full_name="Cô Giáo", username="co", roles=[roles.TRAINER]))
    assert trainer.get(address).status_code in {302, 403}
