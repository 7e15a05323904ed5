"""manage.py add_source NAME URL [--prefix P] [--set S]"""

import socket
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command

from core import fetch
from oai import sources
from oai.exceptions import PartnerError
from oai.harvest import harvest
from oai.models import HarvestSource
from tests.oai.fake_partner import error, formats, identify, ok

SLIM = "http://www.loc.gov/MARC21/slim"
DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
SETS = "<ListSets><set><setSpec>tay</setSpec><setName>x</setName></set></ListSets>"


def test_a_partner_with_marc21(partner, capsys):
    partner.answers = [identify(), formats(oai_dc=DC, marcxml=SLIM, marc21=SLIM)]
    call_command("add_source", "Thư viện Đồng Tháp", partner.url)
    [source] = HarvestSource.objects.all()
    assert (source.source.key, source.source.name) == ("thu-vien-dong-thap", "Thư viện Đồng Tháp")
    assert (source.url, source.prefix, source.set_spec) == (partner.url, "marc21", "")
    assert source.granularity == "YYYY-MM-DDThh:mm:ssZ"
    assert capsys.readouterr().out == (
        f"added thu-vien-dong-thap: {partner.url} (marc21). Now: manage.py harvest thu-vien-dong-thap\n"
    )


def test_another_prefix_with_the_namespace_of_marcxml_does(partner):
    partner.answers = [identify(granularity="YYYY-MM-DD"), formats(oai_dc=DC, marcxml=SLIM + "/")]
    call_command("add_source", "P", partner.url)
    [source] = HarvestSource.objects.all()
    assert (source.prefix, source.granularity) == ("marcxml", "YYYY-MM-DD")


def test_a_set_is_looked_up(partner):
    partner.answers = [identify(), formats(marc21=SLIM), ok(SETS)]
    call_command("add_source", "P", partner.url, "--set", "tay")
    assert HarvestSource.objects.get().set_spec == "tay"


@pytest.mark.parametrize(
    ("answers", "options", "message"),
    [
        (
            [identify(), formats(oai_dc=DC)],
            [],
            "only MARCXML (http://www.loc.gov/MARC21/slim) is harvested; it offers oai_dc",
        ),
        ([identify(), formats(oai_dc=DC, marc21=SLIM)], ["--prefix", "oai_dc"], "only MARCXML"),
        ([identify(), formats(oai_dc=DC)], ["--prefix", "marc21"], "has no format marc21; it offers oai_dc"),
        ([identify(), formats(marc21=SLIM), ok(SETS)], ["--set", "mong"], "has no set mong; it has tay"),
        ([identify(), formats(marc21=SLIM), error("noSetHierarchy")], ["--set", "x"], "noSetHierarchy"),
        ([identify(version="1.1")], [], "speaks OAI-PMH 1.1; we harvest 2.0"),
        ([error("badVerb", "what?")], [], "badVerb: what?"),
        ([(200, {}, b"<html/>")], [], "this is not an OAI-PMH 2.0 answer"),
        ([(404, {}, b"")], [], "HTTP 404 Not Found"),
    ],
)
def test_what_does_not_fit_is_refused(partner, answers, options, message):
    partner.answers = answers
    with pytest.raises(CommandError) as raised:
        call_command("add_source", "P", partner.url, *options)
    assert message in str(raised.value)
    assert HarvestSource.objects.count() == 0


@pytest.mark.parametrize(
    "url",
    ["ftp://example.org/oai", "example.org/oai", "http://", "http://[", "http://a b/", "not a url", "http://a:99999/"],
)
def test_what_is_no_address(db, url):
    with pytest.raises(CommandError, match="this is no address of a provider"):
        call_command("add_source", "P", url)


def test_a_name_needs_a_letter(db):
    with pytest.raises(CommandError, match="a name needs a letter or a digit"):
        call_command("add_source", "…", "http://example.org/oai")


def test_only_the_host_that_was_typed_is_trusted(partner, monkeypatch):
    trusted: set[str] = set()
    monkeypatch.setattr(fetch, "_allowed", trusted)
    elsewhere = partner.url.replace("127.0.0.1", "127.0.0.2")
    partner.answers = [(302, {"Location": elsewhere}, b"")]
    with pytest.raises(CommandError, match=r"127\.0\.0\.2 is at a private address"):
        call_command("add_source", "P", partner.url)
    assert trusted == {urlsplit(partner.url).netloc}


def test_a_public_host_gains_no_trust_that_a_later_private_address_could_use(partner, source, monkeypatch):
    trusted: set[str] = set()
    monkeypatch.setattr(fetch, "_allowed", trusted)
    source.private = False
    source.save()
    with pytest.raises(PartnerError, match=r"127\.0\.0\.1 is at a private address"):
        harvest(source)
    assert (trusted, partner.asked) == (set(), [])


@pytest.mark.parametrize(
    ("addresses", "private"), [(["10.0.0.7"], True), (["8.8.8.8"], False), (["10.0.0.7", "8.8.8.8"], False)]
)
def test_whether_the_host_is_private_is_asked_when_it_is_typed(db, monkeypatch, addresses, private):
    trusted: set[str] = set()
    monkeypatch.setattr(fetch, "_allowed", trusted)
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: found)
    monkeypatch.setattr("oai.sources._granularity", lambda _partner: "YYYY-MM-DD")
    monkeypatch.setattr("oai.sources._marc_prefix", lambda _partner, _wanted: "marc21")
    source, _new = sources.add(name="P", url="http://koha.example.vn/oai")
    assert (source.private, trusted) == (private, {"koha.example.vn:80"} if private else set())


def test_the_same_name_again_gets_the_new_address(partner, source, capsys):
    source.until = source.newest = datetime(2026, 5, 1, tzinfo=UTC)
    source.url, source.token = "http://old.example/oai", "t"
    source.save()
    partner.answers = [identify(), formats(marc21=SLIM)]
    call_command("add_source", "partner", partner.url)
    source.refresh_from_db()
    assert (source.url, source.token, source.until) == (partner.url, "", datetime(2026, 5, 1, tzinfo=UTC))
    assert capsys.readouterr().out.startswith("changed partner: ")


def test_another_set_means_all_anew(partner, source):
    source.until = source.newest = datetime(2026, 5, 1, tzinfo=UTC)
    source.save()
    partner.answers = [identify(), formats(marc21=SLIM), ok(SETS)]
    call_command("add_source", "partner", partner.url, "--set", "tay")
    source.refresh_from_db()
    assert (source.until, source.newest, source.set_spec) == (None, None, "tay")
