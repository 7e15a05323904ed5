"""What learners do, and the pages of who runs classes. Lessons are read at their own addresses under /courses/."""

from django.urls import path

from lms import (
    class_views,
    join_views,
    media_views,
    message_views,
    notebook_views,
    presence_views,
    quiz_views,
    views,
)

app_name = "lms"
A_CLASS = "classes/<uuid:cohort>/"
A_SESSION = f"{A_CLASS}sessions/<uuid:session>/"
urlpatterns = [
    path("classes/", class_views.index, name="classes"),
    path("classes/worker.js", class_views.worker, name="classes_worker"),
    path("classes/marks/", class_views.receive_marks, name="marks"),
    path(A_CLASS, class_views.show, name="class"),
    path(f"{A_CLASS}add/", class_views.add_people, name="add_people"),
    path(f"{A_CLASS}remove/", class_views.remove_person, name="remove_person"),
    path(f"{A_CLASS}messages/", message_views.write, name="messages"),
    path(f"{A_CLASS}share/", class_views.share, name="share"),
    path(f"{A_CLASS}poster/", class_views.poster, name="poster"),
    path(f"{A_CLASS}door/", class_views.door, name="class_door"),
    path(f"{A_CLASS}sessions/new/", class_views.new_session, name="new_session"),
    path(A_SESSION, class_views.roll, name="roll"),
    path(f"{A_SESSION}change/", class_views.change_session, name="change_session"),
    path(f"{A_SESSION}history/", class_views.history, name="marks_history"),
    path(f"{A_SESSION}screen/", class_views.screen, name="screen"),
    path("messages/<int:pk>/read/", message_views.read, name="message_read"),
    path("messages/no-email/<str:token>/", message_views.no_email, name="no_email"),
    path("join/", join_views.ask_code, name="join"),
    path("join/<str:code>/", join_views.join, name="join_class"),
    path("here/<uuid:session>/<str:code>/", presence_views.here, name="here"),
    path("s/<str:token>/", presence_views.shared, name="shared"),
    path("s/<str:token>/<slug:lesson>/", presence_views.shared, name="shared_lesson"),
    path("media/<uuid:uuid>/", media_views.media, name="media"),
    path("media/<uuid:uuid>/<slug:language>.vtt", media_views.captions, name="captions"),
    path("answers/<uuid:statement_id>/", views.answer_file, name="answer_file"),
    path("<slug:course>/enrol/", views.enrol, name="enrol"),
    path("<slug:course>/finish/", views.finish, name="finish"),
    path("<slug:course>/<slug:lesson>/next/", views.next_lesson, name="next"),
    path("<slug:course>/<slug:lesson>/quiz/", quiz_views.start, name="quiz"),
    path("<slug:course>/<slug:lesson>/quiz/<int:number>/", quiz_views.attempt, name="quiz_attempt"),
    path("<slug:course>/<slug:lesson>/answer/", views.answer, name="answer"),
    path("<slug:course>/<slug:lesson>/event/", views.event, name="event"),
    path("<slug:course>/<slug:lesson>/note/", notebook_views.note, name="note"),
    path("<slug:course>/<slug:lesson>/bookmark/", notebook_views.bookmark, name="bookmark"),
    path("<slug:course>/<slug:lesson>/ask/", notebook_views.ask, name="ask"),
    path("<slug:course>/<slug:lesson>/place/", notebook_views.place, name="place"),
]
