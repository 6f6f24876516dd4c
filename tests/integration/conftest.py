import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests/platforms"), str(ROOT / "deploy/demo")]

from harness.stack import Stack  # noqa: E402

BINARIES = Path(os.environ.get("MOOC_BIN_DIR", ROOT / "build/asan"))


@pytest.fixture
def stack(tmp_path):
    """Both services' configuration, a database and topics of this test's own."""
    with Stack(tmp_path, BINARIES) as made:
        yield made
