"""System checks of search; that the engine is known and fits the database is checked in core."""

import re
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from search.engines import HOW, engine


@register()
def search_url_makes_no_sense(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """Otherwise the first search fails, and until then nothing is indexed."""
    try:
        engine()
    except ImproperlyConfigured as error:
        return [Error(str(error), hint=f"SEARCH_URL: {HOW}.", id="search.E001")]
    return []


@register()
def index_prefix_makes_no_sense(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """Otherwise the cluster refuses to make an index, long after the start."""
    if re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,99}", settings.SEARCH_INDEX_PREFIX):
        return []
    return [
        Error(
            f"SEARCH_INDEX_PREFIX={settings.SEARCH_INDEX_PREFIX}: no cluster allows such a name.",
            hint="Write small letters, digits, - and _, beginning with a letter or digit.",
            id="search.E002",
        )
    ]
