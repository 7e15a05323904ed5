"""Agents and groups (Data 2.4.2)."""

from functools import cached_property
from typing import Literal

from msgspec import UNSET, Struct, UnsetType, field

from xapi.rules import formats
from xapi.rules.broken import Broken


class Account(Struct, forbid_unknown_fields=True, rename="camel"):
    """A user account on an existing system (Data 2.4.2.4)."""

    home_page: str
    name: str

    def __post_init__(self) -> None:
        formats.iri(self.home_page, "homePage")


class Actor(Struct, forbid_unknown_fields=True, rename="camel", dict=True):
    """An agent, an identified group or an anonymous group (Data 2.4.2.1, 2.4.2.2)."""

    object_type: Literal["Agent", "Group"] | UnsetType = UNSET
    name: str | UnsetType = UNSET
    mbox: str | UnsetType = UNSET
    mbox_sha1sum: str | UnsetType = field(name="mbox_sha1sum", default=UNSET)
    openid: str | UnsetType = UNSET
    account: Account | UnsetType = UNSET
    member: "list[Actor] | UnsetType" = UNSET

    def __post_init__(self) -> None:
        formats.mailto(self.mbox, "mbox")
        formats.sha1(self.mbox_sha1sum, "mbox_sha1sum")
        formats.iri(self.openid, "openid")
        _one_identifier(self)
        if self.object_type != "Group":
            _no_member(self)
        elif self.member is not UNSET:
            members_are_agents(self.member, "member")

    @cached_property
    def identifier(self) -> str | None:
        """The inverse functional identifier as one string; None for an anonymous group (Data 2.4.2.3).

        Host names and hexadecimal digits do not differ by case (Data 2.3.1).
        """
        if self.account is not UNSET:
            return f"account {self.account.home_page} {self.account.name}"
        if self.mbox is not UNSET:
            local, _, host = self.mbox.rpartition("@")
            return f"mbox {local}@{host.lower()}"
        if self.mbox_sha1sum is not UNSET:
            return f"mbox_sha1sum {self.mbox_sha1sum.lower()}"
        return None if self.openid is UNSET else f"openid {self.openid}"

    @cached_property
    def identifiers(self) -> tuple[str, ...]:
        """Those of the agent or group itself and of the group's members."""
        own = (self.identifier,) if self.identifier else ()
        members = () if self.member is UNSET else self.member
        return (*own, *(each for member in members for each in member.identifiers))


def _one_identifier(actor: Actor) -> None:
    """An agent has exactly one identifier, a group at most one; a group without one needs members."""
    given = sum(each is not UNSET for each in (actor.mbox, actor.mbox_sha1sum, actor.openid, actor.account))
    if given == 1:
        return
    if given > 1:
        raise Broken("", "more than one of mbox, mbox_sha1sum, openid and account")
    if actor.object_type != "Group":
        raise Broken("", "needs one of mbox, mbox_sha1sum, openid and account")
    if not actor.member:
        raise Broken("member", "an anonymous group needs members")


def _no_member(actor: Actor) -> None:
    """Only groups have members."""
    if actor.member is not UNSET:
        raise Broken("member", "only a group has members")


def members_are_agents(members: list[Actor], name: str) -> None:
    """A group contains agents, no groups (Data 2.4.2.2)."""
    for number, member in enumerate(members):
        if member.object_type == "Group":
            raise Broken(f"{name}[{number}]", "a group cannot be a member of a group")


def is_agent(actor: Actor | UnsetType, name: str) -> None:
    """Here stands an agent, no group."""
    if actor is not UNSET and actor.object_type == "Group":
        raise Broken(name, "must be an agent, not a group")


def is_group(actor: Actor | UnsetType, name: str) -> None:
    """Here stands a group, no agent."""
    if actor is not UNSET and actor.object_type != "Group":
        raise Broken(f"{name}.objectType", "must be Group")
