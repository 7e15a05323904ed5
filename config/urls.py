"""The public addresses. Protocols have one address; pages also stand under /en/ in English, courses under /km/ …"""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, register_converter
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from core import admin_words
from core.reading_language import ContentLanguage, PagePath
from home.views import only_courses
from lms import glossary_page

register_converter(ContentLanguage, "content_language")
register_converter(PagePath, "page_path")
urlpatterns = [
    path("", include("core.urls")),  # /healthz /metrics /media/
    path("xapi/", include("xapi.urls")),
    path("oai", include("oai.urls")),
    path("admin/jsi18n/", admin_words.catalog),
    path("admin/localize/jsi18n/", admin_words.catalog),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("i18n/", include("django.conf.urls.i18n")),
    path("<content_language:language>/<page_path:path>", only_courses),
    *i18n_patterns(
        path("accounts/", include("people.urls")),
        path("library/", include("library.urls")),
        path("search/", include("search.urls")),
        path("certificates/", include("certificates.urls")),
        path("targets/", include("targets.urls")),
        path("learn/", include("lms.urls")),
        path("courses/glossary/", glossary_page.show, name="glossary"),
        path("", include("home.urls")),  # /my/ /sitemap.xml /robots.txt
        path("", include("home.page_urls")),
        prefix_default_language=False,
    ),
]
