"""The table of people that is handed in: `manage.py import_people`, and Quản trị → Nhập từ tệp.

Who a row means is found by identity number, telephone, e-mail and user name, in this order, then by name, birth year
and commune. A row adds a person, or changes what it says otherwise than the register; empty cells change nothing.
"""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.models import TableImport
from core.table_columns import Column
from core.table_kinds import Kind, TableRow, Verdict, Work
from people import roster_gender, roster_headings, roster_names
from people.models import Audience, User
from people.roster_matching import Matcher
from people.roster_reading import Reader
from people.roster_writing import Writer
from people.sensitive import BasisForm

LABELS = tuple(str(label) for label in Audience.labels)


class RosterWork(Work):
    """One run over the rows of one file."""

    def __init__(self, table_import: TableImport) -> None:
        by = User.objects.filter(uuid=table_import.started_by).first() if table_import.started_by else None
        if table_import.started_by and by is None:
            raise LookupError(table_import.started_by)
        self.reader = Reader(by=by, has_basis=bool(table_import.arguments.get("basis")))
        self.matcher = Matcher(by=by)
        self.writer = Writer(by=by, basis=table_import.arguments, subject=f"import:{table_import.pk}")

    def recall(self, rows: Sequence[TableRow]) -> None:
        self.matcher.recall(self.reader.read(rows, [Verdict() for _row in rows]))

    def check(self, rows: Sequence[TableRow]) -> list[Verdict]:
        verdicts = [Verdict() for _row in rows]
        entries = self.reader.read(rows, verdicts)
        self.matcher.match(entries, verdicts)
        return verdicts

    def write(self, rows: Sequence[tuple[TableRow, Verdict]]) -> list[str]:
        return self.writer.write([verdict for _row, verdict in rows])


