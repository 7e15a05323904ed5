"""What people tell the packages above them."""

from django.dispatch import Signal

# Rows of a model that stands in units (User, Household, Organisation) were given another unit at once, past save():
# sender is the model, `keys` their primary keys. Sent inside the transaction that writes; receivers only enqueue.
moved = Signal()
