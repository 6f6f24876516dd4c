"""Whoever reads long holds nobody up: while a reading command stands still in the middle of its transaction, the writer counts on and makes
a new month of the archive."""
import os
import shutil
import signal
import subprocess
import time

import psycopg
import pytest

from conftest import BINARIES
from harness.stack import wait_for
from test_close import AT, sweep
from test_replay import World

READS = {  # and in the middle of what they are stopped
    "archive export": ("archive.events", "archive", "export", "{}/export", "--all"),
    "verify": ("archive.events", "verify"),
    "report as of": ("archive.events", "report", "participation", "--wave", "W1", "--at", AT),
    "close": ("archive.events", "close", "--wave", "W1", "--at", AT, "--doc", "1/X"),
    "report changes": ("archive.events", "report", "changes", "--since", "555/CAT"),
    "report pack": ("archive.events", "report", "pack", "--period", "2023-W39", "--out", "{}/pack"),
    "backup": ("pulse.units", "backup", "{}/backup"),
    "replay from the archive": ("archive.events", "replay", "start", "--from-archive"),
    "replay from the log": ("gen_", "replay", "start"),
}

pytestmark = pytest.mark.long

# Relations of ours that backends other than these hold locks on, and how.
HELD = """SELECT DISTINCT c.relnamespace::regnamespace || '.' || c.relname, l.mode, a.application_name
            FROM pg_locks l JOIN pg_class c ON c.oid = l.relation AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
            JOIN pg_stat_activity a USING (pid)
           WHERE l.granted AND a.pid <> ALL (%s) AND c.relkind IN ('r', 'p') AND c.relnamespace::regnamespace::text ~ '^(pulse|archive|gen_.*)$'"""


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with World(tmp_path_factory.mktemp("long"), seed=4, people=60) as made:
        made.service.start()
        made.count(4000)
        made.send_odd()
        made.counted()
        sweep(made, "2023-12-27T00:00:00Z")
        made.command("close", "--wave", "W1", "--at", AT, "--doc", "555/CAT")
        yield made


def begun(world, *words):
    return subprocess.Popen([BINARIES / "mooc-aggregator", *words, "--config", world.service.config], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            text=True)


def stop_in_the_middle(watching, process, others, of):
    """Until it holds a lock there; what it holds, while it stands still."""
    while process.poll() is None:
        if any(name.startswith(of) for name, *_ in watching.execute(HELD, [others])):
            process.send_signal(signal.SIGSTOP)
            time.sleep(0.05)  # a statement under way comes to its end
            held = watching.execute(HELD, [others]).fetchall()
            if any(name.startswith(of) for name, *_ in held):
                return held
            process.send_signal(signal.SIGCONT)
    raise AssertionError(f"it never held a lock on {of}: {process.communicate()}")


@pytest.mark.parametrize("month, what", list(enumerate(READS, 1)), ids=list(READS))
def test_the_writer_goes_on_beside_a_long_read(world, tmp_path, month, what):
    of, *words = READS[what]
    if what == "replay from the log":
        world.command("replay", "drop", code=None)
    with psycopg.connect(world.stack.conninfo(os.environ["PGUSER"]), autocommit=True) as watching, \
            psycopg.connect(world.stack.conninfo(), autocommit=True) as writing:
        others = [p for p, in watching.execute("SELECT pid FROM pg_stat_activity")]
        process = begun(world, *(w.format(tmp_path) for w in words))
        try:
            held = stop_in_the_middle(watching, process, others, of)
            began = time.monotonic()
            world.count(50)
            writing.execute("SET lock_timeout = '2s'")
            writing.execute("SELECT archive.ensure_month(%s)", [f"2031-{month:02d}-15T00:00:00Z"])
            took = time.monotonic() - began
        finally:
            process.send_signal(signal.SIGCONT)
        said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert took < 2.5, held
    assert {mode for name, mode, _ in held if name.startswith(("pulse.", "archive.", "gen_1."))} <= {"AccessShareLock", "RowExclusiveLock"}, held


@pytest.mark.parametrize("words", [("replay", "compare"), ("replay", "promote"), ("config", "load", "{}")], ids=" ".join)
def test_who_holds_the_figures_and_stands_still_is_let_go(world, tmp_path, words):
    """These hold the live figures at one place for a moment. Stopped there, or cut off, they must not hold them for ever."""
    standing = "SELECT generation, config_version FROM pulse.live JOIN pulse.generations USING (generation)"
    folder = tmp_path / "reference"
    shutil.copytree(world.reference, folder)
    text = (folder / "trainings.yaml").read_text()
    (folder / "trainings.yaml").write_text(text.replace("min_score: 0.5", "min_score: 0.4"))
    before = world.stack.query(standing)
    if words[0] == "replay":
        if len(world.stack.query("SELECT 1 FROM pulse.generations")) == 1:  # the last of the reads leaves another
            world.command("replay", "start")
        (other,), = world.stack.query("SELECT max(generation) FROM pulse.generations")
        world.level(1, other)
    with psycopg.connect(world.stack.conninfo(os.environ["PGUSER"])) as holding:
        holding.execute("SELECT FROM pulse.offsets WHERE generation = (SELECT generation FROM pulse.live) FOR UPDATE")
        process = begun(world, *(w.format(folder) for w in words))
        try:
            waits = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = %s"
            wait_for(lambda: process.poll() is not None or world.stack.query(waits, f"mooc-aggregator {' '.join(words[:2])}"), 10, "it waits", 0.01)
            assert process.poll() is None, process.communicate()
            process.send_signal(signal.SIGSTOP)
            holding.rollback()
            began = time.monotonic()
            world.count(50)
            took = time.monotonic() - began
        finally:
            process.send_signal(signal.SIGCONT)
        said = process.communicate(timeout=60)
    assert process.returncode == 3 and "server closed the connection" in said[1], said
    assert took < 8
    assert world.stack.query(standing) == before
