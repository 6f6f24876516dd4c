"""Kafka and PostgreSQL are restarted and killed under both services: they wait, say so, and go on by themselves."""
import os
import shutil
import subprocess
import time

import pytest

from conftest import BINARIES, ROOT
from harness import checks, small_world
from harness.stack import Stack, wait_for
from simulator import Simulator


@pytest.fixture
def own_stack(tmp_path):
    """Kafka and PostgreSQL of this test's own: what is restarted serves nobody else."""
    run = ROOT / ".run-restart"
    before = dict(os.environ)
    os.environ["MOOC_RUN_DIR"] = str(run)
    try:
        subprocess.run([ROOT / "deploy/dev/up.sh"], check=True, capture_output=True)
        for line in (run / "env").read_text().splitlines():
            name, _, value = line.removeprefix("export ").partition("=")
            os.environ[name] = value.strip("'\"")
        with Stack(tmp_path, BINARIES) as made:
            yield made
    finally:
        subprocess.run([ROOT / "deploy/dev/down.sh", "--wipe"], capture_output=True)
        shutil.rmtree(run, ignore_errors=True)
        os.environ.clear()
        os.environ.update(before)


def server(name, action):
    subprocess.run([ROOT / f"deploy/dev/{name}.sh", action], check=True, capture_output=True)


@pytest.mark.slow
def test_servers_come_and_go(own_stack):
    stack = own_stack
    with Simulator(**small_world.SIMULATOR, speed=7 * 86400 / 30) as platform:
        small_world.start(stack, platform)
        time.sleep(5)
        for name, how in (("postgres", "stop"), ("kafka", "stop"), ("postgres", "kill"), ("kafka", "kill")):
            server(name, how)
            if how == "stop":
                for service in (stack.aggregator, stack.ingest)[:1 if name == "postgres" else 2]:
                    wait_for(lambda s=service: s.get("/readyz")[0] == 503, 30, f"{service.log.stem} says that {name} is away")
            time.sleep(1)
            server(name, "start")
            for service in (stack.aggregator, stack.ingest):
                wait_for(lambda s=service: s.get("/readyz")[0] == 200, 60, f"{service.log.stem} is back after {name}")
            time.sleep(3)
        assert stack.ingest.alive() and stack.aggregator.alive()
        small_world.settle(stack, platform, 120)
    checks.check_log(stack)
    checks.check_tallies(stack)
