"""What trainers write below the catalogue goes to the course editors, who approve it: Wagtail's own workflow."""

from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from wagtail.models import GroupApprovalTask, Page, Workflow, WorkflowPage, WorkflowTask

from people import roles

NAME = "Duyệt khóa học"


@transaction.atomic
def ensure(catalogue: Page) -> None:
    """Let the workflow hold for the catalogue, unless an administrator chose another for it."""
    if WorkflowPage.objects.filter(page=catalogue).exists():
        return
    editors, _made = Group.objects.get_or_create(name=roles.EDITOR)
    task = GroupApprovalTask.objects.filter(name=NAME).first() or GroupApprovalTask.objects.create(name=NAME)
    task.groups.add(editors)
    workflow, _made = Workflow.objects.get_or_create(name=NAME)
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 0})
    WorkflowPage.objects.create(workflow=workflow, page=catalogue)


def ensure_after_migrate(**_signal: Any) -> None:
    """The post_migrate receiver, for sites that are older than the workflow."""
    from lms.models import CourseIndexPage

    if catalogue := CourseIndexPage.objects.first():
        ensure(catalogue)
