"""https://www.openarchives.org/OAI/openarchivesprotocol.html#ListSets"""

import pytest

from library.models import Collection
from tests.oai.conftest import OAI, identifier


@pytest.fixture
def tay(db):
    top = Collection.objects.create(slug="dan-toc", name="54 dân tộc & văn hóa", description="Sách về các dân tộc")
    return Collection.objects.create(slug="tay", name="Dân tộc Tày", parent=top)


def test_a_path_of_slugs_is_the_set_spec(ask, tay):
    sets = ask({"verb": "ListSets"}).root.findall(f"{OAI}ListSets/{OAI}set")
    assert [[each.findtext(f"{OAI}setSpec"), each.findtext(f"{OAI}setName")] for each in sets] == [
        ["dan-toc", "54 dân tộc & văn hóa"],
        ["dan-toc:tay", "Dân tộc Tày"],
    ]


def test_a_description_is_told_in_dublin_core(ask, tay):
    first, second = ask({"verb": "ListSets"}).root.iter(f"{OAI}set")
    assert [each.text for each in first.iter("{http://purl.org/dc/elements/1.1/}description")] == [
        "Sách về các dân tộc"
    ]
    assert second.find(f"{OAI}setDescription") is None


def test_without_collections_there_is_no_hierarchy(ask):
    assert ask({"verb": "ListSets"}).code == "noSetHierarchy"


def test_a_token_is_always_bad(ask, tay):
    assert ask({"verb": "ListSets", "resumptionToken": "zzz"}).code == "badResumptionToken"


def test_a_set_holds_the_sets_below_it(ask, shelve, tay):
    above, inside = shelve("1", collections=(tay.parent,)), shelve("2", collections=(tay,))
    both = shelve("3", collections=(tay.parent, tay))
    shelve("4")
    listed = ask({"verb": "ListIdentifiers", "metadataPrefix": "oai_dc", "set": "dan-toc"})
    assert sorted(listed.identifiers) == sorted(map(identifier, (above, inside, both)))
    listed = ask({"verb": "ListIdentifiers", "metadataPrefix": "oai_dc", "set": "dan-toc:tay"})
    assert sorted(listed.identifiers) == sorted(map(identifier, (inside, both)))


def test_headers_name_the_sets(ask, shelve, tay):
    both = shelve("1", collections=(tay.parent, tay))
    answer = ask({"verb": "GetRecord", "identifier": identifier(both), "metadataPrefix": "oai_dc"})
    assert answer.texts("setSpec") == ["dan-toc", "dan-toc:tay"]


@pytest.mark.parametrize("spec", ["dan-tocx", "tay", "dan-toc:tay:x"])
def test_an_unknown_set_is_empty(ask, shelve, tay, spec):
    shelve("1", collections=(tay,))
    assert ask({"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": spec}).code == "noRecordsMatch"


@pytest.mark.parametrize("spec", ["a b", ":", "a:", "tày", "a/b"])
def test_what_is_no_set_spec_is_a_bad_argument(ask, tay, spec):
    assert ask({"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": spec}).code == "badArgument"


def test_a_set_where_there_are_none_at_all(ask, shelve):
    shelve("1")
    assert ask({"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "tay"}).code == "noSetHierarchy"
