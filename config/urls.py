"""The public addresses. Protocols have one address; pages also stand under /en/ in English."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from core import admin_words
from lms import glossary_page

urlpatterns = [
    path("", include("core.urls")),  # /healthz /metrics /media/
    path("xapi/", include("xapi.urls")),
    path("oai", include("oai.urls")),
    path("admin/jsi18n/", admin_words.catalog),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("i18n/", include("django.conf.urls.i18n")),
    *i18n_patterns(
        path("accounts/", include("people.urls")),
        path("library/", include("library.urls")),
        path("search/", include("search.urls")),
        path("certificates/", include("certificates.urls")),
        path("targets/", include("targets.urls")),
        path("learn/", include("lms.urls")),
        path("courses/glossary/", glossary_page.show, name="glossary"),
        path("", include("home.urls")),  # /my/ /sitemap.xml /robots.txt
        path("", include(wagtail_urls)),
        prefix_default_language=False,
    ),
]
