"""The three training targets of Decision 1087/QĐ-TTg of 2 October 2024, to be met by 2030."""

from django.utils.translation import gettext_noop as _

from targets.models import Target

OFFICIALS, HEADS, ECONOMIES = "officials", "heads", "economies"

TARGETS = (
    {
        "key": OFFICIALS,
        "name": _("Cán bộ, công chức, viên chức các cơ quan công tác dân tộc"),
        "short_name": _("Cán bộ cơ quan công tác dân tộc"),
        "counted": _("người"),
        "percent": 100,
        "subject_kind": Target.SubjectKind.PERSON,
        "audiences": ["officials"],
        "position": 1,
    },
    {
        "key": HEADS,
        "name": _("Trưởng thôn, bản, ấp, buôn và người có uy tín vùng đồng bào dân tộc thiểu số"),
        "short_name": _("Trưởng thôn, người có uy tín"),
        "counted": _("người"),
        "percent": 80,
        "subject_kind": Target.SubjectKind.PERSON,
        "audiences": ["village_heads", "persons_of_influence"],
        "position": 2,
    },
    {
        "key": ECONOMIES,
        "name": _("Doanh nghiệp, hợp tác xã, kinh tế hộ của đồng bào dân tộc thiểu số"),
        "short_name": _("Doanh nghiệp, hợp tác xã, kinh tế hộ"),
        "counted": _("hộ và đơn vị"),
        "percent": 50,
        "subject_kind": Target.SubjectKind.ECONOMY,
        "audiences": ["households", "cooperatives", "enterprises"],
        "position": 3,
    },
)


def ensure_targets(**_signal: object) -> None:
    """Make the targets that are missing; what managers changed since stays (post_migrate receiver)."""
    for fields in TARGETS:
        Target.objects.get_or_create(key=fields["key"], defaults=fields)
