"""The OAI-PMH base URL: /oai, without a slash at its end."""

from django.urls import path

from oai import views

app_name = "oai"
urlpatterns = [path("", views.provider, name="provider")]
