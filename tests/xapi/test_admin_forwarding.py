"""Staff make, change, pause and delete receivers, and decide about what was refused."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry
from people import accounts, roles
from tests.people.signing_in import sign_in_staff
from tests.xapi.conftest import PASSED, statement, store_with
from tests.xapi.fake_receiver import FakeReceiver, say
from xapi import clock, forwarding
from xapi.models import DeadLetter, Forwarding, ForwardingQueue, Statement
from xapi.statements import record

pytestmark = pytest.mark.django_db
FORM = {
    "name": "LRS quốc gia",
    "endpoint": "https://lrs.example.org/xapi/",
    "key": "k",
    "secret": " bí mật ",
    "version": "1.0.3",
    "senders": "all",
    "verbs": "",
    "activities": "",
    "since": "",
}


@pytest.fixture
def admin(client: Client) -> Client:
    user = accounts.create(full_name="Quản Trị", username="quan.tri", roles=[roles.ADMINISTRATOR], is_superuser=True)
    return sign_in_staff(client, user)


@pytest.fixture
def auditor(client: Client) -> Client:
    return sign_in_staff(client, accounts.create(full_name="Kiểm Tra", username="kiem", roles=[roles.AUDITOR]))


@pytest.fixture
def made(db: None) -> Forwarding:
    row = Forwarding(name="LRS quốc gia", endpoint="https://lrs.example.org/xapi/", key="k")
    row.secret = "s"
    row.save()
    return row


@pytest.fixture
def other(settings: Any) -> Any:
    settings.FETCH_ALLOW = ["127.0.0.1"]
    fake = FakeReceiver()
    yield fake
    fake.close()


def page(client: Client, name: str = "forwardings", *args: int, **parameters: Any) -> str:
    response = client.get(reverse(f"xapi_admin:{name}", args=args), parameters)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def post(client: Client, address: str, /, *args: int, **sent: Any) -> Any:
    return client.post(reverse(f"xapi_admin:{address}", args=args), sent, follow=True)


def refused(made: Forwarding, count: int) -> list[DeadLetter]:
    record([statement() for _ in range(count)])
    rows = Statement.objects.order_by("-pk")[:count]
    return DeadLetter.objects.bulk_create(
        DeadLetter(forwarding=made, statement=row, status=400, answer="<b>no</b>", at=timezone.now())
        for row in rows[::-1]
    )


def test_an_empty_list_says_when_one_is_needed(admin: Client) -> None:
    assert "Chưa có nơi nhận nào." in page(admin)


def test_make_one(admin: Client) -> None:
    chosen = store_with("all").credential
    sent = FORM | {
        "endpoint": "https://LRS.example.org:8443/a/statements",
        "version": "2.0.0",
        "senders": "chosen",
        "credentials": [chosen.pk],
        "verbs": f"{PASSED['id']}\n http://x.org/v  {PASSED['id']}",
        "activities": "https://x.org/a/*",
        "since": "2026-03-09T08:30",
    }
    response = post(admin, "new_forwarding", **sent)
    assert "Đã thêm nơi nhận “LRS quốc gia”. Bản ghi đang được gửi." in response.content.decode()
    row = Forwarding.objects.get()
    assert (row.endpoint, row.key, row.secret) == ("https://LRS.example.org:8443/a/", "k", " bí mật ")
    assert (row.verbs, row.activities) == ([PASSED["id"], "http://x.org/v"], ["https://x.org/a/*"])
    assert (row.version, row.senders, list(row.credentials.all())) == ("2.0.0", "chosen", [chosen])
    since = datetime(2026, 3, 9, 1, 30, tzinfo=UTC)
    assert (row.since, row.cursor) == (since, clock.keys_from(since) - 1)
    assert ForwardingQueue.objects.get().key == str(row.pk)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.subject) == ("xapi.forwarding.create", f"forwarding:{row.pk}")
    assert "bí mật" not in str(entry.detail)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"endpoint": "http://lrs.example.org/"}, "Địa chỉ phải bắt đầu bằng https://"),
        ({"endpoint": "ftp://lrs.example.org/"}, "Địa chỉ phải bắt đầu bằng https://"),
        ({"endpoint": "https://u:p@lrs.example.org/"}, "Địa chỉ không được có dấu ?"),
        ({"endpoint": "https://lrs.example.org/?a=b"}, "Địa chỉ không được có dấu ?"),
        ({"verbs": "passed"}, "“passed” không phải là một IRI."),
        ({"activities": "*"}, "“*” không phải là một IRI."),
        ({"senders": "chosen"}, "Hãy chọn ít nhất một hệ thống."),
        ({"secret": ""}, "error"),
        ({"since": "yesterday"}, "error"),
        ({"version": "0.9"}, "error"),
        ({"name": "LRS quốc gia"}, "Đã có nơi nhận với tên này."),
    ],
)
def test_what_makes_no_sense_is_not_made(admin: Client, made: Forwarding, change: dict[str, str], said: str) -> None:
    response = post(admin, "new_forwarding", **FORM | {"name": "khác"} | change)
    assert response.status_code == 200
    assert said in response.content.decode()
    assert Forwarding.objects.count() == 1
    assert not AuditEntry.objects.exists()


def test_http_only_where_the_operator_allows_the_host(admin: Client, settings: Any) -> None:
    settings.FETCH_ALLOW = ["lrs.village"]
    post(admin, "new_forwarding", **FORM | {"endpoint": "http://lrs.village:8000/xapi"})
    assert Forwarding.objects.get().endpoint == "http://lrs.village:8000/xapi/"


def test_change_keeps_secret_and_place(admin: Client, made: Forwarding) -> None:
    Forwarding.objects.update(cursor=7, failures=3, last_error="x")
    response = post(admin, "forwarding", made.pk, **FORM | {"name": "Mới", "secret": "", "senders": "own"})
    assert "Đã sửa nơi nhận “Mới”." in response.content.decode()
    row = Forwarding.objects.get()
    assert (row.name, row.senders, row.secret, row.cursor, row.failures) == ("Mới", "own", "s", 7, 0)
    assert ForwardingQueue.objects.get().key == str(row.pk)
    entry = AuditEntry.objects.get()
    assert entry.action == "xapi.forwarding.change"
    assert entry.detail == {"name": ["LRS quốc gia", "Mới"], "senders": ["all", "own"]}


def test_change_the_secret(admin: Client, made: Forwarding) -> None:
    post(admin, "forwarding", made.pk, **FORM)
    assert Forwarding.objects.get().secret == " bí mật "
    assert AuditEntry.objects.get().detail == {"another_secret": True}


def test_the_secret_goes_to_no_other_address(admin: Client, made: Forwarding) -> None:
    """Who may change the address could otherwise have the secret sent to a server of their own."""
    elsewhere = FORM | {"endpoint": "https://elsewhere.example.org/", "secret": ""}
    assert "Địa chỉ đã đổi: hãy nhập lại mật khẩu." in post(admin, "forwarding", made.pk, **elsewhere).content.decode()
    assert Forwarding.objects.get().endpoint == "https://lrs.example.org/xapi/"


def test_another_beginning_moves_the_place(admin: Client, made: Forwarding) -> None:
    Forwarding.objects.update(cursor=clock.keys_from(timezone.now()))
    post(admin, "forwarding", made.pk, **FORM | {"secret": "", "since": "2026-03-09T08:30"})
    assert Forwarding.objects.get().cursor == clock.keys_from(datetime(2026, 3, 9, 1, 30, tzinfo=UTC)) - 1


def test_the_form_shows_what_is_kept_but_no_secret(admin: Client, made: Forwarding) -> None:
    made.secret, made.verbs, made.since = "geheim", ["x:a", "x:b"], datetime(2026, 3, 9, 1, 30, tzinfo=UTC)
    made.save()
    found = page(admin, "forwarding", made.pk)
    assert "geheim" not in found
    assert "x:a x:b</textarea>" in found
    assert 'value="2026-03-09T08:30"' in found


def test_pause_and_go_on(admin: Client, made: Forwarding) -> None:
    said = post(admin, "turn_forwarding", made.pk).content.decode()
    assert "Đã tạm dừng gửi đến “LRS quốc gia”." in said
    assert "Đang tạm dừng" in said
    assert not Forwarding.objects.get().enabled
    assert "Đã tiếp tục gửi" in post(admin, "turn_forwarding", made.pk).content.decode()
    assert Forwarding.objects.get().enabled
    assert ForwardingQueue.objects.count() == 1
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["xapi.forwarding.pause", "xapi.forwarding.resume"]


def test_delete(admin: Client, made: Forwarding) -> None:
    refused(made, 2)
    assert "Đã xóa nơi nhận “LRS quốc gia”." in post(admin, "delete_forwarding", made.pk).content.decode()
    assert (Forwarding.objects.count(), DeadLetter.objects.count(), Statement.objects.count()) == (0, 0, 2)
    assert AuditEntry.objects.get().detail == {"name": "LRS quốc gia", "endpoint": "https://lrs.example.org/xapi/"}


def test_how_each_stands(admin: Client, made: Forwarding, monkeypatch: Any) -> None:
    monkeypatch.setattr(forwarding, "COUNTED", 2)
    assert "Đã gửi hết" in page(admin)
    refused(made, 3)
    found = page(admin)
    assert "Đang gửi" in found
    assert "hơn 2, lưu từ" in found
    at = datetime(2026, 3, 9, 1, 30, tzinfo=UTC)
    Forwarding.objects.update(sent=12_345, last_sent_at=at, last_error="HTTP 503: <i>", last_error_at=at)
    forwarding.wake(made)
    ForwardingQueue.objects.update(not_before=at)
    found = page(admin)
    assert "12.345 bản ghi, lần cuối 08:30 09/03/2026" in found
    assert "Đang gặp lỗi – thử lại lúc 08:30:00 09/03/2026" in found
    assert "08:30 09/03/2026: HTTP 503: &lt;i&gt;" in found
    assert "3 bản ghi<span" in found


def test_the_list_takes_the_same_queries_however_long(admin: Client, made: Forwarding) -> None:
    def counted() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(admin)
        return len(captured)

    page(admin)
    few = counted()
    for number in range(5):
        row = Forwarding(name=f"{number}", endpoint="https://x.org/", key="k", sealed_secret="x")
        row.save()
        refused(row, 1)
    assert counted() == few


def test_send_now(admin: Client, made: Forwarding) -> None:
    forwarding.wake(made)
    ForwardingQueue.objects.update(not_before=timezone.now())
    assert "Đang gửi đến “LRS quốc gia”." in post(admin, "send_now", made.pk).content.decode()
    assert ForwardingQueue.objects.get().not_before is None


def test_try_the_connection(admin: Client, other: FakeReceiver) -> None:
    post(admin, "new_forwarding", **FORM | {"endpoint": other.url, "secret": "s"})
    row = Forwarding.objects.get()
    said = post(admin, "try_forwarding", row.pk).content.decode()
    assert "“LRS quốc gia” đã trả lời, chấp nhận khóa và hiểu xAPI 1.0.3, 2.0.0." in said
    other.reads = 401
    assert "Chưa kết nối được với “LRS quốc gia”: HTTP 401" in post(admin, "try_forwarding", row.pk).content.decode()
    other.reads = 0
    other._read = lambda asked: say(200, {"version": ["0.9"]})  # type: ignore[method-assign]
    assert "chấp nhận khóa, nhưng chỉ hiểu xAPI 0.9." in post(admin, "try_forwarding", row.pk).content.decode()
    Forwarding.objects.update(sealed_secret="broken")
    assert "Không đọc được mật khẩu đã lưu" in post(admin, "try_forwarding", row.pk).content.decode()


def test_what_was_refused_and_why(admin: Client, made: Forwarding) -> None:
    refused(made, 1)
    found = page(admin, "refused", made.pk)
    assert "Anna (anna@example.org) đã trả lời https://lms.example.org/quiz</a>" in found
    assert "HTTP 400: &lt;b&gt;no&lt;/b&gt;" in found


def test_send_again_one_and_all(admin: Client, made: Forwarding) -> None:
    first, *_rest = refused(made, 3)
    found = post(admin, "send_again", made.pk, letter=first.pk).content.decode()
    assert "Sẽ gửi lại 1 bản ghi." in found
    assert list(DeadLetter.objects.filter(again=True)) == [first]
    assert ForwardingQueue.objects.get().key == str(made.pk)
    assert "Sẽ gửi lại 3 bản ghi." in post(admin, "send_again", made.pk, letter="all").content.decode()
    assert DeadLetter.objects.filter(again=True).count() == 3
    assert AuditEntry.objects.filter(action="xapi.forwarding.send_again").count() == 2


def test_forget_one_and_all(admin: Client, made: Forwarding) -> None:
    first, *rest = refused(made, 3)
    post(admin, "delete_refused", made.pk, letter=first.pk)
    assert list(DeadLetter.objects.order_by("pk")) == rest
    said = post(admin, "delete_refused", made.pk, letter="all").content.decode()
    assert "Đã bỏ 2 bản ghi khỏi danh sách." in said
    assert "Không có bản ghi nào bị từ chối." in said
    assert Statement.objects.count() == 3


def test_another_receivers_letters_are_left_alone(admin: Client, made: Forwarding) -> None:
    [letter] = refused(made, 1)
    row = Forwarding.objects.create(name="khác", endpoint="https://x.org/", key="k", sealed_secret="x")
    post(admin, "delete_refused", row.pk, letter=letter.pk)
    post(admin, "send_again", row.pk, letter="all")
    letter.refresh_from_db()
    assert not letter.again


def test_pages_of_refused_ones_go_on_with_the_same_queries(admin: Client, made: Forwarding) -> None:
    def counted() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(admin, "refused", made.pk)
        return len(captured)

    refused(made, 2)
    page(admin, "refused", made.pk)
    few = counted()
    refused(made, 53)
    assert counted() == few
    after = re.search(r"\?after=(\d+)", page(admin, "refused", made.pk))
    assert after
    assert page(admin, "refused", made.pk, after=after[1]).count("HTTP 400") == 5


@pytest.mark.parametrize("value", ["", "x", "-1", "9" * 30, "²"])
def test_values_that_make_no_sense_answer_400(admin: Client, made: Forwarding, value: str) -> None:
    assert admin.get(reverse("xapi_admin:refused", args=[made.pk]), {"after": value}).status_code == 400
    assert admin.post(reverse("xapi_admin:send_again", args=[made.pk]), {"letter": value}).status_code == 400


def test_an_auditor_looks_and_changes_nothing(auditor: Client, made: Forwarding) -> None:
    refused(made, 1)
    assert "Sửa" not in page(auditor).partition("<main")[2]
    assert "Gửi lại tất cả" not in page(auditor, "refused", made.pk)
    for name in ("turn_forwarding", "send_now", "try_forwarding", "delete_forwarding", "send_again", "delete_refused"):
        post(auditor, name, made.pk, letter="all")
    post(auditor, "new_forwarding", **FORM | {"name": "khác"})
    post(auditor, "forwarding", made.pk, **FORM | {"name": "khác"})
    row = Forwarding.objects.get()
    assert (row.name, row.enabled, DeadLetter.objects.filter(again=False).count()) == ("LRS quốc gia", True, 1)
    assert (ForwardingQueue.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_others_do_not_even_look(client: Client, made: Forwarding) -> None:
    address = reverse("xapi_admin:forwardings")
    assert client.get(address).status_code == 302
    trainer = sign_in_staff(client, accounts.create(full_name="Cô Giáo", username="co", roles=[roles.TRAINER]))
    assert trainer.get(address).status_code == 302
    assert "forwarding" not in trainer.get(reverse("wagtailadmin_home")).content.decode()


def test_without_the_second_factor_nobody_comes_in(client: Client, made: Forwarding) -> None:
    user = accounts.create(full_name="Quản Trị", username="quan", roles=[roles.ADMINISTRATOR], is_superuser=True)
    sign_in_staff(client, user)
    client.logout()
    client.force_login(user)  # a session that has not given the code
    for name in ("forwardings", "credentials"):
        assert client.get(reverse(f"xapi_admin:{name}")).status_code == 302
    client.post(reverse("xapi_admin:delete_forwarding", args=[made.pk]))
    assert Forwarding.objects.count() == 1


@pytest.mark.parametrize("name", ["turn_forwarding", "send_now", "try_forwarding", "delete_forwarding", "send_again"])
def test_looking_changes_nothing(admin: Client, made: Forwarding, name: str) -> None:
    assert admin.get(reverse(f"xapi_admin:{name}", args=[made.pk])).status_code == 405
    assert admin.post(reverse(f"xapi_admin:{name}", args=[made.pk + 1]), {"letter": "all"}).status_code == 404
