"""The roles, as Django groups with their permissions. Whom a role may see is another question: people.access."""

from typing import Any

LEARNER = "learner"
TRAINER = "trainer"
EDITOR = "course editor"
CATALOGUER = "cataloguer"
LIBRARIAN = "librarian"
MANAGER = "manager"
AUDITOR = "auditor"
ADMINISTRATOR = "administrator"
ALL = (LEARNER, TRAINER, EDITOR, CATALOGUER, LIBRARIAN, MANAGER, AUDITOR, ADMINISTRATOR)
STAFF = tuple(role for role in ALL if role != LEARNER)


def has(user: Any, *roles: str) -> bool:
    """Whether the user has one of the roles. A superuser has them all."""
    if not user.is_authenticated:
        return False
    return user.is_superuser or user.groups.filter(name__in=roles).exists()
