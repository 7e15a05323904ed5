"""The verbs that this site says and understands."""

from typing import Any, NamedTuple


class Verb(NamedTuple):
    """A verb's IRI and its words."""

    id: str
    vi: str
    en: str

    def as_data(self) -> dict[str, Any]:
        """The verb of a statement."""
        return {"id": self.id, "display": {"vi": self.vi, "en": self.en}}


_ADL = "http://adlnet.gov/expapi/verbs/"

INITIALIZED = Verb(f"{_ADL}initialized", "đã bắt đầu", "initialized")
EXPERIENCED = Verb(f"{_ADL}experienced", "đã học", "experienced")
ANSWERED = Verb(f"{_ADL}answered", "đã trả lời", "answered")
PASSED = Verb(f"{_ADL}passed", "đã đạt", "passed")
FAILED = Verb(f"{_ADL}failed", "chưa đạt", "failed")
COMPLETED = Verb(f"{_ADL}completed", "đã hoàn thành", "completed")
TERMINATED = Verb(f"{_ADL}terminated", "đã kết thúc", "terminated")
ATTENDED = Verb(f"{_ADL}attended", "đã tham dự", "attended")
ATTEMPTED = Verb(f"{_ADL}attempted", "đã làm thử", "attempted")
REGISTERED = Verb(f"{_ADL}registered", "đã ghi danh", "registered")
VOIDED = Verb(f"{_ADL}voided", "đã hủy", "voided")

# ADL xAPI video profile, 1.0.3
_VIDEO = "https://w3id.org/xapi/video/verbs/"
PLAYED = Verb(f"{_VIDEO}played", "đã mở nghe, xem", "played")
PAUSED = Verb(f"{_VIDEO}paused", "đã tạm dừng", "paused")
SEEKED = Verb(f"{_VIDEO}seeked", "đã tua", "seeked")

ALL = (
    INITIALIZED,
    EXPERIENCED,
    ANSWERED,
    PASSED,
    FAILED,
    COMPLETED,
    TERMINATED,
    ATTENDED,
    ATTEMPTED,
    REGISTERED,
    VOIDED,
    PLAYED,
    PAUSED,
    SEEKED,
)
BY_ID = {verb.id: verb for verb in ALL}
