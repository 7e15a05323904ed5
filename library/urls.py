"""Addresses under /library/."""

from django.urls import path

from library import views

app_name = "library"
urlpatterns = [
    path("", views.index, name="index"),
    path("collections/<slug:slug>/", views.collection, name="collection"),
    path("records/<int:pk>/", views.record, name="record"),
    path("records/<int:pk>/marc/", views.marc, name="marc"),
    path("records/<int:pk>.<str:form>", views.record_as, name="record_as"),
]
