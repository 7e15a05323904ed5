"""What a harvest takes, counts and keeps."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from library.models import Record, RejectedRecord
from oai.exceptions import PartnerError
from oai.harvest import harvest
from oai.models import HarvestRun
from tests.oai.books import book
from tests.oai.fake_partner import deleted, error, identify, ok, page, record


def counts(run):
    return HarvestRun.summary([run])


def titles(source):
    return list(Record.objects.public().filter(source=source.source).order_by("title").values_list("title", flat=True))


def test_the_first_harvest_takes_all(partner, source):
    partner.answers = [page(record("1", "Một"), record("2", "Hai"), token="t1"), page(record("3", "Ba"), token="")]
    run = harvest(source)
    assert counts(run) == "harvested 3: imported 3, updated 0, unchanged 0, deleted 0"
    assert run.state == "done"
    assert titles(source) == ["Ba", "Hai", "Một"]
    assert partner.asked == [
        {"verb": "ListRecords", "metadataPrefix": "marc21"},
        {"verb": "ListRecords", "resumptionToken": "t1"},
    ]
    kept = Record.objects.get(title="Một")
    assert (kept.source_identifier, kept.raw_format) == ("oai:partner.example:1", "marcxml")
    assert kept.marc == book("1", "Một")


def test_the_next_harvest_begins_before_the_date_of_the_last_ones_first_answer(partner, source):
    first = page(record("1"), token="t", date="2026-05-01T10:00:00Z")
    partner.answers = [first, page(record("2"), date="2026-05-01T11:00:00Z")]
    harvest(source)
    assert source.until == datetime(2026, 5, 1, 10, tzinfo=UTC)
    partner.answers = [page(record("3"))]
    harvest(source)
    assert partner.asked[2] == {"verb": "ListRecords", "metadataPrefix": "marc21", "from": "2026-05-01T09:55:00Z"}


def test_a_partner_with_days_is_asked_for_days(partner, source):
    source.granularity = "YYYY-MM-DD"
    source.save()
    partner.answers = [page(record("1", stamp="2026-05-01"), date="2026-05-01T10:00:00Z")]
    harvest(source)
    partner.answers = [page(record("1", stamp="2026-05-01"), record("2", stamp="2026-05-01"))]
    run = harvest(source)
    assert partner.asked[1]["from"] == "2026-04-30"
    assert counts(run) == "harvested 1: imported 1, updated 0, unchanged 0, deleted 0"


def test_one_set(partner, source):
    source.set_spec = "dan-toc:tay"
    source.save()
    partner.answers = [page(record("1"), token="t"), page(record("2"))]
    harvest(source)
    assert partner.asked == [
        {"verb": "ListRecords", "metadataPrefix": "marc21", "set": "dan-toc:tay"},
        {"verb": "ListRecords", "resumptionToken": "t"},
    ]


def test_changed_unchanged_and_deleted(partner, source):
    partner.answers = [page(*(record(number) for number in "1234"))]
    harvest(source)
    before = {each.source_identifier[-1]: each for each in Record.objects.all()}
    later = {"stamp": "2026-05-02T00:00:00Z"}
    answer = page(record("1", "Mới", **later), record("2", **later), deleted("3", **later), deleted("9", **later))
    partner.answers = [answer]
    run = harvest(source)
    assert counts(run) == "harvested 3: imported 0, updated 1, unchanged 1, deleted 1"
    after = {each.source_identifier[-1]: each for each in Record.objects.all()}
    assert [after[number].title for number in "12"] == ["Mới", "Truyện cổ Tày"]
    assert after["3"].deleted_at is not None
    assert [after[number].changed == before[number].changed for number in "24"] == [True, True]
    assert {number: each.pk for number, each in after.items()} == {number: each.pk for number, each in before.items()}


def test_what_comes_again_in_the_overlap_is_counted_nowhere(partner, source):
    again = [record("1"), deleted("2")]
    partner.answers = [page(record("1"), record("2")), page(*again), page(*again, record("3"))]
    assert counts(harvest(source)) == "harvested 2: imported 2, updated 0, unchanged 0, deleted 0"
    assert counts(harvest(source)) == "harvested 1: imported 0, updated 0, unchanged 0, deleted 1"
    assert counts(harvest(source)) == "harvested 1: imported 1, updated 0, unchanged 0, deleted 0"


def test_a_deleted_record_may_come_back(partner, source):
    partner.answers = [page(record("1")), page(deleted("1")), page(record("1"))]
    runs = [counts(harvest(source)) for _ in range(3)]
    assert runs[2] == "harvested 1: imported 0, updated 1, unchanged 0, deleted 0"
    assert titles(source) == ["Truyện cổ Tày"]


def test_nothing_new(partner, source):
    partner.answers = [page(record("1")), error("noRecordsMatch")]
    harvest(source)
    run = harvest(source)
    assert (run.state, counts(run)) == ("done", "harvested 0: imported 0, updated 0, unchanged 0, deleted 0")


def test_the_date_of_an_empty_answer_counts_too(partner, source):
    partner.answers = [ok('<error code="noRecordsMatch"/>', date="2026-05-03T00:00:00Z")]
    harvest(source)
    source.refresh_from_db()
    assert source.until == datetime(2026, 5, 3, tzinfo=UTC)


def test_an_identifier_twice_on_a_page_counts_once(partner, source):
    partner.answers = [page(record("1", "Cũ"), record("1", "Mới"))]
    assert counts(harvest(source)) == "harvested 1: imported 1, updated 0, unchanged 0, deleted 0"
    assert titles(source) == ["Mới"]


def test_records_that_cannot_be_read_are_kept_with_the_reason(partner, source):
    dc = record("2").replace("http://www.loc.gov/MARC21/slim", "http://example.org/other")
    empty = '<record><header><identifier>oai:partner.example:3</identifier><datestamp/></header><metadata><record xmlns="http://www.loc.gov/MARC21/slim"/></metadata></record>'
    nameless = record("4").replace("oai:partner.example:4", "")
    partner.answers = [page(record("1"), dc, empty, nameless)]
    run = harvest(source)
    assert counts(run) == "harvested 4: imported 1, updated 0, unchanged 0, deleted 0, rejected 3"
    assert run.error == (
        "oai:partner.example:2: there is no MARC record in it\n"
        "oai:partner.example:3: no fields with a tag of three characters\n"
        "no identifier: the OAI identifier has 0 characters\n"
    )
    rejected = RejectedRecord.objects.order_by("file").values_list("file", flat=True)
    assert list(rejected) == ["partner: ", "partner: oai:partner.example:2", "partner: oai:partner.example:3"]


def test_a_killed_harvest_goes_on_from_its_token(partner, source, monkeypatch):
    class Killed(BaseException):
        pass

    def kill(run):
        raise Killed

    partner.answers = [page(record("1"), token="t1", date="2026-05-01T10:00:00Z")]
    with pytest.raises(Killed):
        harvest(source, after_page=kill)
    source.runs.update(state="running")  # a real kill leaves it so
    partner.answers = [page(record("2"), token="t2", date="2026-05-01T10:01:00Z"), page(record("3"))]
    run = harvest(source)
    assert partner.asked[1:] == [
        {"verb": "ListRecords", "resumptionToken": "t1"},
        {"verb": "ListRecords", "resumptionToken": "t2"},
    ]
    assert counts(run) == "harvested 2: imported 2, updated 0, unchanged 0, deleted 0"
    assert [each.state for each in source.runs.all()] == ["done", "interrupted"]
    source.refresh_from_db()
    assert (source.token, source.until) == ("", datetime(2026, 5, 1, 10, tzinfo=UTC))


def test_a_page_is_kept_with_its_token_or_not_at_all(partner, source, monkeypatch):
    partner.answers = [page(record("1"), token="t1")]
    monkeypatch.setattr("oai.harvest._advance", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        harvest(source)
    source.refresh_from_db()
    assert (Record.objects.count(), source.token, source.runs.get().state) == (0, "", "failed")
    assert source.runs.get().imported == 0


def test_an_expired_token_means_from_the_start(partner, source):
    source.token, source.until = "old", datetime(2026, 4, 1, 12, tzinfo=UTC)
    source.save()
    partner.answers = [error("badResumptionToken", "expired"), page(record("1"))]
    run = harvest(source)
    assert partner.asked[1] == {"verb": "ListRecords", "metadataPrefix": "marc21", "from": "2026-04-01T11:55:00Z"}
    assert counts(run) == "harvested 1: imported 1, updated 0, unchanged 0, deleted 0"


def test_a_token_refused_at_once_is_an_error(partner, source):
    partner.answers = [page(record("1"), token="t1"), error("badResumptionToken", "no")]
    with pytest.raises(PartnerError, match="refuses its own token"):
        harvest(source)


def test_a_token_that_never_ends_is_an_error(partner, source):
    partner.otherwise = lambda _arguments: page(record("1"), token=" t1 ")
    with pytest.raises(PartnerError, match="gives the token 't1' again and again"):
        harvest(source)
    assert len(partner.asked) == 2


def test_tokens_in_a_circle_are_an_error(partner, source):
    partner.otherwise = lambda asked: page(record("1"), token="b" if asked.get("resumptionToken") == "a" else "a")
    with pytest.raises(PartnerError, match="gives the token 'a' again and again"):
        harvest(source)
    assert [each.get("resumptionToken") for each in partner.asked] == [None, "a", "b"]


@pytest.mark.parametrize(
    "stamp", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "1969-12-31T23:59:59Z", "2999-01-01", "9999"]
)
def test_an_impossible_datestamp_counts_as_none(partner, source, stamp):
    partner.answers = [page(record("1", stamp=stamp), record("2", "Hai", stamp="2026-04-01T07:00:00+07:00"))]
    run = harvest(source)
    assert counts(run) == "harvested 2: imported 2, updated 0, unchanged 0, deleted 0"
    assert (source.newest, source.until) == (datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC))


def test_a_second_harvest_at_the_same_time_gives_way(partner, source):
    def other(_run):
        source.__class__.objects.filter(pk=source.pk).update(pages=99)

    partner.answers = [page(record("1"), token="t1"), page(record("2"))]
    with pytest.raises(PartnerError, match="another process harvests this source"):
        harvest(source, after_page=other)
    assert titles(source) == ["Truyện cổ Tày"]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((200, {}, b"<OAI-PMH"), "broken XML: Couldn't find end of Start Tag OAI-PMH"),
        ((200, {}, b""), "broken XML: Document is empty"),
        ((200, {}, b"<html><body/></html>"), "this is not an OAI-PMH 2.0 answer but <html>"),
        ((200, {}, b'<!DOCTYPE x [<!ENTITY e "x">]><x>&e;</x>'), "the XML has a DOCTYPE"),
        ((404, {}, b""), "HTTP 404 Not Found"),
        ((503, {"Retry-After": "86400"}, b""), "asks to come again in 86400 seconds"),
        (page(record("1"), date="yesterday"), "the responseDate 'yesterday' is no date"),
        (
            page(record("1"), date="9999-12-31T23:59:59-14:00"),
            "the responseDate '9999-12-31T23:59:59-14:00' is no date",
        ),
        (error("badArgument", "from is wrong"), "badArgument: from is wrong"),
        (error("somethingElse", "what"), "somethingElse: what"),
    ],
)
def test_a_broken_answer_ends_the_harvest_and_keeps_what_came(partner, source, answer, message):
    partner.answers = [page(record("1"), token="t1"), answer]
    if "responseDate" in message:
        partner.answers = [answer]
    with pytest.raises(PartnerError) as raised:
        harvest(source)
    assert message in str(raised.value)
    assert partner.url in str(raised.value)
    run = source.runs.get()
    assert (run.state, run.error) == ("failed", str(raised.value))
    source.refresh_from_db()
    assert (source.token, Record.objects.count()) in {("t1", 1), ("", 0)}


def test_a_passing_fault_is_met_by_another_try(partner, source, monkeypatch):
    waits = []
    monkeypatch.setattr("oai.partner.time.sleep", waits.append)
    partner.answers = [None, (503, {"Retry-After": "7"}, b""), (500, {}, b""), page(record("1"))]
    assert counts(harvest(source)) == "harvested 1: imported 1, updated 0, unchanged 0, deleted 0"
    assert waits == [1, 7, 4]


def test_a_lasting_fault_is_given_up(partner, source):
    partner.otherwise = lambda _arguments: (502, {}, b"")
    with pytest.raises(PartnerError, match="HTTP 502 Bad Gateway"):
        harvest(source)
    assert len(partner.asked) == 5


def test_the_command_prints_the_counts(partner, source, capsys):
    partner.answers = [page(record("1"))]
    call_command("harvest")
    assert capsys.readouterr().out == "harvested 1: imported 1, updated 0, unchanged 0, deleted 0\n"


def test_the_command_goes_on_with_the_others_and_fails_in_the_end(partner, source, capsys):
    other = source.__class__.objects.create(
        source=source.source.__class__.objects.create(key="khac", name="Khác"), url=partner.url + "/other"
    )
    partner.answers = [(404, {}, b""), page(record("1"))]
    with pytest.raises(CommandError, match="1 of 2 sources failed"):
        call_command("harvest", "partner", "Khác")
    assert other.runs.get().state == "done"
    captured = capsys.readouterr()
    assert captured.out.splitlines() == [
        "partner: harvested 0: imported 0, updated 0, unchanged 0, deleted 0",
        "khac: harvested 1: imported 1, updated 0, unchanged 0, deleted 0",
        "harvested 1: imported 1, updated 0, unchanged 0, deleted 0",
    ]
    assert "HTTP 404" in captured.err


def test_the_command_exits_1_when_records_were_rejected(partner, source):
    partner.answers = [page(record("1").replace("MARC21", "other"))]
    with pytest.raises(SystemExit) as raised:
        call_command("harvest")
    assert raised.value.code == 1


def test_the_command_knows_no_such_source(source):
    with pytest.raises(CommandError, match=r"No source x\. Known: partner"):
        call_command("harvest", "x")


def test_the_command_without_any_source_says_how_to_make_one(db, capsys):
    call_command("harvest")
    assert "manage.py add_source NAME URL" in capsys.readouterr().out


def test_identify_is_not_asked_by_a_harvest(partner, source):
    partner.answers = [page(record("1"))]
    partner.otherwise = lambda _arguments: identify()
    harvest(source)
    assert [each["verb"] for each in partner.asked] == ["ListRecords"]
