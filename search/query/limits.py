"""How large a query may be; each limit is told by its name when it is passed."""

from __future__ import annotations

LONGEST = 1_024
"""Characters."""
CLAUSES = 64
"""Phrases, prefixes, fields and dates. Bare words cost little, and are bounded by the length alone."""
DEPTH = 20
"""Brackets within brackets."""
SHORTEST_PREFIX = 2
"""Letters before a ``*``."""
EXPANSIONS = 1_024
"""Terms that one prefix may stand for; the commonest are taken."""
