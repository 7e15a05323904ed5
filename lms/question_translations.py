"""Keeps the translations of a question to what its source says is right.

Words are the translator's; options, their order and which is right are the source's, from the moment it is published.
"""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from wagtail.signals import published
from wagtail_localize.models import TranslationSource

from lms.models import Question


def connect() -> None:
    """Follow each publication of a question."""
    published.connect(_follow, sender=Question, dispatch_uid="lms.question_translations")


def _follow(instance: Question, **_signal: Any) -> None:
    """Build the translations anew; a text that is not translated yet is the source's, a draft stays one."""
    source = TranslationSource.objects.get_for_instance_or_none(instance)
    if source is None:
        return
    with transaction.atomic():
        source.update_from_db()
        for translation in source.translations.filter(enabled=True).select_related("target_locale"):
            try:
                target = translation.get_target_instance()
            except ObjectDoesNotExist:  # it was deleted
                continue
            translation.save_target(publish=target.live)
