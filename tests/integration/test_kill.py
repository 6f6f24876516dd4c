"""kill -9 at seeded moments, then on: no duplicate id, unbroken chains, tallies equal to the recomputation and to the truth."""
import random
import time

import pytest

from harness import checks, small_world
from harness.stack import wait_for
from simulator import Simulator

KILLS = 20


@pytest.mark.slow
@pytest.mark.parametrize("victim", ["ingest", "aggregator"])
def test_killed_at_twenty_moments(stack, victim):
    moments = random.Random(f"{victim} 1")
    with Simulator(**small_world.SIMULATOR, speed=7 * 86400 / 40) as platform:
        small_world.start(stack, platform)
        service = getattr(stack, victim)
        for _ in range(KILLS):
            time.sleep(moments.uniform(0.3, 2.5))
            assert service.alive(), service.log_text()[-2000:]
            service.kill()
            service.start()
        began = time.monotonic()
        wait_for(lambda: service.port_file.exists() and service.get("/readyz")[0] == 200, 30, f"{victim} ready again")
        assert time.monotonic() - began < 15
        small_world.settle(stack, platform)
    assert checks.check_log(stack) > 1000
    checks.check_tallies(stack)
