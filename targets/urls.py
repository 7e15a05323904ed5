"""/targets/: the dashboards."""

from django.urls import path

from targets import views

app_name = "targets"
urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("figures.<slug:form>", views.figures_file, name="file"),
    path("<slug:code>/figures.<slug:form>", views.figures_file, name="file"),
    path("<slug:code>/", views.dashboard, name="unit"),
    path("<slug:code>/<slug:key>/", views.attained, name="attained"),
]
