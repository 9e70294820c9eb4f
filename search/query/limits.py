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
"""Terms that one prefix, wildcard or fuzzy word may stand for, in one field."""
DISTANCE = 500
"""Words between two that are near, at most."""
TIMES = 255
"""How often ``atleast`` may ask for."""
SECONDS = 1
"""To find the terms that one prefix, wildcard or fuzzy word stands for."""
MEETINGS = 2_000_000
"""Ways in which the words of a proximity within a proximity may meet, in the whole archive."""
SHORTEST_FUZZY = 3
"""Letters before a ``~``."""
EDITS = 2
"""Letters changed, after a ``~``."""
