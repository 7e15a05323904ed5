"""The roles and their permissions."""

import pytest
from django.contrib.auth.models import Group
from wagtail.models import GroupCollectionPermission, GroupPagePermission, Page

from people import accounts, roles

pytestmark = pytest.mark.django_db


def permissions(role: str) -> set[str]:
    rows = Group.objects.get(name=role).permissions.values_list("content_type__app_label", "codename")
    return {".".join(row) for row in rows}


def test_every_migrate_makes_the_roles() -> None:
    assert set(Group.objects.filter(name__in=roles.ALL).values_list("name", flat=True)) == set(roles.ALL)


def test_staff_enter_the_admin_and_learners_do_not() -> None:
    assert all("wagtailadmin.access_admin" in permissions(role) for role in roles.STAFF)
    assert permissions(roles.LEARNER) == set()


def test_who_manages_people() -> None:
    assert {role for role in roles.ALL if "people.change_user" in permissions(role)} == {
        roles.ADMINISTRATOR,
        roles.MANAGER,
    }
    assert {role for role in roles.ALL if "people.view_user" in permissions(role)} == {
        roles.TRAINER, roles.MANAGER, roles.ADMINISTRATOR,
    }  # fmt: skip
    assert not any("people.delete_user" in permissions(role) for role in roles.ALL)


def test_ensure_twice_changes_nothing_and_keeps_what_was_granted_besides() -> None:
    extra = Group.objects.get(name=roles.ADMINISTRATOR).permissions.first()
    Group.objects.get(name=roles.LEARNER).permissions.add(extra)
    before = (
        {role: permissions(role) for role in roles.ALL},
        GroupPagePermission.objects.count(),
        GroupCollectionPermission.objects.count(),
    )
    roles.ensure()
    after = (
        {role: permissions(role) for role in roles.ALL},
        GroupPagePermission.objects.count(),
        GroupCollectionPermission.objects.count(),
    )
    assert before == after


def test_editors_work_below_the_page_of_courses_once_it_is_there() -> None:
    editors = Group.objects.get(name=roles.EDITOR)
    editors.page_permissions.all().delete()
    Page.objects.filter(slug="courses", depth=3).delete()
    roles.ensure()
    assert not editors.page_permissions.exists()
    courses = Page.objects.get(depth=2).add_child(instance=Page(title="Khóa học", slug="courses"))
    roles.ensure()
    assert set(editors.page_permissions.values_list("page", "permission__codename")) == {
        (courses.pk, "add_page"), (courses.pk, "change_page"), (courses.pk, "publish_page"),
    }  # fmt: skip


def test_a_superuser_has_every_role() -> None:
    user = accounts.create(full_name="A", username="a1", is_superuser=True)
    assert all(roles.has(user, role) for role in roles.ALL)
