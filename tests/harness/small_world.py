"""A few hundred learners in one course, for tests that disturb: configuration, start, and waiting until the figures are the truth."""
import json
import shutil
import subprocess
import sys
import time

from harness import checks
from harness.stack import ROOT, wait_for

LEARNERS = ["learners=300", "courses=1", "left_after_passing=0", "revoked=0"]
SIMULATOR = {"world": "generic", "seed": 3, "set": LEARNERS, "start": "begin",
             "rate": ["enrollment=60000/minute", "default=60000/minute"]}
MEASURES = ("registered", "accounts", "enrolled", "participated", "sat", "passed", "failed", "certified")


def make(stack):
    folder = stack.folder / "world"
    subprocess.run([sys.executable, "-m", "world", "generic", "--seed", "3", *[w for s in LEARNERS for w in ("--set", s)],
                    "--out", folder], check=True, stdout=subprocess.DEVNULL, cwd=ROOT / "tests")
    return folder


def start(stack, platform, **source):
    world = make(stack)
    stack.truth = json.loads((world / "truth.json").read_text())["units"]
    wave = (world / "reference/waves.csv").read_text().splitlines()[1].split(",")[0]
    stack.make_aggregator()
    stack.make_ingest([stack.openedx_source(platform.url, sweep_every="1s", certificates_every="1s",
                                            accounts_every="1s", accounts_by_email=True, **source),
                       stack.files_source(wave=wave, poll="300ms")], reference=str(world / "reference"))
    stack.command("mooc-aggregator", "config", "load", world / "reference")
    stack.aggregator.start()
    stack.ingest.start()
    for roster in sorted((world / "rosters").glob("*.csv")):
        shutil.copy(roster, stack.folder / "inbox" / roster.name)


def figures(stack):
    rows = stack.query(f"SELECT unit, {', '.join(f'sum({m})::int' for m in MEASURES)} FROM bi.participation"
                       " WHERE registered > 0 GROUP BY unit")
    return {unit: dict(zip(MEASURES, counts)) for unit, *counts in rows}


def settle(stack, platform, seconds=90):
    """The platform's time is over; the figures become the truth and stay."""
    platform.clock(now="end", speed=0)
    wanted = {unit: {m: counts[m] for m in MEASURES} for unit, counts in stack.truth.items()}
    try:
        wait_for(lambda: figures(stack) == wanted, seconds, "the figures are the truth", every=0.5)
    except AssertionError:
        is_ = figures(stack)
        wrong = {u: (is_.get(u), wanted.get(u)) for u in set(is_) | set(wanted) if is_.get(u) != wanted.get(u)}
        raise AssertionError(f"figures (is, should be): {wrong}\n{stack.ingest.log_text()[-3000:]}\n"
                             f"{stack.aggregator.log_text()[-3000:]}") from None
    stop(stack.ingest)
    wait_for(lambda: checks.counted_to_the_end(stack), 30, "nothing is left to count", every=0.5)
    stop(stack.aggregator)


def stop(service):
    code, took = service.stop()
    assert code == 0 and took < 5, f"{service.binary.name}: exit {code} after {took:.1f} s"
