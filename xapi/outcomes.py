"""Results in words: right or wrong, so many points, so long."""

import re
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from xapi import verbs
from xapi.language_maps import said

Data = dict[str, Any]

LONGEST = 40  # characters of a duration that is read; a longer one is shown as it is
_CONCLUSIONS = {verbs.COMPLETED.id, verbs.PASSED.id, verbs.FAILED.id}
_part = re.compile(r"([\d.,]+)([YMWDHS])").findall


def in_words(result: Data, verb: str) -> list[str]:
    """What a statement's result adds to its verb; nothing that the verb says already."""
    found = []
    success, completion = result.get("success"), result.get("completion")
    if success is not None and verb not in _CONCLUSIONS:
        found.append(right_or_wrong(success) if verb == verbs.ANSWERED.id else passed_or_not(success))
    if completion is not None and (verb not in _CONCLUSIONS or not completion):
        found.append(_("đã xong") if completion else _("chưa xong"))
    if (points := score(result)) and not _says_only_success(result):
        found.append(_("điểm %(score)s") % {"score": points})
    if "duration" in result:
        found.append(_("thời lượng %(duration)s") % {"duration": duration(result["duration"])})
    return found


def right_or_wrong(success: bool) -> str:  # noqa: FBT001 - the value is the subject
    """Of an answer."""
    return _("đúng") if success else _("sai")


def passed_or_not(success: bool) -> str:  # noqa: FBT001 - the value is the subject
    """Of anything else."""
    return _("đạt") if success else _("chưa đạt")


def score(result: Data) -> str:
    """Points out of the most there are, else percent, else points alone; empty where there is no score."""
    given = result.get("score") or {}
    raw, most, scaled = given.get("raw"), given.get("max"), given.get("scaled")
    if raw is not None and most is not None and most > 1:
        return f"{number(raw)}/{number(most)}"
    if scaled is not None:
        return f"{number(scaled * 100)}%"
    return "" if raw is None else number(raw)


def duration(text: str) -> str:
    """An ISO 8601 duration in units: PT1H5M as 1 giờ 5 phút."""
    if len(text) > LONGEST:
        return text
    days, _t, time = text.partition("T")
    dated = {unit: float(amount.replace(",", ".")) for amount, unit in _part(days)}
    timed = {unit: float(amount.replace(",", ".")) for amount, unit in _part(time)}
    seconds = timed.get("H", 0) * 3600 + timed.get("M", 0) * 60 + timed.get("S", 0)
    minutes, seconds = divmod(round(seconds, 1), 60)
    hours, minutes = divmod(minutes, 60)
    amounts = [
        (dated.get("Y"), _("%(n)s năm")),
        (dated.get("M"), _("%(n)s tháng")),
        (dated.get("W"), _("%(n)s tuần")),
        (dated.get("D"), _("%(n)s ngày")),
        (hours, _("%(n)s giờ")),
        (minutes, _("%(n)s phút")),
        (seconds, _("%(n)s giây")),
    ]
    parts = [words % {"n": number(amount)} for amount, words in amounts if amount]
    return " ".join(parts) or _("%(n)s giây") % {"n": 0}


def response(text: str, definition: Data) -> str:
    """The learner's answer: of a choice the options' words, of true-false a word, else as it was given."""
    if definition.get("interactionType") == "true-false" and text in {"true", "false"}:
        return pgettext("true-false", "đúng") if text == "true" else pgettext("true-false", "sai")
    options = {each["id"]: said(each.get("description")) for each in definition.get("choices", ())}
    given = text.split("[,]")
    return "; ".join(options.get(each) or each for each in given) if options else text


def number(value: float) -> str:
    """At most two decimals, written as the reader's language does."""
    plain = f"{round(value, 2):.12g}"
    return plain if "e" in plain or "n" in plain else str(number_format(plain))


def _says_only_success(result: Data) -> bool:
    """Whether the score is all or nothing beside success, which says the same."""
    given = result.get("score") or {}
    return "success" in result and given.get("scaled") in {0, 1} and given.get("max", 1) == 1
