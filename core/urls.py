"""Addresses of the site itself: /healthz, /metrics, /media/."""

from django.urls import path

from core.views.health import healthz, metrics
from core.views.media import media

app_name = "core"
urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("metrics", metrics, name="metrics"),
    path("media/<path:name>", media, name="media"),
]
