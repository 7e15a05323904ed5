"""The languages in which terms are named and films are captioned, by their codes (BCP 47), in their own order."""

from django.utils.translation import gettext_lazy as _

TONGUES = [
    ("vi", _("Tiếng Việt")),
    ("en", _("Tiếng Anh")),
    ("bdq", _("Tiếng Ba-na")),
    ("cjm", _("Tiếng Chăm")),
    ("kpm", _("Tiếng Cơ Ho")),
    ("ium", _("Tiếng Dao")),
    ("rad", _("Tiếng Ê-đê")),
    ("jra", _("Tiếng Gia-rai")),
    ("hre", _("Tiếng Hrê")),
    ("km", _("Tiếng Khmer")),
    ("cmo", _("Tiếng Mnông")),
    ("hmn", _("Tiếng Mông")),
    ("mtq", _("Tiếng Mường")),
    ("nut", _("Tiếng Nùng")),
    ("tyz", _("Tiếng Tày")),
    ("blt", _("Tiếng Thái")),
]
