"""State, Agent Profile and Activity Profile (Communication 2.3, 2.6, 2.7)."""

from collections.abc import Callable
from functools import partial

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from xapi import documents, etags, launch, parameters
from xapi.calls import Call
from xapi.documents import Content, Place
from xapi.exceptions import Refused
from xapi.models import Document, Scope
from xapi.resources import as_json, needs, resource

Kind = Document.Kind
UNKNOWN_TYPE = "application/octet-stream"


def _documents(
    place_of: Callable[[Call], Place], *, named: str, context: set[str], scope: Scope, for_launch: bool
) -> Callable[..., HttpResponseBase]:
    """A resource of documents. named: the parameter of their id. context: those that say what they belong to.

    for_launch: launch tokens come in too; place_of refuses what is not theirs.
    """

    @needs(scope, Scope.READ, launch=for_launch)
    def get(call: Call) -> HttpResponse:
        if named not in call.parameters:
            parameters.only(call, {*context, "since"})
            found, modified = documents.ids(place_of(call), since=parameters.time(call, "since"))
            return etags.tagged(call, as_json(found), modified=modified)
        parameters.only(call, {*context, named})
        return _shown(call, documents.find(place_of(call), _id(call)))

    @needs(scope, launch=for_launch)
    def put(call: Call) -> HttpResponse:
        parameters.only(call, {*context, named})
        place = place_of(call)
        check = partial(etags.check_put, call, state=place.kind == Kind.STATE)
        documents.put(place, _id(call), _content(call), check=check)
        return HttpResponse(status=204)

    @needs(scope, launch=for_launch)
    def post(call: Call) -> HttpResponse:
        parameters.only(call, {*context, named})
        documents.post(place_of(call), _id(call), _content(call), check=partial(etags.check, call))
        return HttpResponse(status=204)

    @needs(scope, launch=for_launch)
    def delete(call: Call) -> HttpResponse:
        parameters.only(call, {*context, named})
        place = place_of(call)
        if named not in call.parameters and place.kind == Kind.STATE:
            _delete_all(call, place)
        else:
            documents.delete(place, _id(call), check=partial(etags.check, call))
        return HttpResponse(status=204)

    def _id(call: Call) -> str:
        found = parameters.text(call, named)
        if "\0" in found:
            raise Refused(400, f"{named}: must not contain the character U+0000")
        return found

    return resource({"GET": get, "PUT": put, "POST": post, "DELETE": delete})


def _shown(call: Call, found: Document | None) -> HttpResponse:
    """The document as it came; never a page of ours, whatever its type says."""
    if found is None:
        raise Refused(404, "no such document")
    response = HttpResponse(bytes(found.content), content_type=found.content_type)
    response["Content-Disposition"] = "attachment"
    return etags.tagged(call, response, etag=found.etag, modified=found.updated)


def _delete_all(call: Call, place: Place) -> None:
    """All states of the context (Communication 2.3); a precondition is about one document."""
    if "if-match" in call.headers or "if-none-match" in call.headers:
        raise Refused(400, "If-Match and If-None-Match need a stateId")
    documents.delete_all(place)


def _content(call: Call) -> Content:
    """What a PUT or POST brings."""
    content_type = call.headers.get("content-type", "").strip() or UNKNOWN_TYPE
    if len(content_type) > 255 or not (content_type.isascii() and content_type.isprintable() and "/" in content_type):
        raise Refused(400, "Content-Type: not a media type of at most 255 characters")
    return Content(content_type, call.body)


def _of_state(call: Call) -> Place:
    agent = parameters.agent(call, "agent").identifier or ""
    activity = parameters.activity(call, "activityId")
    registration = parameters.uuid(call, "registration")
    launch.check_state(call.launch, activity=activity, agent=agent, registration=registration)
    return Place(Kind.STATE, agent=agent, activity=activity, registration=registration)


def _of_agent(call: Call) -> Place:
    agent = parameters.agent(call, "agent").identifier or ""
    launch.check_agent_profile(call.launch, agent=agent, method=call.method)
    return Place(Kind.AGENT_PROFILE, agent=agent)


def _of_activity(call: Call) -> Place:
    return Place(Kind.ACTIVITY_PROFILE, activity=parameters.activity(call, "activityId"))


state = _documents(
    _of_state, named="stateId", context={"activityId", "agent", "registration"}, scope=Scope.STATE, for_launch=True
)
agent_profile = _documents(_of_agent, named="profileId", context={"agent"}, scope=Scope.PROFILE, for_launch=True)
activity_profile = _documents(
    _of_activity, named="profileId", context={"activityId"}, scope=Scope.PROFILE, for_launch=False
)
