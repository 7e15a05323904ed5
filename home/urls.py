"""Pages of the house itself."""

from django.urls import path

from home import views

app_name = "home"
urlpatterns = [
    path("my/", views.my, name="my"),
    path("my/data.json", views.my_data, name="my_data"),
    path("robots.txt", views.robots, name="robots"),
]
