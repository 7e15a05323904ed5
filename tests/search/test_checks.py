"""SEARCH_URL and SEARCH_INDEX_PREFIX that make no sense are said at the start."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from search.checks import index_prefix_makes_no_sense, search_url_makes_no_sense
from search.engines import engine
from search.engines.connections import Address, parse


@pytest.mark.parametrize(
    "url",
    [
        "solr://127.0.0.1:8983",
        "embedded:/somewhere",
        "",
        "elasticsearch://",
        "elasticsearch:9200",
        "opensearch://one two:9200",
        "opensearch://one:9200,",
        "opensearch://one:9200/index",
        "opensearch://one:9200?tls=yes",
        "opensearch://one:9200?timeout=3",
    ],
)
def test_a_url_that_makes_no_sense(settings: Any, url: str) -> None:
    settings.SEARCH_URL = url
    [error] = search_url_makes_no_sense(None)
    assert error.id == "search.E001"
    with pytest.raises(ImproperlyConfigured, match="SEARCH_URL"):
        engine()


@pytest.mark.parametrize("url", ["embedded:", "elasticsearch://one:9200", "opensearch://u:p@one,two:9201?tls=true"])
def test_a_url_that_makes_sense(settings: Any, url: str) -> None:
    settings.SEARCH_URL = url
    assert search_url_makes_no_sense(None) == []


def test_an_error_does_not_tell_the_password(settings: Any) -> None:
    settings.SEARCH_URL = "opensearch://admin:topsecret@one:9200?tls=yes"
    [error] = search_url_makes_no_sense(None)
    assert "topsecret" not in error.msg


def test_parts_of_a_url() -> None:
    assert parse("opensearch://u%40x:p%3A@one,[::1]:9201?tls=true&ca=/etc/ca.pem") == Address(
        "opensearch", ("https://one:9200", "https://[::1]:9201"), ("u@x", "p:"), "/etc/ca.pem"
    )


@pytest.mark.parametrize("prefix", ["", "Nhasan", "nhà", "_x", "a/b", "*", "x" * 101])
def test_a_prefix_that_makes_no_sense(settings: Any, prefix: str) -> None:
    settings.SEARCH_INDEX_PREFIX = prefix
    assert [error.id for error in index_prefix_makes_no_sense(None)] == ["search.E002"]
