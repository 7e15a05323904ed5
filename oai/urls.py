"""The OAI-PMH base URL: /oai, without a slash at its end."""

from django.urls import URLPattern, URLResolver

app_name = "oai"
urlpatterns: list[URLPattern | URLResolver] = []
