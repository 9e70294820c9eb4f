"""``onrecord``: the command line. Answers on stdout, everything else on stderr.

``group`` holds what all commands share; a module beside it holds a family of commands, named in ``main``'s help
in the order in which they are imported here.
"""

from search.cli import copying, indexing, maintenance, searching, speakers, topics, verifying
from search.cli.group import main

__all__ = ["copying", "indexing", "main", "maintenance", "searching", "speakers", "topics", "verifying"]
