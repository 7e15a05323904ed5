"""Headings in records and names of authorities, derived from the MARC by library.shelving."""

from django.db import models
from django.utils.translation import gettext_lazy as _

KEY_LIMIT = 200  # characters by which headings are compared


class HeadingKind(models.TextChoices):
    """What a heading names."""

    PERSON = "person", _("Người")
    BODY = "body", _("Cơ quan, tổ chức")
    MEETING = "meeting", _("Hội nghị")
    TITLE = "title", _("Nhan đề, tùng thư")
    SUBJECT = "subject", _("Chủ đề")
    ETHNIC_GROUP = "ethnic_group", _("Dân tộc")
    PLACE = "place", _("Địa danh")
    GENRE = "genre", _("Thể loại")
    LANGUAGE = "language", _("Ngôn ngữ")


class Heading(models.Model):
    """A heading that a bibliographic record uses. Derived: related records, rules and authorities look by it."""

    record = models.ForeignKey("library.Record", on_delete=models.CASCADE, related_name="headings")
    kind = models.CharField(max_length=12, choices=HeadingKind)
    key = models.CharField(max_length=KEY_LIMIT, help_text="the heading as it is compared; see library.headings")
    text = models.CharField(max_length=500, help_text="as people read it, without subdivisions")
    is_subject = models.BooleanField(default=False, help_text="what the record is about, not who made it")
    link = models.CharField(max_length=255, blank=True, help_text="$0: (agency)number of an authority record")
    authority = models.ForeignKey(
        "library.Record", null=True, blank=True, on_delete=models.SET_NULL, related_name="uses", db_index=False
    )

    class Meta:
        indexes = [
            models.Index(fields=["kind", "key", "record"], name="library_heading_key"),
            models.Index(fields=["link"], name="library_heading_link"),
            models.Index(
                fields=["authority", "record"],
                name="library_heading_authority",
                condition=models.Q(authority__isnull=False),  # most headings have none, and imports add many
            ),
        ]

    def __str__(self) -> str:
        return self.text


class AuthorityName(models.Model):
    """A name of an authority: its heading, or one that readers may look for instead. Derived."""

    authority = models.ForeignKey("library.Record", on_delete=models.CASCADE, related_name="names")
    kind = models.CharField(max_length=12, choices=HeadingKind)
    key = models.CharField(max_length=KEY_LIMIT, help_text="as Heading.key")
    plain = models.CharField(
        max_length=KEY_LIMIT, db_index=True, help_text="letters without marks, for the chooser and the order"
    )
    text = models.CharField(max_length=500)
    is_heading = models.BooleanField(help_text="the form that records use (1XX), not a variant (4XX)")

    class Meta:
        indexes = [models.Index(fields=["kind", "key"], name="library_name_key")]

    def __str__(self) -> str:
        return self.text
