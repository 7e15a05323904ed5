"""/media/: ranges, revalidation, harmless headers, only public folders."""

from datetime import UTC, datetime

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.http import http_date

BODY = bytes(range(256)) * 400  # more than one chunk


@pytest.fixture(scope="module", autouse=True)
def files():
    for name in (
        "original_images/a.png",
        "images/a.svg",
        "media/a.mp4",
        "media/a.pdf",
        "media/trống.mp3",
        "documents/x.pdf",
    ):
        default_storage.save(name, ContentFile(b"" if "trống" in name else BODY))


def get(client, url, **headers):
    response = client.get(url, headers=headers)
    body = response.getvalue() if response.status_code in {200, 206} else b""
    return response, body


def test_a_picture_is_shown_whole(client):
    response, body = get(client, "/media/original_images/a.png")
    assert (response.status_code, body) == (200, BODY)
    assert response["Content-Type"] == "image/png"
    assert response["Content-Length"] == "102400"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Accept-Ranges"] == "bytes"
    assert response["Content-Disposition"] == 'inline; filename="a.png"'


def test_what_could_run_scripts_is_only_a_download(client):
    response, _ = get(client, "/media/images/a.svg")
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == 'attachment; filename="a.svg"'
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(
    ("asked", "content_range", "part"),
    [
        ("bytes=0-0", "bytes 0-0/102400", BODY[:1]),
        ("bytes=10-19", "bytes 10-19/102400", BODY[10:20]),
        ("bytes=102399-", "bytes 102399-102399/102400", BODY[-1:]),
        ("bytes=100-999999", "bytes 100-102399/102400", BODY[100:]),
        ("bytes=-5", "bytes 102395-102399/102400", BODY[-5:]),
        ("bytes=-999999", "bytes 0-102399/102400", BODY),
    ],
)
def test_a_range_is_answered_with_just_that_part(client, asked, content_range, part):
    response, body = get(client, "/media/media/a.mp4", Range=asked)
    assert (response.status_code, body) == (206, part)
    assert response["Content-Range"] == content_range
    assert response["Content-Length"] == str(len(part))


@pytest.mark.parametrize("asked", ["bytes=102400-", "bytes=500000-600000", "bytes=-0"])
def test_a_range_outside_the_file_is_416(client, asked):
    response, _ = get(client, "/media/media/a.mp4", Range=asked)
    assert (response.status_code, response["Content-Range"]) == (416, "bytes */102400")


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "bytes=9-3", "bytes=-", "bytes=a-b", "lines=1-2", ""])
def test_a_range_that_makes_no_sense_gets_the_whole(client, asked):
    response, body = get(client, "/media/media/a.mp4", Range=asked)
    assert (response.status_code, body) == (200, BODY)


def test_an_empty_file(client):
    response, body = get(client, "/media/media/tr%E1%BB%91ng.mp3")
    assert (response.status_code, body, response["Content-Length"]) == (200, b"", "0")


def test_head_tells_and_sends_nothing(client):
    response = client.head("/media/media/a.pdf")
    assert (response.status_code, response["Content-Length"], response.content) == (200, "102400", b"")


def test_who_has_it_already_is_told_so(client):
    first, _ = get(client, "/media/media/a.pdf")
    assert get(client, "/media/media/a.pdf", If_None_Match=first["ETag"])[0].status_code == 304
    assert get(client, "/media/media/a.pdf", If_None_Match='"other"')[0].status_code == 200
    assert get(client, "/media/media/a.pdf", If_Modified_Since=first["Last-Modified"])[0].status_code == 304
    long_ago = http_date(datetime(2020, 1, 1, tzinfo=UTC).timestamp())
    assert get(client, "/media/media/a.pdf", If_Modified_Since=long_ago)[0].status_code == 200


def test_a_range_of_a_version_that_is_gone_gets_the_whole(client):
    first, _ = get(client, "/media/media/a.pdf")
    for condition, status in ((first["ETag"], 206), (first["Last-Modified"], 206), ('"other"', 200)):
        assert get(client, "/media/media/a.pdf", Range="bytes=0-1", If_Range=condition)[0].status_code == status


@pytest.mark.parametrize(
    "path",
    [
        "media/none.png",
        "documents/x.pdf",
        "../nhasan.sqlite3",
        "images/../../secret-key",
        "images/%2e%2e/documents/x.pdf",
        "images/",
        "images",
        "x",
        "images/a%00.png",
        "media/" + "a" * 300,
        "/etc/passwd",
    ],
)
def test_everything_else_is_not_there(client, path):
    assert client.get(f"/media/{path}").status_code == 404


def test_only_reading(client):
    assert client.post("/media/media/a.pdf").status_code == 405


def test_ranges_and_whole_files_are_never_compressed(client):
    for headers, status, length in (({"Range": "bytes=0-999"}, 206, "1000"), ({}, 200, "102400")):
        response, body = get(client, "/media/media/a.pdf", **{"Accept-Encoding": "gzip"}, **headers)
        assert (response.status_code, response["Content-Length"], len(body)) == (status, length, int(length))
        assert "Content-Encoding" not in response


def test_a_weak_tag_is_known_too(client):
    tag = client.get("/media/media/a.pdf")["ETag"]
    assert client.get("/media/media/a.pdf", headers={"If-None-Match": f"W/{tag}"}).status_code == 304
