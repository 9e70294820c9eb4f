"""What our XML has in common: its namespaces, and text that may stand in it."""

from __future__ import annotations

import re
from xml.etree.ElementTree import register_namespace

ATOM = "http://www.w3.org/2005/Atom"
OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
SPEECH = "urn:on-record:speech"
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

register_namespace("", ATOM)
register_namespace("opensearch", OPENSEARCH)
register_namespace("speech", SPEECH)


def plain(text: str) -> str:
    """The text without the characters that XML 1.0 has no place for.

    >>> plain("a\\x00b\\x1bc")
    'abc'
    """
    return _FORBIDDEN.sub("", text)
