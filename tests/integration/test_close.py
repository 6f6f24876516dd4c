"""Figures as of an instant: what was timed up to it and nothing else, shown to one transaction, and closed for a report."""
import csv
import io
import json
from collections import Counter

import pytest

from harness import recompute
from harness.recompute.compare import RECORDS
from harness.recompute.config import Config
from harness.recompute.measures import MEASURES
from test_replay import World

SHOWN = ("registered", "accounts", "enrolled", "participated", "completed", "sat", "passed", "failed", "certified")
WAVES = ("W1", "W2", "W3", "W6")
AT = "2023-12-26T12:00:00Z"


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with World(tmp_path_factory.mktemp("close"), seed=4, people=60) as made:
        made.service.start()
        made.count(4000)
        made.send_odd()
        made.counted()
        yield made


def recomputed(world, at, wave):
    """unit -> measures of the wave, from the events timed up to then alone."""
    records = [bytes(v) for v, in world.stack.query(RECORDS + f" AND (event_time <= '{at}' OR type = 'learner.erased')")]
    made = recompute.Recomputation(records, Config.read(world.stack.query, 1))
    units = {}
    for (scope, _, its_wave, _, _, unit, _), row in made.tallies.items():
        if scope == "wave" and its_wave == wave and unit:
            units.setdefault(unit, Counter()).update(dict(zip(MEASURES, row)))
    return {u: {m: c[m] for m in SHOWN} for u, c in units.items() if any(c.values())}


def printed(world, *words):
    made = json.loads(world.command("report", *words, "--format", "json").stdout)
    return made, {r["unit"]: {m: r[m] for m in SHOWN} for r in made["rows"] if r.get("unit") and r["registered"] is not None}


@pytest.mark.parametrize("wave", WAVES)
def test_as_of(world, wave):
    made, units = printed(world, "participation", "--wave", wave, "--at", AT)
    assert units == recomputed(world, AT, wave)
    assert made["as_of"] == "2023-12-26T12:00:00.000000Z"


def test_as_of_is_no_trivial_cut(world):
    """Facts stand on both sides of the instant, and nobody else sees what it shows."""
    before = {w: printed(world, "participation", "--wave", w, "--at", AT)[1] for w in WAVES}
    now = {w: printed(world, "participation", "--wave", w)[1] for w in WAVES}
    assert before != now and sum(u["participated"] for w in before.values() for u in w.values()) > 20
    assert world.stack.query("SELECT count(*) FROM gen_0.tallies") == [(0,)]
    assert recompute.differences(world.stack.query, 1) == []


def test_as_of_words(world):
    table = world.command("report", "participation", "--wave", "W1", "--at", "2023-12-26T19:00").stdout
    assert "Số liệu tính đến 19:00 26/12/2023" in table
    assert "Figures as of 23:59 26/12/2023" in world.command(
        "report", "participation", "--wave", "W1", "--at", "2023-12-26", "--lang", "en").stdout
    for wrong, said in (("tomorrow", "is no instant"), ("2023-13-01", "is no instant"), ("2099-01-01", "still to come")):
        assert said in world.command("report", "participation", "--wave", "W1", "--at", wrong, code=2).stderr
