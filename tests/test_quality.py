"""Quality held by its recorded floors, where the public gold data is."""

from __future__ import annotations

import subprocess
import sys

from tests.conftest import ROOT, SHARED, needs_shared


@needs_shared
def test_the_quick_scores_reach_their_floors() -> None:
    call = [sys.executable, str(ROOT / "benchmarks" / "quality.py"), "--quick", "--shared", str(SHARED)]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
