"""``python -m web``: serve the site as the settings say. This is what ``onrecord serve`` starts."""

from __future__ import annotations

import sys

from search import SearchError, Settings
from web.server import serve


def main() -> int:
    try:
        serve(Settings.load())
    except SearchError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
