"""Captions in, WebVTT out."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms import captions
from lms.exceptions import InvalidCaptions

SPAN = st.integers(0, 99 * 3600_000).flatmap(
    lambda start: st.tuples(st.just(start), st.integers(start + 1, start + 60_000))
)
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"]), min_size=1, max_size=40
)


def clock(milliseconds: int, mark: str) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{mark}{rest:03}"


@given(st.lists(st.tuples(SPAN, WORDS), min_size=1, max_size=20), st.sampled_from(["\n", "\r\n", "\r"]))
def test_srt_becomes_webvtt_with_every_cue(cues: list[tuple[tuple[int, int], str]], line_end: str) -> None:
    """Each with its span and words, in order of time; read again it says the same."""
    lines = []
    for number, ((start, end), words) in enumerate(cues, start=1):
        lines += [str(number), f"{clock(start, ',')} --> {clock(end, ',')}", words, ""]
    made = captions.webvtt(line_end.join(lines).encode())
    found = re.findall(r"^(\S+) --> (\S+)\n(.*)$", made, re.MULTILINE)
    expected = sorted(cues, key=lambda cue: cue[0][0])
    assert found == [
        (clock(start, "."), clock(end, "."), words.replace("-->", "→")) for (start, end), words in expected
    ]
    assert captions.webvtt(made.encode()) == made


def test_notes_styles_and_unknown_settings_are_left_out() -> None:
    """What is known of the place of a cue stays; hours may be absent."""
    text = (
        "\ufeffWEBVTT tên\n\nSTYLE\n::cue { color: red }\n\nNOTE ghi chú\n\nmở đầu\n"
        "00:01.000 --> 00:02.500 line:0 onclick:x align:start\n<v Lan>Xin chào\nbà con\n"
    )
    assert captions.webvtt(text.encode()) == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.500 line:0 align:start\n<v Lan>Xin chào\nbà con\n"
    )


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "Không thấy câu phụ đề nào."),
        ("Xin chào".encode(), "Không thấy câu phụ đề nào."),
        ("WEBVTT\n\nXin chào".encode("windows-1258"), "Tệp phụ đề không phải là UTF-8."),
        ("WEBVTT\n\nXin chào".encode("utf-16"), "Không thấy câu phụ đề nào."),
        (
            b"1\n00:00:01,000 --> 00:00:02,000\nA\n2\n00:00:03,000 --> 00:00:04,000\nB",
            "Dòng 5: câu phụ đề không đứng riêng một đoạn.",
        ),
        (b"WEBVTT\n\n00:01 --> 00:02\nA", "Dòng 3: “00:01 --> 00:02” không phải là thời gian"),
        (b"1\n00:00:02,000 --> 00:00:01,000\nA", "Dòng 2: câu phụ đề kết thúc trước khi bắt đầu."),
        (b"1\n2\n00:00:01,000 --> 00:00:02,000\nA", "Dòng 1: câu phụ đề không đứng riêng một đoạn."),
        (b"0" * (captions.LARGEST + 1), "Tệp phụ đề lớn hơn 1024 KB."),
    ],
)
def test_unreadable_captions_are_refused_with_the_line(raw: bytes, reason: str) -> None:
    with pytest.raises(InvalidCaptions) as refused:
        captions.webvtt(raw)
    assert str(refused.value).startswith(reason)


def test_captions_as_windows_programs_write_them() -> None:
    """UTF-16, lines of spaces between the cues, where to put the words."""
    text = "1\n00:00:01,000 --> 00:00:02,000\n{\\an8}Chào\n \n2\n00:00:03,000 --> 00:00:04,000\nBà con\n"
    assert captions.webvtt(text.replace("\n", "\r\n").encode("utf-16")) == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nChào\n\n00:00:03.000 --> 00:00:04.000\nBà con\n"
    )


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    """Never another exception."""
    try:
        made = captions.webvtt(raw)
    except InvalidCaptions:
        return
    assert made.startswith("WEBVTT\n\n")
