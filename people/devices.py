"""A device in plain words, from what its browser says of itself."""

from django.utils.translation import gettext as _

# The first that matches: Edge and Opera also call themselves Chrome, and everybody Safari.
BROWSERS = (
    ("Zalo", "Zalo"),
    ("coc_coc_browser", "Cốc Cốc"),
    ("SamsungBrowser", "Samsung Internet"),
    ("UCBrowser", "UC Browser"),
    ("OPR/", "Opera"),
    ("Opera Mini", "Opera Mini"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


def describe(user_agent: str) -> str:
    """Such as "Chrome trên điện thoại Android"; what says nothing known is an unknown device."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = _system(user_agent)
    if browser and system:
        return _("%(browser)s trên %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("thiết bị lạ")


def _system(user_agent: str) -> str:
    phone = "Mobile" in user_agent
    systems = (
        ("iPhone", _("iPhone")),
        ("iPad", _("iPad")),
        ("Android", _("điện thoại Android") if phone else _("máy tính bảng Android")),
        ("Windows", _("máy tính Windows")),
        ("Macintosh", _("máy Mac")),
        ("CrOS", _("máy Chromebook")),
        ("Linux", _("máy tính Linux")),
    )
    return next((name for mark, name in systems if mark in user_agent), "")
