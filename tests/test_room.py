"""Where arrays are kept."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

FAULTS = """
import resource, sys
import numpy as np
from search.room import keep_freed

def search():
    return [np.ones(200_000, np.uint8) for _ in range(40)]

def pages(action):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    action()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

if sys.argv[1] == "keeping":
    keep_freed()
search()
print(pages(lambda: [len(search()) for _ in range(20)]))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is known to hand memory back so")
def test_what_a_search_leaves_free_is_not_cleared_again() -> None:
    def pages(how: str) -> int:
        command = [sys.executable, "-c", FAULTS, how]
        return int(subprocess.run(command, capture_output=True, check=True, text=True).stdout)

    assert pages("keeping") < 200
    assert pages("as it comes") > 20 * 1000  # so that the test can tell
