"""Hands out recordings, films and their captions, in ranges, to whom their lessons are for."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from core.views import media as files
from lms.models import LessonMedia, MediaCaption

KEPT = "private, max-age=86400"  # a phone need not load a film twice; no cache in between may keep it


@require_safe
def media(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """The file, or the range of it that was asked for; 404 for whom it is not."""
    found = get_object_or_404(LessonMedia.objects.visible_to(request.user), uuid=uuid)
    response = files.answer(request, str(found.file.name))
    response["Cache-Control"] = KEPT
    return response


@require_safe
def captions(request: HttpRequest, uuid: UUID, language: str) -> HttpResponse:
    """The captions of a film in one language, as WebVTT."""
    visible = LessonMedia.objects.visible_to(request.user)
    found = get_object_or_404(MediaCaption, media__in=visible.filter(uuid=uuid), language=language)
    return HttpResponse(found.text, content_type="text/vtt; charset=utf-8", headers={"Cache-Control": "private"})
