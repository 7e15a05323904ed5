"""Addresses of the Learning Record Store. They have no slash at their end, as the specification says."""

from django.urls import path

from xapi.resources import unknown
from xapi.views.about import about
from xapi.views.statements import statements

app_name = "xapi"
urlpatterns = [
    path("about", about, name="about"),
    path("statements", statements, name="statements"),
    path("<path:rest>", unknown),
]
