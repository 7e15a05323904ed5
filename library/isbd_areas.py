"""A record as ISBD writes it: areas parted by ". – ", each element behind its prescribed sign.

Signs that the record already has, as older MARC does, are kept; records without any get them here.
"""

import re

from library.columns import joined, plain
from library.marc import DataField, MarcRecord

SIGN_AT_END = re.compile(r"\s*([:;=/+,])\s*$")
DASH = ". – "
TITLE = {"a": "", "h": " ", "b": " : ", "c": " / ", "n": ". ", "p": ", "}
EDITION = {"a": "", "b": " / "}
PUBLICATION = {"a": " ; ", "b": " : ", "c": ", "}
EXTENT = {"a": "", "b": " : ", "c": " ; ", "e": " + "}
SERIES = {"a": "", "n": ". ", "p": ", ", "x": ", ", "v": " ; "}
FREQUENCY = {"a": "", "b": ", "}
SIGNS = {
    **dict.fromkeys(("245", "246", "740"), TITLE),
    "250": EDITION,
    **dict.fromkeys(("260", "264"), PUBLICATION),
    "255": {"a": "", "b": " ; ", "c": " "},
    "300": EXTENT,
    "310": FREQUENCY,
    "321": FREQUENCY,
    "518": {"a": "", "o": "; ", "d": ", ", "p": ", "},
    "546": {"a": "", "b": " ; "},
    **dict.fromkeys(("490", "830"), SERIES),
}


def areas(marc: MarcRecord) -> list[str]:
    """The paragraphs: description, series and notes, standard numbers; none is empty."""
    description = [_each(marc, ("245",), TITLE), _each(marc, ("250",), EDITION)]
    description += [_plain(marc, ("254", "255", "256", "362"))]
    description += [_each(marc, ("260", "264"), PUBLICATION), _each(marc, ("300",), EXTENT)]
    body = DASH.join(filter(None, description))
    series = " ".join(f"({text})" for each in marc.data("490") if (text := _written(each, SERIES)))
    if series:
        body = f"{body}{DASH}{series}" if body else series
    notes = [joined(each, "abcdgrtu") for each in marc.data("500", "502", "504", "505", "520", "546")]
    numbers = [f"ISBN {plain(value)}" for each in marc.data("020") for value in each.values("a")]
    numbers += [f"ISSN {plain(value)}" for each in marc.data("022") for value in each.values("a")]
    return [text for text in (body, *notes, *numbers) if text]


def _each(marc: MarcRecord, tags: tuple[str, ...], signs: dict[str, str]) -> str:
    return DASH.join(text for each in marc.data(*tags) if (text := _written(each, signs)))


def _plain(marc: MarcRecord, tags: tuple[str, ...]) -> str:
    return " ; ".join(text.rstrip(".") for each in marc.data(*tags) if (text := joined(each, "abc")))


def _written(each: DataField, signs: dict[str, str]) -> str:
    text = signed(each, "".join(signs), signs)
    return text.rstrip(". ") if not text.endswith("...") else text


def signed(each: DataField, codes: str, signs: dict[str, str]) -> str:
    """These subfields behind their signs; a sign that stood at the end of the one before goes first."""
    text, kept, before = "", "", ""
    for code, value in each.subfields:
        if code not in codes:
            continue
        found = SIGN_AT_END.search(value)
        body = plain(SIGN_AT_END.sub("", value))
        if not body:
            continue
        unnumbered = code == "p" and "n" in signs and before != "n"  # a part without a number
        prescribed = ". " if unnumbered else signs.get(code) or " "
        sign = (", " if kept == "," else f" {kept} ") if kept else prescribed
        before = code
        if sign == ". ":
            text = text.removesuffix(".")
        text = f"{text}{sign}{body}" if text else body
        kept = found[1] if found else ""
    return text
