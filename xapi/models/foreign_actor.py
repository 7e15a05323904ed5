"""Actors of other systems' statements: whom staff attach to people."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.actors import Identifier
from people.folding import SearchKeyField
from people.models import ActorIdentifier
from xapi.models.credential import Credential


class ForeignActor(models.Model):
    """An agent that other systems' statements are about, in one spelling, under no uuid of a person of ours.

    Gathered from stored statements by xapi.foreign_actors. Whom it means is said by people's ActorIdentifier (and
    UserAlias) alone; the state only says in which list it stands.
    """

    class State(models.TextChoices):
        """What staff have decided."""

        WAITING = "waiting", _("Chưa rõ là ai")
        ATTACHED = "attached", _("Đã rõ là ai")
        IGNORED = "ignored", _("Đã bỏ qua")

    key = models.BigIntegerField(unique=True, help_text="xapi.keys.agent of the identifier as it is spelled")
    identity = models.BigIntegerField(db_index=True, help_text="the same of the identifier in one spelling")
    kind = models.CharField(max_length=13, choices=ActorIdentifier.Kind)
    home_page = models.CharField(max_length=500, blank=True)
    value = models.CharField(max_length=500)
    name = models.CharField(_("tên được gửi kèm"), max_length=200, blank=True)
    credential = models.ForeignKey(
        Credential, on_delete=models.PROTECT, db_index=False, related_name="+", help_text="the last that spoke of it"
    )
    statements = models.PositiveBigIntegerField(default=0, help_text="how many have been seen, voided later or not")
    first = models.BigIntegerField(help_text="primary key of the first statement seen, so its time")
    last = models.BigIntegerField(help_text="primary key of the last statement seen")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    search_key = SearchKeyField(sources=("name", "value"))

    class Meta:
        indexes = [models.Index(fields=["state", "-last"], name="xapi_foreignactor_list")]
        verbose_name = _("định danh ngoài")
        verbose_name_plural = _("định danh ngoài")

    def __str__(self) -> str:
        return self.name or self.shown

    @property
    def identifier(self) -> Identifier:
        """In the spelling by which people know it."""
        return Identifier(self.kind, self.home_page, self.value)

    @property
    def shown(self) -> str:
        """The identifier as people read it."""
        return self.value.removeprefix("mailto:")


class ActorsGathered(models.Model):
    """How far a credential's statements have been looked through for actors."""

    credential = models.OneToOneField(Credential, primary_key=True, on_delete=models.CASCADE, related_name="+")
    through = models.BigIntegerField(default=0, help_text="primary key of the last statement looked at")

    def __str__(self) -> str:
        return f"{self.credential}: {self.through}"
