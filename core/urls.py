"""Addresses of the site itself: /healthz, /metrics, /media/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
