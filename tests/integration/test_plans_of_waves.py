"""The plan beside the people of a whole training, where it is that of its waves: it covers all of them, or is not there."""
import json

import pytest

from harness.hand_made import listed
from test_replay import World

TARGETS = "wave,unit,planned,code,training,measure\n"
LISTS = [("W1", "HG-SYTE"), ("W1", "HG-STP"), ("W2", "HG-SYTE")]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with World(tmp_path_factory.mktemp("plans"), people=1) as made:
        made.service.start()
        for value in [listed(f"{wave} {unit}", wave=wave, unit=unit) for wave, unit in LISTS]:
            made.producer.produce(made.stack.topics["events"], value, json.loads(value)["subject"].encode())
            made.sent += 1
        assert made.producer.flush(60) == 0
        made.counted()
        yield made


def planned(report):
    rows = {r.get("wave") or r.get("unit"): (r["planned"], r["plan_rate"]) for r in report["rows"] if r["planned"] is not None}
    return rows | {"all": (report["totals"]["planned"], report["totals"]["plan_rate"])}


@pytest.mark.parametrize("targets, waves, units", [
    # The office has people in W2, of whom nobody planned any.
    ("W1,HG-SYTE,5,,,\nW1,HG-STP,5,,,\n", {"W1": (10, 20.0), "all": (None, None)}, {"HG-STP": (5, 20.0), "all": (None, None)}),
    ("W1,HG-SYTE,5,,,\nW1,HG-STP,5,,,\nW2,HG-SYTE,10,,,\n", {"W1": (10, 20.0), "W2": (10, 10.0), "all": (20, 15.0)},
     {"HG-SYTE": (15, 13.3), "HG-STP": (5, 20.0), "all": (20, 15.0)}),
    # The province planned W1, the office W2.
    ("W1,HG,20,,,\nW2,HG-SYTE,10,,,\n", {"W1": (20, 10.0), "W2": (10, 10.0), "all": (30, 10.0)}, {"all": (30, 10.0)}),
    # The training has a plan of its own.
    ("W1,HG-SYTE,5,,,\n,HG,60,TA-HG,TA,registered\n", {"all": (60, 5.0)}, {"all": (60, 5.0)}),
    (",HG-SYTE,20,TA-SYTE,TA,registered\n,HG-STP,10,TA-STP,TA,registered\n", {"all": (30, 10.0)},
     {"HG-SYTE": (20, 10.0), "HG-STP": (10, 10.0), "all": (30, 10.0)})])
def test_the_plan_of_a_training_covers_all_its_waves(world, targets, waves, units):
    (world.reference / "targets.csv").write_text(TARGETS + targets)
    world.command("config", "load", world.reference)
    told = json.loads(world.command("report", "waves", "--training", "TA", "--format", "json").stdout)
    assert planned(told) == waves
    parts = json.loads(world.command("report", "monthly", "--training", "TA", "--month", "2023-09", "--format", "json").stdout)
    monthly = {part["report"]: planned(part) for part in parts if part["report"] in ("monthly", "units")}
    assert monthly == {"monthly": waves, "units": units}
    gap = "mới có kế hoạch của 1/2 đợt có danh sách"
    for notes in (told["notes"], parts[0]["notes"], parts[1]["notes"]):
        assert any(gap in note for note in notes) == (waves["all"] == (None, None))
