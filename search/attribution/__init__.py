"""Who says what: quotations, their speakers, and how sure that is."""

from __future__ import annotations

from search.attribution.attribution import Attribution, attribute

__all__ = ["Attribution", "attribute"]
