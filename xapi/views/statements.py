"""The Statements resource (Communication 2.1)."""

from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

import orjson
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import http_date

from xapi import clock, launch, multipart, parameters, presentation, retrieval
from xapi.calls import Call
from xapi.exceptions import InvalidStatement, Refused
from xapi.models import Scope, Statement
from xapi.received import Received
from xapi.resources import as_json, needs, resource
from xapi.sealing import spoken
from xapi.statements import store_received

SINGLE = {"statementId", "voidedStatementId", "format", "attachments"}
MANY = {
    "agent",
    "verb",
    "activity",
    "registration",
    "related_activities",
    "related_agents",
    "since",
    "until",
    "limit",
    "format",
    "attachments",
    "ascending",
    "cursor",
}
READ = (Scope.READ, Scope.STATEMENTS_READ, Scope.STATEMENTS_READ_MINE)


@needs(Scope.STATEMENTS_WRITE, launch=True)
def _post(call: Call) -> HttpResponse:
    """Store one statement or a batch; 200 with the ids (Communication 2.1.2)."""
    parameters.only(call, ())
    with multipart.statements_and_files(call) as (received, files):
        launch.check_statements(call.launch, received)
        ids = store_received(received, credential=call.credential, version=call.version, files=files)
    return as_json([str(each) for each in ids])


@needs(Scope.STATEMENTS_WRITE, launch=True)
def _put(call: Call) -> HttpResponse:
    """Store one statement under the id of the parameter; 204 (Communication 2.1.1)."""
    parameters.only(call, {"statementId"})
    parameters.text(call, "statementId")
    statement_id = parameters.uuid(call, "statementId")
    with multipart.statements_and_files(call) as (received, files):
        if len(received) != 1:
            raise InvalidStatement("", "expected one statement")
        named = [_with_id(received[0], statement_id)]
        launch.check_statements(call.launch, named)
        store_received(named, credential=call.credential, version=call.version, files=files)
    return HttpResponse(status=204)


def _with_id(received: Received, statement_id: UUID | None) -> Received:
    """A statement that was sent without an id gets the parameter's; another id is refused."""
    if statement_id is None or (received.named and received.id != statement_id):
        raise InvalidStatement("statement.id", "is not the statementId of the request")
    received.id, received.named = statement_id, True
    return received


@needs(*READ, launch=True)
def _get(call: Call) -> HttpResponseBase:
    """One statement by its id, or a page of those that fit the filters (Communication 2.1.3)."""
    if "statementId" in call.parameters or "voidedStatementId" in call.parameters:
        return _get_one(call)
    return _get_many(call)


def _get_one(call: Call) -> HttpResponseBase:
    parameters.only(call, SINGLE)
    if "statementId" in call.parameters and "voidedStatementId" in call.parameters:
        raise Refused(400, "statementId and voidedStatementId exclude one another")
    voided = "voidedStatementId" in call.parameters
    statement_id = parameters.uuid(call, "voidedStatementId" if voided else "statementId")
    form, with_files = _form(call), parameters.flag(call, "attachments")
    found = retrieval.one(statement_id, voided=voided) if statement_id else None
    if found is None or not _may_read(call, found):
        raise Refused(404, "no such statement")
    [body] = _shown(call, [bytes(found.body)], form)
    return _answer(body, [body], with_files=with_files, modified=found.stored)


def _get_many(call: Call) -> HttpResponseBase:
    parameters.only(call, MANY)
    form, with_files = _form(call), parameters.flag(call, "attachments")
    bodies, cursor = retrieval.page(_query(call))
    statements = _shown(call, bodies, form)
    more = "" if cursor is None else _more(call, cursor)
    body = b'{"statements":[' + b",".join(statements) + b'],"more":' + orjson.dumps(more) + b"}"
    return _answer(body, statements, with_files=with_files)


def _query(call: Call) -> retrieval.Query:
    """The filters of a call; a credential that reads only its own gets one more, a launch token its registration."""
    agent = parameters.actor(call, "agent")
    registration = parameters.uuid(call, "registration")
    launch.check_registration(call.launch, registration)
    found = retrieval.filters(
        registration=call.launch.registration if call.launch else registration,
        agent=agent.identifier or "" if agent else None,
        activity=parameters.iri(call, "activity"),
        verb=parameters.iri(call, "verb"),
        related_agents=parameters.flag(call, "related_agents"),
        related_activities=parameters.flag(call, "related_activities"),
    )
    if call.credential and not call.launch and not _reads_all(call):
        found.append(retrieval.sent_by(call.credential))
    return retrieval.Query(
        filters=found,
        since=parameters.time(call, "since"),
        until=parameters.time(call, "until"),
        cursor=parameters.number(call, "cursor"),
        limit=min(parameters.number(call, "limit") or retrieval.PAGE, retrieval.PAGE),
        ascending=parameters.flag(call, "ascending"),
        only_of=call.launch.registration if call.launch else None,
    )


def _form(call: Call) -> str:
    return parameters.choice(call, "format", presentation.FORMATS, "exact")


def _shown(call: Call, bodies: list[bytes], form: str) -> list[bytes]:
    accept_language = call.headers.get("accept-language", "")
    return presentation.shown(bodies, form=form, accept_language=accept_language, version=call.version)


def _reads_all(call: Call) -> bool:
    return call.credential is not None and call.credential.allows(Scope.READ, Scope.STATEMENTS_READ)


def _may_read(call: Call, statement: Statement) -> bool:
    if call.launch:
        return statement.registration == call.launch.registration
    return _reads_all(call) or (call.credential is not None and statement.credential_id == call.credential.pk)


def _more(call: Call, cursor: int) -> str:
    """Where the list goes on: the same question, and the last statement shown (Data 2.5)."""
    return f"{reverse('xapi:statements')}?{urlencode({**call.parameters, 'cursor': cursor})}"


def _answer(
    body: bytes, statements: list[bytes], *, with_files: bool, modified: datetime | None = None
) -> HttpResponseBase:
    plain = HttpResponse(body, content_type="application/json")
    response = multipart.answer(body, statements) if with_files else plain
    if modified:
        response["Last-Modified"] = http_date(modified.timestamp())
    return response


def _consistent_through(call: Call) -> dict[str, str]:
    reads = call.method in {"GET", "HEAD"}
    through = clock.consistent_through() if reads else clock.lately_consistent_through()
    return {"X-Experience-API-Consistent-Through": spoken(through).decode()}


statements = resource({"GET": _get, "PUT": _put, "POST": _post}, headers=_consistent_through)
