from django.http import HttpRequest, HttpResponse


def enrol(request: HttpRequest, course: str) -> HttpResponse:
    raise NotImplementedError


finish = next_lesson = answer = enrol
