"""/certificates/: the verification page and the printable file."""

from django.urls import path

from certificates import views

app_name = "certificates"
urlpatterns = [
    path("", views.search, name="search"),
    path("<slug:code>.pdf", views.pdf, name="pdf"),
    path("<slug:code>/", views.verify, name="verify"),
]
