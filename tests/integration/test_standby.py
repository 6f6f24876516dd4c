"""Two and three aggregators, one writer. Whatever ends or stops it, another writes within ten seconds; what it still sends afterwards
counts nowhere; it comes back, stands by and works again. MOOC_STANDBY says how many faults the long run has, MOOC_SEED
which (`make standby-test`: 100)."""
import json
import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from harness import checks, random_events, recompute
from harness.stack import REFERENCE, ROOT, wait_for
from harness.standby import KINDS, LIMIT_S, Feed, Fleet

ROUNDS = int(os.environ.get("MOOC_STANDBY", "24"))
SEED = int(os.environ.get("MOOC_SEED", "5"))
CHOSEN = os.environ.get("MOOC_STANDBY_KINDS", ",".join(KINDS)).split(",")
QUICK = {"writer": {"heartbeat": "200ms", "takeover": "1s"}}


@pytest.fixture
def world(stack, tmp_path):
    folder = tmp_path / "reference"
    shutil.copytree(REFERENCE, folder)
    random_events.write_reference(folder)
    stack.make_aggregator("loads")
    stack.command("mooc-aggregator", "config", "load", folder)
    return stack


def check_end(fleet, feed):
    feed.end()
    wait_for(lambda: checks.counted_to_the_end(fleet.stack), 60, "all is counted")
    epochs, records = fleet.check_fence(), fleet.check_archive()
    differences = recompute.differences(fleet.stack.query)
    assert not differences, f"{len(differences)} rows differ, first: {differences[0]}"
    return epochs, records


def check_what_it_says(world, fleet, writer):
    """An instance says of itself whether it writes, `status` of all."""
    others = sorted(name for name, instance in fleet.instances.items() if instance is not writer)
    for name, instance in fleet.instances.items():
        health = instance.service.get("/healthz")
        assert health == (200, "ok\n" if instance is writer else f"ok\nwriter: standing by: {writer.name} writes\n"), name
        assert f"\nmooc_aggregator_writing {int(instance is writer)}\n" in instance.service.get("/metrics")[1], name
    said = json.loads(world.command("mooc-aggregator", "status", "--format", "json").stdout)
    assert (said["instance"], said["standing_by"]) == (writer.name, ", ".join(others))


def test_another_writes_and_a_zombie_counts_nowhere(world):
    feed = Feed(world, 1, people=300)
    with Fleet(world, 1, 3, **QUICK) as fleet:
        feed.start()
        for kind in ("stop in COPY", "SIGTERM", "cut"):
            fleet.round(kind)
        check_what_it_says(world, fleet, fleet.settle())
        check_end(fleet, feed)
    fleet.check_times()


def test_a_program_of_another_fold_version_stands_by(world):
    (version,), = world.query("SELECT fold_version FROM pulse.generations")
    world.query("UPDATE pulse.generations SET fold_version = 99")
    service = world.make_aggregator("other").start()
    wait_for(lambda: service.port_file.exists() and "is folded by version 99" in service.get("/readyz")[1], 10, "it says so")
    said = world.command("mooc-aggregator", "status").stdout
    assert f"stands by: it counts by the rules of version {version}, these figures are counted by version 99" in said
    time.sleep(1)
    assert service.log_text().count("is folded by version 99") == 1, "said once, not at each look"
    status, text = service.get("/healthz")
    assert status == 200 and "is folded by version 99" in text
    figures = service.get("/metrics")[1]
    for line in (f'fold_version{{of="program"}} {version}', 'fold_version{of="figures"} 99', "writing 0"):
        assert f"\nmooc_aggregator_{line}\n" in figures
    assert world.query("SELECT epoch, pid FROM pulse.writers") == [(0, None)]
    world.query("UPDATE pulse.generations SET fold_version = %s", version)
    wait_for(lambda: service.get("/readyz")[0] == 200, 10, "it writes what is of its own version")
    service.kill()


def test_who_is_stopped_after_the_database_was_away_has_left(world):
    """As after a restart of PostgreSQL: with nothing to write, who counts does not see that its connections are gone until it is stopped."""
    service = world.make_aggregator("a1", **QUICK).start()
    wait_for(lambda: world.query("SELECT count(pid) FROM pulse.writers") == [(1,)], 10, "it writes")
    wait_for(lambda: world.query("SELECT count(*) FROM pulse.sizes")[0][0] > 0, 10, "it has noted how large everything is, and has nothing to do")
    time.sleep(0.5)
    sessions = "FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'mooc-aggregator%%'"
    world.query(f"SELECT pg_terminate_backend(pid) {sessions}")
    wait_for(lambda: world.query(f"SELECT count(*) {sessions} AND application_name LIKE '%%heartbeat'") == [(1,)], 10, "it says that it lives")
    service.stop()
    assert "nobody is counting: start" in world.command("mooc-aggregator", "status", "--check", code=1).stdout
    assert world.query("SELECT heartbeat_at FROM pulse.writers") == [(None,)]


