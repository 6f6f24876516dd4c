"""One simulator for the tests that only ask."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import world as worlds  # noqa: E402
from platforms.simulator import Simulator  # noqa: E402

GENERIC = ["learners=260", "courses=2", "units=5", "revoked=3", "left_after_passing=4"]


@pytest.fixture(scope="module")
def world():
    return worlds.load(
        "generic", 4, learners=260, courses=2, units=5, revoked=3, left_after_passing=4
    )


@pytest.fixture(scope="module")
def shared():
    with Simulator(world="generic", seed=4, set=GENERIC, start="end") as sim:
        yield sim


@pytest.fixture
def sim(shared):
    """The shared simulator in its plain state: last moment, no faults."""
    shared.clear_faults()
    shared.clock(now="end", speed=0)
    shared.request("DELETE", "/_sim/stats")
    shared.login()
    return shared
