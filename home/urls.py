"""Pages of the house itself."""

from django.urls import path

from core.views.comfort import choose
from home import views

app_name = "home"
urlpatterns = [
    path("my/", views.my, name="my"),
    path("my/data.json", views.my_data, name="my_data"),
    path("display/", choose, name="display"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("sitemap-pages.xml", views.sitemap_pages, name="sitemap_pages"),
    path("robots.txt", views.robots, name="robots"),
]
