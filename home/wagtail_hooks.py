"""The admin in the house's look."""

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem


@hooks.register("insert_global_admin_css")
def admin_look() -> SafeString:
    """Our colours in place of Wagtail's."""
    return format_html('<link rel="stylesheet" href="{}">', static("admin.css"))


@hooks.register("construct_main_menu")
def without_help(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Wagtail's help menu links to other hosts and counts its own news; ours is the site's help page."""
    menu_items[:] = [item for item in menu_items if item.name != "help"]
