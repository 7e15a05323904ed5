"""News from the store."""

from django.dispatch import Signal

statements_stored = Signal()
"""Sent once per stored batch, inside its transaction.

statements: list[xapi.insertion.NewRow]; registrations: set[UUID], those of the new rows and of statements they void,
empty where the credential counts for no course, so that its statements cannot become progress.
Also sent without new rows, for registrations in which other statements count than before (xapi.credentials).
"""
