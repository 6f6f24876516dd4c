import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests/platforms"), str(ROOT / "deploy/demo")]

from harness.stack import Stack  # noqa: E402
from xdist.scheduler import LoadScopeScheduling  # noqa: E402

BINARIES = Path(os.environ.get("MOOC_BIN_DIR", ROOT / "build/asan"))


def pytest_configure(config):
    config.addinivalue_line("markers", "long: only in `make integration-long`, so that every change is tested in 20 minutes")
    config.addinivalue_line("markers", "scenario: a source document as a world; the long ones are `make scenarios`")
    config.addinivalue_line("markers", "slow: takes half a minute or more, so it begins first")


def pytest_collection_modifyitems(items):
    """Several workers are busy to the end if the last tests are short ones."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


# Their tests share a database, or each goes on where the one before it ended.
TOGETHER = {"test_aggregator_live.py", "test_bi_user.py", "test_config_labels.py", "test_config_load.py", "test_corrections.py",
            "test_follow_up.py", "test_readme.py", "test_report.py"}


class Scheduling(LoadScopeScheduling):
    def _split_scope(self, nodeid):
        """Tests of one scope are one worker's. (xdist_group of pytest-xdist 3.8 has no effect under pytest 9.2.)"""
        path = nodeid.split("::")[0]
        return path if Path(path).name in TOGETHER else nodeid


def pytest_xdist_make_scheduler(config, log):
    return Scheduling(config, log)


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
