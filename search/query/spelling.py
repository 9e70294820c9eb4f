"""How far one spelling is from another."""

from __future__ import annotations


def edits(one: str, two: str, most: int) -> int:
    """Letters put in, left out or changed, and neighbours swapped, to get from one word to the other.

    Optimal string alignment: no letter is touched twice. Anything beyond ``most`` comes as ``most + 1``.

    >>> edits("harbour", "harbor", 2), edits("ferry", "frery", 2), edits("ferry", "harbour", 2)
    (1, 1, 3)
    """
    if abs(len(one) - len(two)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(two) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, other in enumerate(two, 1):
            best = min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == two[j - 2] and one[i - 2] == other:
                best = min(best, earlier[j - 2] + 1)
            row.append(best)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
