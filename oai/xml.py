"""Text in XML: escaped, and without the characters that XML 1.0 forbids (real MARC records hold some)."""

import re

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def text(value: str) -> str:
    """For the content of an element."""
    value = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if value.isprintable():  # nearly always, and much quicker to find out
        return value
    return FORBIDDEN.sub("", value).replace("\r", "&#13;")  # else a parser makes it a line feed


def attribute(value: str) -> str:
    """For an attribute in double quotes."""
    return text(value).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")
