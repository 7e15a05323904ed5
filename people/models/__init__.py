"""The tables of people: who learns, where they belong and what they may see."""

from people.models.actor import ActorIdentifier, UserAlias
from people.models.audience import Audience, AudienceMembership
from people.models.consent import Consent
from people.models.erasure import ErasureRequest
from people.models.group import Group, GroupMembership
from people.models.manager import ManagerAssignment
from people.models.organisation import Household, Organisation
from people.models.registration import Registration
from people.models.representation import Representation, RepresentationRequest
from people.models.sign_in_card import SignInCard
from people.models.unit import Unit, UnitSuccession
from people.models.unit_registers import UnitAgency, UnitAttribute
from people.models.user import User

__all__ = [
    "ActorIdentifier",
    "Audience",
    "AudienceMembership",
    "Consent",
    "ErasureRequest",
    "Group",
    "GroupMembership",
    "Household",
    "ManagerAssignment",
    "Organisation",
    "Registration",
    "Representation",
    "RepresentationRequest",
    "SignInCard",
    "Unit",
    "UnitAgency",
    "UnitAttribute",
    "UnitSuccession",
    "User",
    "UserAlias",
]
