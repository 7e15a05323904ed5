"""What this store understands (Communication 2.8)."""

from django.http import HttpResponse

from xapi.calls import Call
from xapi.parameters import only
from xapi.resources import as_json, resource

VERSIONS = ["1.0.0", "1.0.1", "1.0.2", "1.0.3", "2.0.0"]


def _get(call: Call) -> HttpResponse:
    only(call, ())
    return as_json({"version": VERSIONS})


about = resource({"GET": _get}, public=True)
