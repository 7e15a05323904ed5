"""What can be wrong with what people and units are told to be."""

from django.utils.functional import Promise


class IdentifierTaken(Exception):
    """Raised when an identifier of statements means another person already."""

    def __init__(self, value: str) -> None:
        super().__init__(f"{value} means another person; detach it there first")
        self.value = value


class NotPossible(Exception):
    """Raised when a register of units cannot be changed so; the message tells the reader why and what to do."""

    def __init__(self, message: str | Promise) -> None:
        self.message = str(message)
        super().__init__(self.message)


class MayNotEnter(Exception):
    """Raised when an account may not be entered that way: it is closed, or belongs to staff."""


class NotTheirs(Exception):
    """Raised when somebody would give a card or a PIN to a person who is not in their care, or is staff."""
