"""Which account stands as of an instant: the one told by then, else the first that was told of whoever did something by then."""
import json

import pytest

from harness.hand_made import account, listed, progressed
from test_replay import World

AT = "2023-10-01"
SEEN_LATER = "2023-11-05"


def told(who, kind, day, revision, previous, address=None):
    made = json.loads(account(who, kind, day))
    return json.dumps(made | {"revision": str(revision), "previous": str(previous), "id": f"{who}{revision}",
                              "data": {"identifiers": [f"email:{address or who}"]}}).encode()


# Unit -> what was told of the account of its one person, who learned on 21 September.
ACCOUNTS = {
    "HG-SYTE": [told("first seen active", "activated", SEEN_LATER, 1, 0)],
    "HG-STP": [told("closed by then", "created", "2023-09-18", 1, 0), told("closed by then", "closed", "2023-09-25", 2, 1),
               told("closed by then", "created", SEEN_LATER, 3, 2)],
    "HG-CAT": [told("has moved since", "created", "2023-09-18", 1, 0),
               told("has moved since", "created", SEEN_LATER, 2, 1, "of another")],
    "HG-SGDDT": [told("first seen, then moved", "created", SEEN_LATER, 1, 0),
                 told("first seen, then moved", "created", "2023-11-06", 2, 1, "of nobody")],
    "HG-SCT": [told("did nothing", "activated", SEEN_LATER, 1, 0)],
}
PEOPLE = dict(zip(ACCOUNTS, ("first seen active", "closed by then", "has moved since", "first seen, then moved", "did nothing")))


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with World(tmp_path_factory.mktemp("accounts"), people=1) as made:
        made.service.start()
        sent = [e for told_of in ACCOUNTS.values() for e in told_of]
        sent += [listed(who, unit=unit) for unit, who in PEOPLE.items()]
        sent += [progressed(who, "2023-09-21", 0.5) for who in PEOPLE.values() if who != "did nothing"]
        for value in sent:
            made.producer.produce(made.stack.topics["events"], value, json.loads(value)["subject"].encode())
        assert made.producer.flush(60) == 0
        made.sent += len(sent)
        made.counted()
        yield made


def figures(world, *arguments):
    made = json.loads(world.command("report", "participation", "--wave", "W1", "--format", "json", *arguments).stdout)
    return {r["unit"]: (r["registered"], r["accounts"], r["activated"], r["participated"]) for r in made["rows"]}


def test_as_of_an_instant_an_account_is_what_was_told_of_it_by_then(world):
    assert figures(world, "--at", AT) == {
        "HG-SYTE": (1, 1, 1, 1), "HG-STP": (1, 0, 0, 1), "HG-CAT": (1, 1, 0, 1), "HG-SGDDT": (1, 1, 0, 1), "HG-SCT": (1, 0, 0, 0)}


def test_now_it_is_what_was_told_last(world):
    assert figures(world) == {
        "HG-SYTE": (1, 1, 1, 1), "HG-STP": (1, 1, 0, 1), "HG-CAT": (1, 0, 0, 0), "HG-SGDDT": (1, 0, 0, 0), "HG-SCT": (1, 1, 1, 0)}


def test_the_first_word_of_an_account_is_behind_what_it_changes(world):
    world.command("close", "--wave", "W1", "--at", AT, "--doc", "1/BC", "--without", "p1,p2")
    sent = [listed("late", unit="HG-SYTE", day="2023-09-12"), progressed("late", "2023-09-22", 0.5), told("late", "activated", SEEN_LATER, 1, 0),
            told("late", "activated", "2023-11-07", 2, 1)]
    for value in sent:
        world.producer.produce(world.stack.topics["events"], value, json.loads(value)["subject"].encode())
    assert world.producer.flush(60) == 0
    world.sent += len(sent)
    world.counted()
    made = json.loads(world.command("report", "changes", "--since", "1/BC", "--format", "json", "--lang", "en").stdout)
    rows = {(r["report"], r["unit"], r["measure"]): r for r in made["rows"]}
    row = rows["participation", "HG-SYTE", "participated"]
    assert (row["old"], row["new"], row["people"]) == (1, 2, 1)
    assert "(3 events; Learning activity: 1, Account activated: 1, Listed: 1)" in row["cause"], row["cause"]
