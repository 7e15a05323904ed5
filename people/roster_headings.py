"""Headings by which lists of people name their columns, besides ours."""

NAME = (
    "Họ tên",
    "Tên người học",
    "Họ và tên người học",
    "Họ và tên học viên",
    "Tên đầy đủ",
    "Name",
    "Full name",
)
PHONE = (
    "Điện thoại",
    "SĐT",
    "ĐT",
    "Số ĐT",
    "Di động",
    "Số di động",
    "Điện thoại di động",
    "Số điện thoại di động",
    "Điện thoại liên hệ",
    "Số điện thoại liên hệ",
    "Phone",
    "Phone no",
    "Mobile",
    "Mobile phone",
    "Mobile number",
    "Phone number",
    "Telephone",
    "Tel",
)
BIRTH = (
    "Ngày sinh",
    "Ngày tháng năm sinh",
    "Năm",
    "Birth year",
    "Year of birth",
    "Birth date",
    "Date of birth",
    "DOB",
)
