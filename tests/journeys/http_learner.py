"""The starter learner without a browser: forms are read from the pages and posted as a phone would."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

import requests
from lxml import html

from tests.journeys import starter_course
from tests.journeys.starter_course import Asked
from tests.site import Account

TIMEOUT = 60  # seconds
CONSENT = "/accounts/consent/"
COURSE = f"/courses/{starter_course.KEY}/"


@dataclass(frozen=True)
class Press:
    """A form as it is sent. Sent again, it is the same press."""

    action: str
    fields: tuple[tuple[str, str], ...]

    @property
    def event(self) -> UUID | None:
        """The id that the page gave the press; enrolling has none."""
        given = dict(self.fields).get("event")
        return UUID(given) if given else None


@dataclass(frozen=True)
class Step:
    """One thing to do in the course: enrol, answer a question, or go on. verb is what its statement says."""

    verb: str
    page: str
    asked: Asked | None = None


def steps() -> list[Step]:
    """The whole way through the course."""
    return list(_steps())


def _steps() -> Iterator[Step]:
    yield Step("initialized", COURSE)
    for lesson in starter_course.lessons():
        page = f"{COURSE}{lesson.key}/"
        for asked in lesson.questions:
            yield Step("answered", page, asked)
        yield Step("experienced", page)


class Learner:
    """A signed-in session. Connections are not kept, so that each request meets the site as it is now."""

    def __init__(self, site_url: str) -> None:
        self.url = site_url
        self.session = requests.Session()
        self.session.headers.update({"Connection": "close", "Referer": f"{site_url}/"})

    def sign_in(self, account: Account) -> None:
        """With the password form, and the answer to the page about one's data."""
        form = self._form("/accounts/login/", "/accounts/login/")
        names = {"login": account.username, "password": account.password}
        assert self.send(Press(form.action, (*form.fields, *names.items())))
        agreed = self._form(CONSENT, None)
        assert self.send(agreed)

    def read(self, step: Step) -> Press:
        """Open the step's page and fill in its form, with the right options."""
        learn = f"/learn/{starter_course.KEY}/"
        if step.verb == "initialized":
            return self._form(step.page, f"{learn}enrol/")
        lesson = step.page.removeprefix(COURSE)
        if step.asked is None:
            return self._form(step.page, f"{learn}{lesson}next/")
        return self._form(step.page, f"{learn}{lesson}answer/", step.asked)

    def send(self, press: Press) -> bool:
        """Post it; whether the answer was success: a redirect to anywhere but sign-in."""
        answer = self.session.post(self.url + press.action, press.fields, allow_redirects=False, timeout=TIMEOUT)
        going_to = urlsplit(answer.headers.get("Location", "")).path
        return answer.status_code == 302 and going_to != "/accounts/login/"

    def _form(self, page: str, action: str | None, asked: Asked | None = None) -> Press:
        """The form of the page that goes there; None: to the page itself."""
        answer = self.session.get(self.url + page, timeout=TIMEOUT)
        assert answer.status_code == 200, (page, answer.status_code)
        forms = [form for form in html.fromstring(answer.text).forms if form.get("action") == action]
        if asked:
            forms = [form for form in forms if form.findtext(".//legend") == asked.text]
        [form] = forms
        fields = [(each.name, each.value) for each in form.inputs if each.get("type") == "hidden"]
        if asked:
            fields += _right_options(form, asked)
        return Press(action or page, tuple(fields))


def _right_options(form: html.FormElement, asked: Asked) -> list[tuple[str, str]]:
    """The options of the form whose words are right."""
    by_text = {label.findtext("span"): label.find("input") for label in form.iter("label")}
    return [("option", by_text[text].get("value")) for text in asked.right]
