"""Pages of the house itself."""

from django.urls import path

from home import views

app_name = "home"
urlpatterns = [
    path("my/", views.my, name="my"),
    path("robots.txt", views.robots, name="robots"),
]
