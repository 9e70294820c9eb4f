"""``python -m search.cli`` is ``onrecord``."""

from search.cli import main

main()
