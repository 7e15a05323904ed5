"""What is known of an agent (Communication 2.4)."""

from django.http import HttpResponse

from xapi import etags, parameters, persons
from xapi.calls import Call
from xapi.models import Scope
from xapi.resources import as_json, needs, resource


@needs(Scope.READ, Scope.PROFILE)
def _get(call: Call) -> HttpResponse:
    """The Person object. Whoever may read everything gets the other identifiers too."""
    parameters.only(call, {"agent"})
    agent = parameters.agent(call, "agent")
    all_of_them = call.credential is not None and call.credential.allows(Scope.READ)
    return etags.tagged(call, as_json(persons.person(agent, with_others=all_of_them)))


agents = resource({"GET": _get})
