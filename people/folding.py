"""Looking for a name without its marks: "lao cai" finds "Lào Cai"."""

from typing import Any

from django.db import models
from django.db.models import Q

from core.folding import fold


class SearchKeyField(models.CharField):
    """The folded text of other fields, written whenever the row is."""

    def __init__(self, *args: Any, sources: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.sources = tuple(sources)
        super().__init__(*args, **{"max_length": 600, "editable": False, "default": "", **kwargs})

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "sources": self.sources}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: FBT001 - Django's signature
        """Names first, then codes and numbers; a Vietnamese telephone number is found with its 0 too."""
        values = [str(value) for source in self.sources if (value := getattr(model_instance, source))]
        values += ["0" + value[3:] for value in values if value.startswith("+84")]
        key = fold(" ".join(values))[: self.max_length]
        setattr(model_instance, self.attname, key)
        return key


def matches(text: str) -> Q:
    """The condition on a model with a `search_key` that it holds every word of the text."""
    condition = Q()
    for word in fold(text).split():
        condition &= Q(search_key__contains=word)
    return condition
