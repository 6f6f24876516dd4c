import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests/platforms"), str(ROOT / "deploy/demo")]

from harness.stack import Stack  # noqa: E402

BINARIES = Path(os.environ.get("MOOC_BIN_DIR", ROOT / "build/asan"))


def pytest_configure(config):
    config.addinivalue_line("markers", "long: only in `make integration-long`, so that every change is tested in 20 minutes")


@pytest.fixture
def stack(tmp_path):
    """Both services' configuration, a database and topics of this test's own."""
    with Stack(tmp_path, BINARIES) as made:
        yield made


@pytest.fixture
def brokers():
    return os.environ["MOOC_KAFKA_BROKERS"]


@pytest.fixture
def prefix(brokers):
    """Topics of this test's own, by the prefix of their names."""
    name = f"t{uuid.uuid4().hex[:8]}."
    topics = [sys.executable, ROOT / "deploy/dev/topics.py", "--brokers", brokers, "--prefix", name,
              "--events", "3", "--state", "1", "--dead", "1"]
    subprocess.run(topics, check=True)
    yield name
    subprocess.run([*topics, "--delete"], check=True)
