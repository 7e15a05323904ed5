"""The provider over HTTP: GET with a query, or POST with a form."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core import addresses, horizon, ratelimit
from oai import arguments, datestamps, verbs, xml
from oai.exceptions import BadArgument, BadVerb, ProtocolError

LIMIT, SECONDS = 6000, 60  # requests of one address; a harvester at full speed asks half of it

START = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/ '
    'http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">'
)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def provider(request: HttpRequest) -> HttpResponse:
    """Answer one OAI-PMH request. Errors of the protocol are answers too, with status 200."""
    if not ratelimit.take("oai", addresses.of(request), limit=LIMIT, seconds=SECONDS):
        return HttpResponse("Too many requests\n", "text/plain", 503, headers={"Retry-After": str(SECONDS)})
    date = datestamps.write(horizon.settled())  # before reading: harvesters go on from it
    lists = [*request.GET.lists(), *request.POST.lists()]
    given = [(name, value) for name, values in lists for value in values]
    attributes = "".join(f' {name}="{xml.attribute(value)}"' for name, value in given)
    try:
        asked = arguments.parse(given)
        body = f"<{asked.verb}>{verbs.ANSWERS[asked.verb](asked)}</{asked.verb}>"
    except ProtocolError as error:
        if isinstance(error, BadVerb | BadArgument):  # then the request element has no attributes
            attributes = ""
        body = f'<error code="{error.code}">{xml.text(str(error))}</error>'
    asked_for = f"<responseDate>{date}</responseDate><request{attributes}>{xml.text(verbs.base_url())}</request>"
    return HttpResponse(f"{START}{asked_for}{body}</OAI-PMH>\n", content_type="text/xml; charset=utf-8")
