"""What a phone kept while it had no signal and sends in one go: read as a list, answered item by item."""

from dataclasses import dataclass
from typing import Any

import orjson
from django.core.exceptions import BadRequest

MOST = 200  # items in one sending


@dataclass(frozen=True)
class Answer:
    """What became of an item. reason: why it is not kept, for whoever sent it to read."""

    event: str
    reason: str = ""

    def as_data(self) -> dict[str, str]:
        """For the phone, which forgets what is kept and shows what is refused."""
        return {"event": self.event, "result": "refused" if self.reason else "kept", "reason": self.reason}


def read(body: bytes | str, items: str) -> dict[str, Any]:
    """The object that was sent, with at most MOST things in its list of this name. Raises BadRequest."""
    try:
        sent = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadRequest("not JSON") from error
    if not isinstance(sent, dict) or not isinstance(sent.get(items), list) or len(sent[items]) > MOST:
        raise BadRequest(f"an object with at most {MOST} {items} is expected")
    return sent
