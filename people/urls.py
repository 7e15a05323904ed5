"""Under /accounts/: sign-in, sign-out, password and second factor, by allauth's views under allauth's names.

Its pages for e-mail addresses and sign-in codes are left out: a person's address is kept by staff.
"""

from allauth.account import views
from allauth.mfa import urls as second_factor
from django.urls import include, path, re_path
from django.views.generic import TemplateView

from people import subjects
from people.views import consent, erasure, identity, pin, registration, sessions, sign_in

urlpatterns = [
    path("login/", sign_in.sign_in, name="account_login"),
    path("login/forget/", sign_in.forget, name="people_forget"),
    path("card/<str:token>/", sign_in.card, name="people_card"),
    path("oidc/login/", identity.begin, name="people_oidc"),
    path("oidc/login/callback/", identity.come_back, name="people_oidc_callback"),
    path(
        "oidc/cancelled/",
        TemplateView.as_view(template_name="socialaccount/login_cancelled.html"),
        name="socialaccount_login_cancelled",
    ),
    path("identity/", identity.identity, name="people_identity"),
    path("sessions/", sessions.list_sessions, name="usersessions_list"),
    path("consent/", consent.read, name="people_consent"),
    path("consent/withdraw/", consent.withdraw, name="people_withdraw_consent"),
    path("pin/", pin.change_pin, name="people_change_pin"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("signup/", registration.register, name="account_signup"),
    path("signup/done/", TemplateView.as_view(template_name="people/registered.html"), name="people_registered"),
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
