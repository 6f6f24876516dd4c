"""The worlds of two source documents, counted by both services and left in a database: python worlds.py hagiang|nghean --folder DIR."""
import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests/integration"), str(ROOT / "tests/platforms"), str(ROOT / "deploy/demo")]

import demo  # noqa: E402
import world as worlds  # noqa: E402
from harness.stack import Stack  # noqa: E402
from local import Local  # noqa: E402
from scenario_site import Site, secret  # noqa: E402
from simulator import Simulator  # noqa: E402
from world import nghean, nghean_lists  # noqa: E402


def hagiang(stack):
    """September 2023 in 20 seconds, the corrections made. Open edX tells no day of a fact: they are of the day they were seen, today."""
    demo.WEEK_SECONDS = 20
    site = Local(stack)
    try:
        equal, _ = demo.run(site)
    finally:
        site.close_platform()
    assert equal, "the printed tables did not come out"


def nghean_(stack, scale=40):
    """Plan 420, a fortieth of its people, until the last of three moments."""
    w = worlds.load("nghean", 1, scale=scale)
    lists = nghean_lists.Lists(w, stack.folder / "lists", one_sheet=True)
    with Simulator("onetouch", world="nghean", seed=1, set=[f"scale={scale}"], start="begin", speed=0, lectures=10,
                   max_size=1000) as sim:
        site = Site(stack, nghean.REFERENCE, [
            {"name": nghean_lists.SOURCE, "kind": "onetouch", "url": sim.url, "api_key_file": secret(stack, "key", b"sim-key"),
             "daily_progress": True, "requests_per_minute": 60000, "page_size": 1000, "sweep_every": "700ms", "courses": ["1"]}])
        for stage, moment in enumerate(nghean_lists.MOMENTS):
            site.send(lists.send(stage))
            sim.clock(now=str(moment))
            site.pull({nghean_lists.SOURCE: 5}, 60)
        site.stop()
    # In the middle of the course: some are late, some at risk, some have time.
    day = nghean_lists.day_of(nghean_lists.MOMENTS[1])
    stack.query(f"CREATE OR REPLACE VIEW pulse.today AS SELECT DATE '{day}' AS today")


LOADERS = {"hagiang": hagiang, "nghean": nghean_}


def load(name, folder, binaries):
    """Gives the stack, whose services are stopped; its database and topics stay until the caller closes it."""
    stack = Stack(Path(folder).resolve(), binaries, name=f"boards_{name}").open()
    LOADERS[name](stack)
    return stack


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("world", choices=LOADERS)
    parser.add_argument("--folder", type=Path, required=True)
    a = parser.parse_args()
    stack = load(a.world, a.folder, Path(os.environ.get("MOOC_BIN_DIR", ROOT / "build/release")))
    print(json.dumps({"database": stack.database, "config": str(stack.aggregator.config)}))


if __name__ == "__main__":
    main()
