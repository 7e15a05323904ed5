"""News from the store."""

from django.dispatch import Signal

statements_stored = Signal()
"""Sent once per stored batch, inside its transaction.

statements: list[Statement], the new rows; registrations: set[UUID], those of the new rows and of statements they void.
"""