class RosterForm(BasisForm):
    """Purpose and legal basis, which a file with ethnic group or identity number needs."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("basis") and not cleaned.get("purpose"):
            self.add_error("purpose", _("Hãy ghi mục đích."))
        return cleaned


class RosterKind(Kind):
    """People with where they live, what they are and for whom they learn."""

    name = "people"
    title = gettext_lazy("Danh sách người học")
    help = gettext_lazy(
        "Mỗi dòng là một người. Người đã có được nhận ra theo số căn cước, điện thoại, thư điện tử, tên đăng nhập, rồi"
        " theo họ tên, năm sinh và xã; ô để trống thì giữ nguyên điều đã ghi. Nếu tệp có cột dân tộc hoặc số căn cước,"
        " hãy chọn căn cứ pháp lý bên dưới."
    )
    permission = "people.add_user"
    form = RosterForm
    batch = 50
    columns = (
        Column(
            "full_name",
            gettext_lazy("Họ và tên"),
            also=roster_headings.NAME,
            required=True,
            example="Mùa A Sử",
            parts=roster_names.PARTS,
        ),
        *roster_names.COLUMNS,
        Column(
            "phone",
            gettext_lazy("Số điện thoại"),
            also=roster_headings.PHONE,
            example="0912 345 678",
            as_text=True,
        ),
        Column(
            "email",
            gettext_lazy("Thư điện tử"),
            also=("E-mail", "Email", "Hộp thư", "Địa chỉ email", "E-mail address", "Email address"),
            example="su@example.vn",
        ),
        Column(
            "username",
            gettext_lazy("Tên đăng nhập"),
            also=("Tài khoản", "User name", "Username"),
            example="mua.a.su",
            note=gettext_lazy("Để trống thì hệ thống tự đặt khi không có điện thoại và thư điện tử."),
            as_text=True,
        ),
        *roster_gender.COLUMNS,  # before "Năm", which without its mark is "Nam"
        Column(
            "birth",
            gettext_lazy("Năm sinh"),
            also=roster_headings.BIRTH,
            example="1985",
            note=gettext_lazy("Năm, hoặc ngày như 12/03/1985; chỉ năm được lưu."),
        ),
        Column("gender", gettext_lazy("Giới tính"), also=("Nam Nữ", "Gender", "Sex"), choices=("Nam", "Nữ", "Khác")),
        Column(
            "ethnic_group",
            gettext_lazy("Dân tộc"),
            also=("Thành phần dân tộc", "Ethnic group", "Ethnic", "Ethnicity"),
            example="Mông",
            note=gettext_lazy("Dữ liệu nhạy cảm: chỉ người quản lý địa bàn nhập, và phải có căn cứ pháp lý."),
        ),
        Column(
            "languages",
            gettext_lazy("Ngôn ngữ"),
            also=("Ngôn ngữ nói được", "Tiếng", "Tiếng dân tộc", "Languages", "Language"),
            example="Mông; Việt",
            note=gettext_lazy("Nhiều ngôn ngữ cách nhau bằng dấu chấm phẩy."),
        ),
        Column(
            "national_id",
            gettext_lazy("Số căn cước"),
            also=(
                "Số CCCD",
                "CCCD",
                "Căn cước",
                "Căn cước công dân",
                "Số căn cước công dân",
                "Số định danh",
                "Số định danh cá nhân",
                "CMND",
                "Số CMND",
                "CCCD CMND",
                "National id",
                "National id number",
                "Id number",
                "Id card",
            ),
            example="010085000123",
            note=gettext_lazy("12 chữ số, hoặc 9 chữ số của chứng minh nhân dân cũ. Dữ liệu nhạy cảm như cột dân tộc."),
            as_text=True,
        ),
        Column(
            "province",
            gettext_lazy("Tỉnh, thành phố"),
            also=("Tỉnh", "Thành phố", "TP", "Tỉnh thành", "Mã tỉnh", "Province", "City"),
            example="Lào Cai",
            note=gettext_lazy("Tên hoặc mã, hiện nay hoặc trước 01/7/2025."),
            as_text=True,
        ),
        Column(
            "commune",
            gettext_lazy("Xã, phường"),
            also=(
                "Xã",
                "Phường",
                "Đặc khu",
                "Thị trấn",
                "Xã phường",
                "Xã phường đặc khu",
                "Mã xã",
                "Commune",
                "Ward",
            ),
            example="Púng Luông",
            note=gettext_lazy("Tên hoặc mã; xã cũ cũng được."),
            as_text=True,
        ),
        Column(
            "village",
            gettext_lazy("Thôn, bản"),
            also=(
                "Thôn",
                "Bản",
                "Ấp",
                "Buôn",
                "Làng",
                "Xóm",
                "Thôn bản",
                "Tổ dân phố",
                "Thôn bản ấp buôn",
                "Village",
                "Hamlet",
            ),
            example="Bản Lìm Mông",
        ),
        Column(
            "organisation",
            gettext_lazy("Cơ quan, tổ chức"),
            also=(
                "Cơ quan",
                "Cơ quan công tác",
                "Đơn vị công tác",
                "Nơi công tác",
                "Đơn vị",
                "Tổ chức",
                "Organisation",
                "Organization",
                "Workplace",
            ),
            example="Phòng Văn hóa – Xã hội xã Púng Luông",
        ),
        Column(
            "audiences",
            gettext_lazy("Nhóm đối tượng"),
            also=("Đối tượng", "Nhóm", "Chức danh", "Audience", "Audiences"),
            example="Trưởng thôn; Người có uy tín",
            note="; ".join(LABELS),
        ),
        Column(
            "since",
            gettext_lazy("Từ ngày"),
            also=("Ngày bắt đầu", "Since"),
            example="01/01/2026",
            note=gettext_lazy("Ngày bắt đầu thuộc nhóm đối tượng; để trống là hôm nay."),
        ),
        Column(
            "decision_number",
            gettext_lazy("Số quyết định"),
            also=("Quyết định", "Quyết định công nhận", "Quyết định số", "Decision", "Decision no", "Decision number"),
            example="12/QĐ-UBND",
            as_text=True,
        ),
        Column(
            "decision_date",
            gettext_lazy("Ngày quyết định"),
            also=("Ngày ký quyết định", "Decision date"),
            example="15/12/2025",
        ),
        Column(
            "household",
            gettext_lazy("Hộ gia đình"),
            also=("Hộ", "Chủ hộ", "Học thay cho hộ", "Household"),
            example="Hộ Mùa A Sử",
            note=gettext_lazy("Hộ mà người này học thay; hộ chưa có thì được thêm vào xã."),
        ),
    )

    def work(self, table_import: TableImport) -> Work:
        return RosterWork(table_import)
