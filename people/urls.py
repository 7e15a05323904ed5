"""Sign-in, sign-out, password and second factor: allauth's views under /accounts/."""

from allauth.account import urls as account_urls
from allauth.mfa import urls as mfa_urls
from django.urls import include, path

urlpatterns = [
    path("2fa/", include(mfa_urls)),
    path("", include(account_urls)),
]
