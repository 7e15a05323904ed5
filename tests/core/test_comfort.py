"""Text size, colours and movement, chosen by a form and kept in a cookie of this device."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def html(browser: Client, path: str = "/display/") -> str:
    """The first element of a page."""
    return browser.get(path).content.decode().split("\n")[1]


def test_a_choice_holds_on_every_page_of_this_device(client: Client) -> None:
    assert html(client) == '<html lang="vi">'
    answer = client.post("/display/", {"size": "larger", "colour": "contrast", "motion": "less", "next": "/library/"})
    assert answer["Location"] == "/library/"
    kept = client.cookies["nhasan_comfort"]
    assert (kept.value, kept["httponly"], kept["samesite"]) == ("larger.contrast.less", True, "Lax")
    chosen = '<html lang="vi" data-size="larger" data-colour="contrast" data-motion="less">'
    assert html(client) == html(client, "/library/") == chosen
    assert html(Client()) == '<html lang="vi">'
    client.post("/display/", {"size": "", "colour": ""})
    assert html(client) == '<html lang="vi">'


@pytest.mark.parametrize("odd", ["", "a", "a.b.c", "large.dark", "large.x.y.z", '"><script>.dark.', "large.dark.más"])
def test_an_odd_cookie_does_nothing(client: Client, odd: str) -> None:
    client.cookies["nhasan_comfort"] = odd
    assert "<script>" not in html(client)
    assert client.get("/display/").status_code == 200


@pytest.mark.parametrize("goal", ["https://khac.example.vn/", "//khac.example.vn", "javascript:alert(1)", ""])
def test_nobody_is_sent_elsewhere(client: Client, goal: str) -> None:
    assert client.post("/display/", {"size": "large", "next": goal})["Location"] == "/display/"
