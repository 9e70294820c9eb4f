"""Speakers across the archive: variants merged and namesakes kept apart, as a newsroom's ``speakers.toml`` says."""

from __future__ import annotations

from search.speakers.register import FILE, KnownSpeaker, Register, read_register
from search.speakers.settle import settle
from search.speakers.variants import Variants, likely_variants

__all__ = ["FILE", "KnownSpeaker", "Register", "Variants", "likely_variants", "read_register", "settle"]
