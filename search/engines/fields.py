"""Fields that narrow a search, and the fields of an engine that hold their words; all engines name them so."""

from __future__ import annotations

NARROWING = {
    "speaker": "speaker_words", "topic": "topic_words", "outlet": "outlet_words", "section": "section_words",
    "byline": "byline_words", "mentions": "mention_words",
}  # fmt: skip
