"""Wagtail's addresses, with our way to the page."""

from django.urls import re_path
from wagtail import urls

from home import views

urlpatterns = [
    *(each for each in urls.urlpatterns if each.name != "wagtail_serve"),
    re_path(urls.serve_pattern, views.page, name="wagtail_serve"),
]
