"""The six socio-economic regions, and in which of them each province of today lies."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

DOCUMENT = "Nghị quyết số 306/NQ-CP ngày 05/10/2025 của Chính phủ"
SINCE = date(2025, 10, 5)


class Region(models.TextChoices):
    """The regions of the national master plan since the provinces were rearranged."""

    NORTH = "north", _("Trung du và miền núi phía Bắc")
    RED_RIVER = "red_river", _("Đồng bằng sông Hồng")
    NORTH_CENTRAL = "north_central", _("Bắc Trung Bộ")
    SOUTH_CENTRAL = "south_central", _("Duyên hải Nam Trung Bộ và Tây Nguyên")
    SOUTH_EAST = "south_east", _("Đông Nam Bộ")
    MEKONG = "mekong", _("Đồng bằng sông Cửu Long")


# Codes of the provinces of 1 July 2025, from north to south.
PROVINCES = {
    Region.NORTH: ("04", "08", "11", "12", "14", "15", "19", "20", "25"),
    Region.RED_RIVER: ("01", "22", "24", "31", "33", "37"),
    Region.NORTH_CENTRAL: ("38", "40", "42", "44", "46"),
    Region.SOUTH_CENTRAL: ("48", "51", "52", "56", "66", "68"),
    Region.SOUTH_EAST: ("75", "79", "80"),
    Region.MEKONG: ("82", "86", "91", "92", "96"),
}
