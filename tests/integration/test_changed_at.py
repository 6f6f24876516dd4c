"""changed_at: who fetches only rows changed since the greatest instant seen misses nothing, and is not sent everything for one event."""
import os

import psycopg
import pytest

from harness.hand_made import event, listed, progressed
from test_replay import World

# Says through when, not how many: see docs/bi.md.
LEFT_OUT = {"changed_at", "complete_through"}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with World(tmp_path_factory.mktemp("changed"), seed=6, people=40) as made:
        add_unit(made, "U1,Đơn vị 1,Đơn vị 1,,xa,HG,HG,90,,,")
        made.command("config", "load", made.reference)
        made.service.start()
        yield made


def add_unit(world, line):
    with open(world.reference / "units.csv", "a", encoding="utf-8") as file:
        file.write(line + "\n")


def views(world):
    """view -> (its columns, its key) of those with changed_at; closed figures never change."""
    columns = dict(world.stack.query("SELECT view_name, array_agg(column_name ORDER BY position) FROM bi.dictionary"
                                     " WHERE column_name <> '' AND view_name <> 'closed_figures' GROUP BY 1"))
    grains = dict(world.stack.query("SELECT view_name, string_to_array(grain, ', ') FROM bi.dictionary WHERE column_name = ''"))
    return {view: (found, grains[view] or [c for c in found if c not in LEFT_OUT])
            for view, found in columns.items() if "changed_at" in found}


def shown(world):
    """view -> key -> (changed_at, the rest of the row); of views of days those of the world's own time."""
    made = {}
    for view, (columns, key) in views(world).items():
        days = " WHERE day BETWEEN '2023-09-15' AND '2023-10-15'" if "day" in key and view != "headcounts" else ""
        rest = [c for c in columns if c not in LEFT_OUT]
        made[view] = {}
        for row in world.stack.query(f"SELECT changed_at, {', '.join(f'{c}::text' for c in map(quoted, rest))} FROM bi.{view}{days}"):
            said = dict(zip(rest, row[1:]))
            its_key = tuple(said[c] for c in key)
            assert its_key not in made[view] or view == "data_issues", f"bi.{view}: {its_key} stands twice"
            made[view][its_key] = (row[0], said)
    return made


def quoted(column):
    return f'"{column}"'


def publish(world, *events, topic="events"):
    for value in events:
        world.producer.produce(world.stack.topics[topic], value, b"k")
    assert world.producer.flush(30) == 0
    world.sent += len(events) if topic == "events" else 0
    world.counted()


def missed(before, after):
    """Rows that are new or differ, and that a tool which fetches what changed since would not be sent."""
    found = []
    for view, rows in after.items():
        seen = max((at for at, _ in before[view].values()), default=None)
        for key, (at, row) in rows.items():
            old = before[view].get(key)
            if (old is None or old[1] != row) and ((seen is not None and at < seen) or (old is not None and at <= old[0])):
                found.append((view, key, old, at, row))
    return found


def test_first_facts_and_further_days(world):
    """Of a unit, and of those whose counts were empty before anything was known of the training."""
    publish(world, listed("first", "W1", "U1"), listed("second", "W1", "U2"))
    before = shown(world)
    publish(world, progressed("first", "2023-09-22", 0.1))
    after = shown(world)
    other = next(k for k in after["participation"] if "U2" in k)
    assert (before["participation"][other][1]["participated"], after["participation"][other][1]["participated"]) == (None, "0")
    assert missed(before, after) == []
    publish(world, progressed("first", "2023-09-23", 0.2))
    more = shown(world)
    assert len(more["participation_daily"]) == len(after["participation_daily"]) + 1
    assert missed(after, more) == []


def test_nothing_is_missed(world):
    world.send_odd()
    world.count(600)
    before, fresh = shown(world), 0
    assert sum(map(len, before.values())) > 1500 and sum(1 for rows in before.values() if rows) > 20
    for turn in range(3):
        world.count(25)
        if turn == 2:
            publish(world, event("totals.published", "total:1", None, source="lists", wave="W2", counts={"registered": 7, "passed": 3}),
                    event("source.swept", "mark:new", None, source="p1", stream="grades", substream="c2", partition=0,
                          through="2023-09-25T00:00:00Z", records=1, dead=0))
        after = shown(world)
        assert missed(before, after) == []
        moved = sum(after[v][k][1] != row for v, rows in before.items() for k, (_, row) in rows.items() if k in after[v])
        kept = sum(after[v][k][0] == at for v, rows in before.items() for k, (at, _) in rows.items() if k in after[v])
        fresh, before = fresh + kept, after
        assert moved > 20
    assert fresh > 100  # it sends less than all


def test_one_event_raises_its_unit_alone(world):
    publish(world, listed("nobody-else", "W1", "U1"), listed("another", "W1", "U2"))
    publish(world, progressed("nobody-else", "2023-09-22", 0.1))
    before = shown(world)
    publish(world, listed("one-more", "W1", "U1"))
    after = shown(world)
    for view in ("participation", "participation_training", "participation_all", "exam_results", "group_status", "rolling_participation"):
        columns, key = views(world)[view]
        at = key.index("unit")
        raised = {k[at] for k, (when, _) in after[view].items() if k in before[view] and when > before[view][k][0]}
        assert raised <= {"U1"}, (view, raised)
        assert raised == {"U1"} or view in ("rolling_participation", "group_status")
    # And what stands above it, in the sums.
    tree = views(world)["unit_rollup_all"][1]
    raised = {k[tree.index("unit")] for k, (when, _) in after["unit_rollup_all"].items() if when > before["unit_rollup_all"][k][0]}
    assert raised == {"U1", "HG"} and len({k[tree.index("unit")] for k in after["unit_rollup_all"]}) >= 3


def test_promote_and_config_load_raise_all(world):
    before = shown(world)
    for words in (("config", "load", world.reference), ("replay", "start"), ("replay", "promote"), ("replay", "rollback")):
        if words[0] == "config":
            add_unit(world, "U-NEW,Đơn vị mới,Đơn vị mới,,xa,,,99,,,")
        world.command(*words)
        after = shown(world)
        raised = {when > before[view][key][0] for view, rows in after.items() for key, (when, _) in rows.items() if key in before[view]}
        assert raised == {words != ("replay", "start")}, words
        before = after


def test_a_long_snapshot_holds_nobody_up(world):
    total = "SELECT sum(registered) FROM bi.participation_all"
    with psycopg.connect(world.stack.conninfo(os.environ["PGUSER"])) as reader:
        reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        reader.execute("SET ROLE mooc_bi")
        before = reader.execute(total).fetchone()
        for view in views(world):
            reader.execute(f"SELECT * FROM bi.{view} LIMIT 0")
        publish(world, listed("late-comer", "W1", "U1"))
        world.count(200)
        world.command("config", "load", world.reference)
        assert reader.execute(total).fetchone() == before
    assert world.stack.query(total) != [before]
