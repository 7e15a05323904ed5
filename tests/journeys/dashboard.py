"""What a dashboard page says, read from its HTML."""

import re

import requests
from lxml import html

HEADS = "Trưởng thôn, người có uy tín"


def attained(site_url: str, unit: str, heading: str) -> tuple[int, int]:
    """Attained and population on a unit's card under this heading ("46 trên 120 …" is (46, 120))."""
    answer = requests.get(f"{site_url}/targets/{unit}/", timeout=30)
    assert answer.status_code == 200
    [card] = [section for section in html.fromstring(answer.text).iter("section") if section.findtext("h2") == heading]
    found = re.search(r"([\d.]+) trên ([\d.]+)", card.text_content())
    assert found, card.text_content()
    return int(found[1].replace(".", "")), int(found[2].replace(".", ""))
