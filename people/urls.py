"""Under /accounts/: sign-in, sign-out, password and second factor, by allauth's views under allauth's names.

Its pages for e-mail addresses and sign-in codes are left out: a person's address is kept by staff.
"""

from allauth.account import views
from allauth.mfa import urls as second_factor
from django.urls import include, path, re_path

from people import subjects
from people.views import erasure

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("signup/", views.signup, name="account_signup"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/sent/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/done/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("2fa/", include(second_factor)),
    path("learns-for/", subjects.subjects, name="people_subjects"),
    path("erasure/", erasure.own, name="account_erasure"),
]
