"""What OAI-PMH adds to the admin."""

from wagtail import hooks
from wagtail.permissions import register_permission_policy

from oai.admin_sources import SourceViewSet, ViewOnly
from oai.models import HarvestSource

register_permission_policy(HarvestSource, ViewOnly(HarvestSource))


@hooks.register("register_admin_viewset")
def viewsets() -> SourceViewSet:
    """The list of sources."""
    return SourceViewSet("oai_sources", url_prefix="oai/sources")
