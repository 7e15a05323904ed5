"""The readers' search page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def search(request: HttpRequest) -> HttpResponse:
    """The search page."""
    return render(request, "search/search.html")
