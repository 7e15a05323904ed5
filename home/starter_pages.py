"""The page tree of the first look: front page, catalogue, plain pages."""

from urllib.parse import urlsplit

from django.conf import settings
from wagtail.models import Page, Site

from home.models import HomePage, PlainPage
from home.starter_files import read_toml
from lms.models import CourseIndexPage


def load() -> None:
    """Put our front page in the place of Wagtail's welcome page and fill in the plain pages."""
    texts = read_toml("pages.toml")
    root = Page.get_first_root_node()
    Site.objects.all().delete()
    for welcome in root.get_children():
        welcome.delete()
    root.refresh_from_db()
    front = texts["front"]
    home = root.add_child(
        instance=HomePage(
            title=front["hero_title"],
            slug="trang-chu",
            hero_text=front["hero_sub"],
            hero_title_en=front["hero_title_en"],
            hero_text_en=front["hero_sub_en"],
        )
    )
    address = urlsplit(settings.BASE_URL)
    Site.objects.create(
        hostname=address.hostname or "localhost",
        port=address.port or (443 if address.scheme == "https" else 80),
        root_page=home,
        is_default_site=True,
        site_name="Nhà Sàn",
    )
    home.add_child(instance=CourseIndexPage(title="Khóa học", slug="courses"))
    for page in texts["pages"]:
        home.add_child(
            instance=PlainPage(
                title=page["title"],
                slug=page["slug"],
                body=page["html"],
                title_en=page["title_en"],
                body_en=page["html_en"],
            )
        )
