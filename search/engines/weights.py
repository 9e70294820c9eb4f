"""What each part of a match is worth; every engine ranks by these. How they were found is in docs/ranking.md."""

from __future__ import annotations

K1, B = 1.2, 0.75
"""BM25's usual values."""
TITLE_WEIGHT = 0.6
"""What a word in the title counts beside the same word in the paragraph."""
EXACT_WEIGHT = 0.2
"""What a word counts beside its stem where it stands as it was asked for."""
K3 = 2.0


def repeated(times: int) -> float:
    """What a part of a query counts that is asked for several times: more than once, less than so often (Okapi).

    >>> repeated(1), repeated(2)
    (1.0, 1.5)
    """
    return (K3 + 1) * times / (K3 + times)
