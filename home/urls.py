"""Pages of the house itself."""

from django.urls import path

from core.views.comfort import choose
from home import views

app_name = "home"
urlpatterns = [
    path("my/", views.my, name="my"),
    path("my/notes/", views.my_notebook, name="my_notebook"),
    path("my/transcript/", views.my_transcript, name="my_transcript"),
    path("my/transcript.pdf", views.my_transcript_pdf, name="my_transcript_pdf"),
    path("my/transcript.csv", views.my_transcript_csv, name="my_transcript_csv"),
    path("my/data.json", views.my_data, name="my_data"),
    path("display/", choose, name="display"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("sitemap-pages.xml", views.sitemap_pages, name="sitemap_pages"),
    path("robots.txt", views.robots, name="robots"),
]
