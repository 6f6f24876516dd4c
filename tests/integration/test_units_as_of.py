"""As of an instant units stand where they stood on its day: in every report, and what one of a unit has."""
import json

import pytest

from harness.hand_made import listed
from test_replay import World

# HG-SYTE was below HG-CAT until September, and is below HG-STP since.
HISTORY = "code,tree,above,valid_from,valid_to\nHG-SYTE,management,HG-CAT,,2023-09-30\nHG-SYTE,management,HG-STP,2023-10-01,\n"


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with World(tmp_path_factory.mktemp("units"), people=1) as made:
        (made.reference / "unit_history.csv").write_text(HISTORY)
        made.command("config", "load", made.reference)
        made.service.start()
        sent = [listed("below", unit="HG-SYTE"), listed("one", unit="HG-CAT"), listed("other", unit="HG-STP")]
        for value in sent:
            made.producer.produce(made.stack.topics["events"], value, json.loads(value)["subject"].encode())
        assert made.producer.flush(60) == 0
        made.sent += len(sent)
        made.counted()
        yield made


def units(world, unit, *at):
    made = json.loads(world.command("report", "participation", "--wave", "W1", "--unit", unit, "--format", "json", *at).stdout)
    return sorted(r["unit"] for r in made["rows"])


def registered(world, unit, *at):
    made = json.loads(world.command("report", "waves", "--training", "TA", "--unit", unit, "--format", "json", *at).stdout)
    return next(r["registered"] for r in made["rows"] if r["wave"] == "W1")


@pytest.mark.parametrize("at, above, beside", [((), "HG-STP", "HG-CAT"), (("--at", "2023-10-01"), "HG-STP", "HG-CAT"),
                                               (("--at", "2023-09-30"), "HG-CAT", "HG-STP")])
def test_a_unit_counts_below_the_one_above_it_on_that_day(world, at, above, beside):
    assert units(world, above, *at) == sorted([above, "HG-SYTE"])
    assert units(world, beside, *at) == [beside]
    assert (registered(world, above, *at), registered(world, beside, *at)) == (2, 1)
