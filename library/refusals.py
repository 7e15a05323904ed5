"""Why a record was refused, in the reader's language; what reads files says it in English, for reports."""

import re

from django.utils.translation import gettext, gettext_noop

SENTENCES = [
    (re.compile(pattern, re.DOTALL), message)
    for pattern, message in (
        (
            r"cut off after (?P<read>\d+) of (?P<said>\d+) bytes",
            gettext_noop("Bị cắt ngang: %(read)s trên %(said)s byte."),
        ),
        (r"cut off after (?P<read>\d+) of an .*", gettext_noop("Bị cắt ngang sau %(read)s byte.")),
        (r"cut off, or longer than (?P<most>\d+) bytes", gettext_noop("Bị cắt ngang, hoặc dài hơn %(most)s byte.")),
        (
            r"no leader and directory in (?P<read>\d+) bytes",
            gettext_noop("Không có đầu biểu và danh mục trường trong %(read)s byte."),
        ),
        (
            r"no end of the record within (?P<most>\d+) bytes",
            gettext_noop("Không thấy dấu kết thúc biểu ghi trong %(most)s byte."),
        ),
        (r"no fields.*", gettext_noop("Không có trường nào.")),
        (r"the leader is not a text of 24 characters", gettext_noop("Đầu biểu không phải 24 ký tự.")),
        (r"tag (?P<tag>.+) has not three characters", gettext_noop("Nhãn %(tag)s không có ba ký tự.")),
        (
            r"field (?P<tag>.+) has a subfield code that is not one character",
            gettext_noop("Trường %(tag)s có mã trường con không phải một ký tự."),
        ),
        (r"not MARC-in-JSON: (?P<detail>.*)", gettext_noop("Không phải MARC-in-JSON (%(detail)s).")),
        (r"the file declares a DTD.*", gettext_noop("Tệp khai báo DTD, thứ mà MARCXML không dùng.")),
        (
            r"no XML from line (?P<line>\d+) on: (?P<detail>.*)",
            gettext_noop("Từ dòng %(line)s, tệp không còn là XML (%(detail)s)."),
        ),
        (r"a damaged record in XML: (?P<detail>.*)", gettext_noop("Biểu ghi hỏng trong tệp XML (%(detail)s).")),
        (r"a record of (?P<kind>.*), not of MARC", gettext_noop("Biểu ghi thuộc %(kind)s, không phải MARC.")),
        (r"there is no MARC record in it", gettext_noop("Không chứa biểu ghi MARC.")),
        (r"the OAI identifier has (?P<length>\d+) characters", gettext_noop("Định danh OAI dài %(length)s ký tự.")),
    )
]


def explained(reason: str) -> str:
    """The reason in the active language; one that is not known stays as it is."""
    for pattern, message in SENTENCES:
        if found := pattern.fullmatch(reason):
            return gettext(message) % found.groupdict()
    return reason
