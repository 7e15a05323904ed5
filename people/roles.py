"""The roles, as Django groups with their permissions. Whom a role may see is another question: people.access."""

import fnmatch
import re
from typing import Any

from django.apps import AppConfig
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import DEFAULT_DB_ALIAS, transaction
from django.utils.translation import gettext_lazy as _

LEARNER = "learner"
TRAINER = "trainer"
EDITOR = "course editor"
CATALOGUER = "cataloguer"
LIBRARIAN = "librarian"
MANAGER = "manager"
AUDITOR = "auditor"
ADMINISTRATOR = "administrator"
LABELS = {
    LEARNER: _("Học viên"),
    TRAINER: _("Giảng viên"),
    EDITOR: _("Biên soạn khóa học"),
    CATALOGUER: _("Biên mục"),
    LIBRARIAN: _("Thủ thư"),
    MANAGER: _("Quản lý địa bàn"),
    AUDITOR: _("Kiểm tra"),
    ADMINISTRATOR: _("Quản trị"),
}
ALL = (LEARNER, TRAINER, EDITOR, CATALOGUER, LIBRARIAN, MANAGER, AUDITOR, ADMINISTRATOR)
STAFF = tuple(role for role in ALL if role != LEARNER)

QUESTIONS = (
    "lms.add_question",
    "lms.change_question",
    "lms.publish_question",
    "lms.add_glossaryterm",
    "lms.change_glossaryterm",
)
CLASSES = ("lms.add_grading", "lms.change_inquiry", "lms.add_cohort", "lms.change_cohort")
# What is registered of a place and in it, in the units that one manages.
REGISTERS = (
    "people.settle_unit",
    *(
        f"people.{action}_{model}"
        for model in ("unit", "unitattribute", "unitagency", "household", "organisation", "representation")
        for action in ("add", "change")
    ),
    "people.change_representationrequest",
)
# Whom managers enter, mend, merge and erase in their units; whom they may reach is people.access.
PEOPLE = (
    "people.add_user",
    "people.change_user",
    "people.add_audiencemembership",
    "people.change_audiencemembership",
    "people.delete_audiencemembership",
)
# Patterns of app.codename. A pattern that matches no permission yet (a package not installed) grants nothing.
POPULATIONS = ("targets.view_*", "targets.*_population", "targets.*_populationmember")  # the rules are the country's
PERMISSIONS = {
    TRAINER: (
        "people.view_user",
        "people.add_user",
        "people.view_unit",
        "lms.view_*",
        "library.view_*",
        "wagtail_localize.submit_translation",
        *QUESTIONS,
        *CLASSES,
    ),
    EDITOR: (
        "lms.view_*",
        "lms.change_inquiry",
        "library.view_*",
        "wagtail_localize.submit_translation",
        *QUESTIONS,
    ),
    CATALOGUER: ("library.add_record", "library.change_record", "library.view_*"),
    LIBRARIAN: ("library.*", "oai.*"),
    MANAGER: ("people.view_*", *REGISTERS, *PEOPLE, "lms.view_*", *CLASSES, "certificates.view_*", *POPULATIONS),
    AUDITOR: ("core.view_*", "people.view_unit", "lms.view_*", "certificates.view_*", "targets.view_*", "xapi.view_*"),
    ADMINISTRATOR: ("*",),
}
# Deleting a person would tear learning from its learner; erasure keeps the row. So no role has it.
NEVER = ("people.delete_user",)
# Codenames for the part of the page tree, and for images, documents, recordings and films (root collection).
PAGES = {TRAINER: ("add_page",), EDITOR: ("add_page", "change_page", "publish_page")}
MEDIA = {
    TRAINER: ("add_image", "choose_image", "add_document", "choose_document", "add_media"),
    # of recordings and films one chooses what one may change
    EDITOR: ("add_image", "choose_image", "add_document", "choose_document", "add_media", "change_media"),
    CATALOGUER: ("choose_image", "choose_document"),
    LIBRARIAN: ("add_image", "choose_image", "add_document", "choose_document"),
}


def label(group: Group) -> str:
    """How pages call a role; an operator's own group has its own name."""
    return str(LABELS.get(group.name, group.name))


def has(user: Any, *roles: str) -> bool:
    """Whether the user may act in one of the roles now. A superuser has them all."""
    return holds(user, *roles) and not without_code(user)


def holds(user: Any, *roles: str) -> bool:
    """Whether the user was given one of the roles, also before the second factor."""
    return user.is_authenticated and (user.is_superuser or user.groups.filter(name__in=roles).exists())


def without_code(user: Any) -> bool:
    """Whether this is staff whose session has not given the second factor: they may do what a learner may.

    The mark is set by people.second_factor's middleware; outside a request nobody lacks the code.
    """
    return not getattr(user, "second_factor_given", True) and (user.is_staff or holds(user, *STAFF))


def ensure_after_migrate(app_config: AppConfig, using: str = DEFAULT_DB_ALIAS, **_signal: Any) -> None:
    """The post_migrate receiver for the last app, whose permissions Django makes only after our receiver."""
    if using == DEFAULT_DB_ALIAS:
        create_permissions(app_config, verbosity=0)
        ensure()


@transaction.atomic
def ensure() -> None:
    """Make the groups and grant what they lack; what an operator granted besides stays."""
    groups = {name: Group.objects.get_or_create(name=name)[0] for name in ALL}
    permissions = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    for role in STAFF:
        patterns = ("wagtailadmin.access_admin", *PERMISSIONS.get(role, ()))
        granted = re.compile("|".join(map(fnmatch.translate, patterns)))
        names = [name for name in permissions if granted.match(name)]
        groups[role].permissions.add(*(permissions[name] for name in names if name not in NEVER))
    _grant_pages(groups)
    _grant_media(groups)


def _grant_pages(groups: dict[str, Group]) -> None:
    """Trainers write and editors publish below the page of courses (made by lms; until then nothing is granted)."""
    from wagtail.models import GroupPagePermission, Page

    grants = [
        (role, courses, names)
        for courses in Page.objects.filter(slug="courses", depth=3)  # one in each language
        for role, names in PAGES.items()
    ]
    grants += [(ADMINISTRATOR, root, Page.permission_codenames) for root in Page.objects.filter(depth=1)]
    permissions = {row.codename: row for row in Permission.objects.filter(content_type__app_label="wagtailcore")}
    GroupPagePermission.objects.bulk_create(
        [
            GroupPagePermission(group=groups[role], page=page, permission=permissions[name])
            for role, page, names in grants
            for name in names
            if name in permissions
        ],
        ignore_conflicts=True,
    )


def _grant_media(groups: dict[str, Group]) -> None:
    from wagtail.models import Collection, GroupCollectionPermission

    root = Collection.objects.filter(depth=1).first()
    if root is None:
        return
    apps = ("wagtailimages", "wagtaildocs", "wagtailmedia")
    permissions = {row.codename: row for row in Permission.objects.filter(content_type__app_label__in=apps)}
    GroupCollectionPermission.objects.bulk_create(
        [
            GroupCollectionPermission(group=groups[role], collection=root, permission=permission)
            for role, names in {**MEDIA, ADMINISTRATOR: tuple(permissions)}.items()
            for name, permission in permissions.items()
            if name in names
        ],
        ignore_conflicts=True,
    )
