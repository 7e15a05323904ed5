"""News about people that travels against the arrows. Receivers only enqueue, in the sender's transaction."""

from django.dispatch import Signal

merge_changed = Signal()
"""Accounts were found to be one person, or no longer. accounts: list[User], all that are or were together."""

person_erased = Signal()
"""A person's row is being emptied. person: User, still with its identifiers."""

moved = Signal()
"""Rows of a model that stands in units (User, Household, Organisation) were given another unit at once, past save().

sender is the model, `keys` their primary keys.
"""
