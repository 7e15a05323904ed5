"""What an activity is (Communication 2.5)."""

from django.http import HttpResponse

from xapi import etags, parameters
from xapi.activities import definition_of
from xapi.calls import Call
from xapi.models import Scope
from xapi.resources import as_json, needs, resource


@needs(Scope.READ, Scope.STATEMENTS_READ, Scope.PROFILE)
def _get(call: Call) -> HttpResponse:
    """The activity with its canonical definition in all languages; with its id alone where nothing is known."""
    parameters.only(call, {"activityId"})
    iri = parameters.activity(call, "activityId")
    definition = definition_of(iri)
    found = {"objectType": "Activity", "id": iri} | ({"definition": definition} if definition is not None else {})
    return etags.tagged(call, as_json(found))


activities = resource({"GET": _get})