@pytest.mark.long
def test_a_hundred_faults(world):
    feed, moments = Feed(world, SEED), random.Random(SEED)
    began, kinds = time.monotonic(), []
    with Fleet(world, SEED, 2) as fleet:
        feed.start()
        print(f"\nseed {SEED}, {ROUNDS} faults, two instances, three in the second half")
        for turn in range(ROUNDS):
            if turn == ROUNDS // 2:
                fleet.settle()
                fleet.add("n2")
            kinds = kinds or moments.sample(sorted(CHOSEN), len(CHOSEN))
            kind = kinds.pop()
            print(f"{turn:4} {kind:16} {fleet.round(kind):6.2f} s", flush=True)
        fleet.settle()
        epochs, records = check_end(fleet, feed)
    print(f"{ROUNDS} faults in {time.monotonic() - began:.0f} s, {epochs} epochs, {records} records, seed {SEED}\n{fleet.report()}")
    fleet.check_times()


def build(tmp_path, name, *variables):
    """Another build of the program."""
    subprocess.run(["make", "--no-print-directory", "FLAVOUR=release", "COMPILING=1", f"B={tmp_path / name}", *variables,
                    str(tmp_path / name / "mooc-aggregator")], check=True, capture_output=True, cwd=ROOT)
    return tmp_path / name / "mooc-aggregator"


@pytest.mark.long
def test_rolling_upgrade(world, tmp_path):
    """The old version is stopped when the new one stands by; then back again, and so on: nowhere ten seconds without progress."""
    binaries = [Path(world.binaries) / "mooc-aggregator", build(tmp_path, "next", "VERSION=0.1.1")]
    assert "0.1.1" in subprocess.run([binaries[1], "--version"], capture_output=True, text=True, check=True).stdout
    feed = Feed(world, SEED)
    with Fleet(world, SEED, 1) as fleet:
        feed.start()
        old = fleet.settle()
        began = time.monotonic()
        fleet.wait_progress(began)
        for turn in range(1, 11):
            new = fleet.add(f"v{turn}", binaries[turn % 2])
            wait_for(new.stands_by, 10, "the new version stands by", every=0.05)
            at = time.monotonic()
            epoch = fleet.watcher.last()[1]
            assert old.service.stop()[0] == 0
            fleet.took["SIGTERM, other version"].append(fleet.wait_progress(at, epoch))
            fleet.instances.pop(old.name).end()
            assert fleet.settle() is new
            old = new
        gap = fleet.watcher.longest_gap(began, time.monotonic())
        check_end(fleet, feed)
    print(f"\nlongest time in which nothing was committed: {gap:.2f} s\n{fleet.report()}")
    assert gap < LIMIT_S


@pytest.mark.long
def test_upgrade_to_another_fold_version(world, tmp_path):
    """The old program writes until `promote`; the new one stands by, says so, and writes nothing even when the old one is gone."""
    (version,), = world.query("SELECT fold_version FROM pulse.generations")
    other = build(tmp_path, "fold", f"EXTRA_CFLAGS=-DFOLD_VERSION={version + 1}")
    feed = Feed(world, SEED)
    with Fleet(world, SEED, 1) as fleet:
        feed.start()
        old = fleet.settle()
        new = fleet.add("new", other)
        why = f"is folded by version {version}, this program is version {version + 1}"
        wait_for(lambda: new.says(why), 10, "it stands by and says why")
        assert why in new.service.log_text()
        said = json.loads(subprocess.run([other, "status", "--format", "json", "--config", new.service.config],
                                         capture_output=True, text=True, check=True).stdout)
        assert (said["counting_version"], said["program_counting_version"]) == (version, version + 1)
        old.service.kill()
        before = fleet.watcher.last()
        time.sleep(8)
        assert fleet.watcher.last() == before and new.says(why), "it wrote what is of another version"
        old.service.start()
        fleet.wait_progress(time.monotonic(), before[1])
        fleet.instances.pop("new").end()
        check_end(fleet, feed)
