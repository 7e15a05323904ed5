"""manage.py lrs_credential."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from xapi.models import Credential

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("lrs_credential", *arguments, stdout=out)
    return out.getvalue()


def test_key_and_secret_are_printed_a_line_each() -> None:
    found = re.fullmatch(r"key: ([0-9a-f]{32})\nsecret: ([\w-]{43})\n", run("Lớp học số"))
    assert found
    credential = Credential.objects.get(name="Lớp học số")
    assert (credential.key, credential.fits(found[2])) == (found[1], True)
    assert (credential.scopes, credential.counts) == (["all"], [])


def test_scopes_and_courses() -> None:
    run("x", "--scope", "statements/write", "--scope", "statements/read/mine", "--counts", "so", "khac")
    credential = Credential.objects.get()
    assert credential.scopes == ["statements/write", "statements/read/mine"]
    assert credential.counts == ["so", "khac"]


def test_a_name_twice_is_refused() -> None:
    run("x")
    with pytest.raises(CommandError, match=r"There is a credential called 'x' already\. Choose another name\."):
        run("x")
    assert Credential.objects.count() == 1


def test_an_unknown_scope_is_refused() -> None:
    with pytest.raises(CommandError, match="invalid choice: 'everything'"):
        run("x", "--scope", "everything")


def test_revoke() -> None:
    run("x")
    assert run("x", "--revoke") == f"revoked: {Credential.objects.get().key}\n"
    assert Credential.objects.get().revoked_at is not None
    with pytest.raises(CommandError, match=r"There is no credential called 'x' that still works\."):
        run("x", "--revoke")
