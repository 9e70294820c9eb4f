"""What is kept while a query is read: the notices, and the count of what is limited."""

from __future__ import annotations

from search.errors import QueryLimitError
from search.model import Notice
from search.query import limits
from search.query.lexemes import Lexeme


class Reading:
    def __init__(self) -> None:
        self.notices: list[Notice] = []
        self._clauses = 0

    def note(self, message: str, piece: Lexeme | None) -> None:
        """Tell the person something, at a place of the query or of the whole."""
        self.notices.append(Notice(message, piece.at if piece else None))

    def count(self, piece: Lexeme) -> None:
        """Another clause that costs something. Raises QueryLimitError beyond the limit."""
        self._clauses += 1
        if self._clauses > limits.CLAUSES:
            raise QueryLimitError(
                f"A query has at most {limits.CLAUSES} phrases, wildcards, proximities, fields and dates.",
                "clauses",
                limits.CLAUSES,
                piece.at,
            )

    def at_most(self, value: int, name: str, most: int, piece: Lexeme) -> int:
        """A number of the query itself. Raises QueryLimitError beyond ``most``."""
        if value > most:
            raise QueryLimitError(f"The {name} in “{piece.text}” is at most {most}.", name, most, piece.at)
        return value
