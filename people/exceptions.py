"""What can be wrong with what people and units are told to be."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class IdentifierTaken(Exception):
    """Raised when an identifier of statements means another person already."""

    def __init__(self, value: str) -> None:
        super().__init__(f"{value} means another person; detach it there first")
        self.value = value


class NotPossible(Exception):
    """Raised when a register of units cannot be changed so; the message tells the reader why and what to do."""

    def __init__(self, message: str | Promise) -> None:
        self.message = str(message)
        super().__init__(self.message)


class MayNotEnter(Exception):
    """Raised when an account may not be entered that way: it is closed, or belongs to staff."""


class NotTheirs(Exception):
    """Raised when somebody would give a card or a PIN to a person who is not in their care, or is staff."""


class AlreadyMade(Exception):
    """Raised when one of those who are to get a card has got one since the page was shown: it was pressed twice."""


class CannotMerge(Exception):
    """Raised when two accounts cannot become one person, or not part again; the message is for staff."""

    SAME = _("Đây là cùng một tài khoản. Hãy chọn hai tài khoản khác nhau.")
    MERGED_ALREADY = _("Một trong hai tài khoản đã được gộp rồi. Hãy mở tài khoản đang được dùng.")
    ERASED = _("Dữ liệu của một trong hai người đã bị xóa, nên không gộp được.")
    SUPERUSER = _("Không gộp tài khoản quản trị cao nhất vào tài khoản khác.")
    NO_ACCOUNT = _("Định danh này không phải là tài khoản, nên không có gì để tách ra.")
    NAMELESS = _("Trước khi tách, hãy ghi cho tài khoản được giữ một số điện thoại, e-mail hoặc tên đăng nhập khác.")


class CannotErase(Exception):
    """Raised when a person's data may not be erased now; the message is for staff."""

    ERASED = _("Dữ liệu của người này đã được xóa.")
    MERGED = _("Tài khoản này đã gộp vào người khác. Hãy xóa dữ liệu của người đó.")
    SUPERUSER = _("Hãy bỏ quyền quản trị cao nhất của tài khoản này trước.")
    ONESELF = _("Không tự xóa dữ liệu của mình ở đây. Hãy nhờ một quản trị viên khác.")
