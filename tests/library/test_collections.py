"""Collections: their pages in Wagtail, their tree, and rules in the admin."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, Site

from core import jobs, outbox
from library import collections
from library.models import Collection, CollectionPage, Record
from tests.people.signing_in import sign_in_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, librarian: Any) -> Client:
    return sign_in_staff(client, librarian)


@pytest.fixture
def site() -> Site:
    root = Page.get_first_root_node()
    assert root is not None
    home = root.add_child(instance=Page(title="Trang chủ", slug="nha"))
    Site.objects.all().delete()
    return Site.objects.create(hostname="testserver", root_page=home, is_default_site=True)


def fields(**more: Any) -> dict[str, Any]:
    return {"name": "Người Tày", "slug": "tay", "description": "", "parent": ""} | more


def test_a_collection_gets_a_page_at_its_own_address(desk: Client, client: Client, site: Site) -> None:
    assert desk.post(reverse("library_collections:add"), fields()).status_code == 302
    page = CollectionPage.objects.get()
    assert (page.collection.slug, page.title) == ("tay", "Người Tày")
    assert page.get_url() == "/library/collections/tay/"
    page.body = "<p>Sách của <b>đồng bào Tày</b>.</p>"
    page.save_revision().publish()
    assert "<b>đồng bào Tày</b>" in Client().get("/library/collections/tay/").text
    page.unpublish()
    assert "đồng bào Tày" not in Client().get("/library/collections/tay/").text


def test_a_new_name_reaches_the_page(site: Site, librarian: Any) -> None:
    tay = collections.save(Collection(slug="tay", name="Tày"), by=librarian)
    tay.name = "Người Tày"
    collections.save(tay, by=librarian)
    assert CollectionPage.objects.get().title == "Người Tày"


def test_an_empty_collection_goes_with_its_page(desk: Client, site: Site) -> None:
    tay = collections.save(Collection(slug="tay", name="Tày"), by=None)
    assert desk.post(reverse("library_collections:delete", args=[tay.pk])).status_code == 302
    assert not Collection.objects.exists()
    assert not CollectionPage.objects.exists()


def test_a_rule_is_seen_before_it_is_kept(desk: Client, shelve: Callable[..., Record]) -> None:
    shelve("1", "Văn học")
    shelve("2", "Bản đồ", leader="00000nem a2200000 i 4500")
    outbox.drain_all()
    url = reverse("library_collections:add")
    rule = fields(subject="văn học dân gian\n\n văn học dân gian", material=["book"], preview="1")
    response = desk.post(url, rule)
    assert (response.context["number"], [row.title for row in response.context["taken"]]) == (1, ["Văn học"])
    assert not Collection.objects.exists()
    rule.pop("preview")
    assert desk.post(url, rule).status_code == 302
    tay = Collection.objects.get()
    assert tay.rule == {"subject": ["văn học dân gian"], "material": ["book"]}
    jobs.run_all()
    assert [row.title for row in tay.records.all()] == ["Văn học"]
    edit = reverse("library_collections:edit", args=[tay.pk])
    assert "văn học dân gian" in desk.get(edit).text
    desk.post(edit, fields())
    jobs.run_all()
    assert tay.records.count() == 0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"language": "tày"}, "không phải mã ba chữ cái"),
        ({"year_from": "1990", "year_to": "1980"}, "phải từ “Từ năm” trở đi"),
        ({"slug": "có dấu"}, "slug"),
    ],
)
def test_a_wrong_rule_says_where(desk: Client, wrong: dict[str, str], said: str) -> None:
    response = desk.post(reverse("library_collections:add"), fields(**wrong))
    assert response.status_code == 200
    assert said in response.text
    assert not Collection.objects.exists()


def test_no_collection_lies_in_itself(desk: Client) -> None:
    above = Collection.objects.create(slug="a", name="A")
    below = Collection.objects.create(slug="b", name="B", parent=above)
    url = reverse("library_collections:edit", args=[above.pk])
    response = desk.post(url, fields(name="A", slug="a", parent=below.pk))
    assert "Bộ sưu tập không thể nằm trong chính nó." in response.text
    above.refresh_from_db()
    assert above.parent is None


def test_the_tree_stands_on_the_librarys_page_and_above_its_records(
    client: Client, shelve: Callable[..., Record]
) -> None:
    top = Collection.objects.create(slug="dan-toc", name="54 dân tộc")
    tay = Collection.objects.create(slug="tay", name="Người Tày", parent=top)
    shelve(collections=[tay])
    shown = [(each.name, depth, each.number) for each, depth in client.get("/library/").context["collections"]]
    assert shown == [("54 dân tộc", 0, 0), ("Người Tày", 1, 1)]
    assert "Người Tày (1)" in client.get("/library/collections/dan-toc/").text
    assert '<a href="/library/collections/dan-toc/">54 dân tộc</a>' in client.get("/library/collections/tay/").text
