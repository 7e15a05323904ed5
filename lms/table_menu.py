"""The menu of the editor of tables, which has no Vietnamese of its own."""

from django.utils.translation import gettext_lazy as _

LINE = {"name": "---------"}
TABLE_MENU = {
    "row_above": {"name": _("Thêm dòng phía trên")},
    "row_below": {"name": _("Thêm dòng phía dưới")},
    "line_1": LINE,
    "col_left": {"name": _("Thêm cột bên trái")},
    "col_right": {"name": _("Thêm cột bên phải")},
    "line_2": LINE,
    "remove_row": {"name": _("Xóa dòng")},
    "remove_col": {"name": _("Xóa cột")},
    "line_3": LINE,
    "undo": {"name": _("Hoàn tác")},
    "redo": {"name": _("Làm lại")},
}
