"""What learners do. Reading is at the pages' own addresses under /courses/."""

from django.urls import path

from lms import views

app_name = "lms"
urlpatterns = [
    path("<slug:course>/enrol/", views.enrol, name="enrol"),
    path("<slug:course>/finish/", views.finish, name="finish"),
    path("<slug:course>/<slug:lesson>/next/", views.next_lesson, name="next"),
    path("<slug:course>/<slug:lesson>/answer/", views.answer, name="answer"),
]
