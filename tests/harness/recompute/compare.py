"""The generation's tables against the recomputation, table by table."""
from collections import namedtuple

from . import activity, activity_rows, deadlines, issues, nameless, rolling, tallies
from .config import Config
from .events import newest
from .facts import Known
from .measures import MEASURES
from .people import people

Difference = namedtuple("Difference", "table key stored recomputed")
HEADCOUNTS = ("in_force", "wave", "unit", "activity", "day", "audiences", "people", "source", "event_time", "file", "sheet",
              "row_number", "revision", "data_hash")
TOTALS = ("wave", "in_force", "registered", "passed", "source", "event_time", "file", "sheet", "row_number", "revision",
          "data_hash")
MARKS = ("source", "stream", "substream", "partition", "through", "records", "dead", "revision", "data_hash", "every_s")


class Recomputation:
    """Everything that the fold is to write, from the log's records and the config."""

    def __init__(self, records, config):
        events = newest(records)
        sets, shared = people(events, config)
        known = [Known(config, subjects, shared) for subjects in sets]
        self.tallies = {key: tuple(row[m] for m in MEASURES) for key, row in tallies.tallies(config, known).items()}
        self.activity = activity.activity(config, known)
        self.five_minutes = activity.five_minutes(known)
        self.deadlines = deadlines.deadlines(config, known)
        self.issues = issues.issues(config, known)
        self.members = issues.members(sets)
        self.headcounts, self.totals, self.marks = (f(events) for f in (nameless.headcounts, nameless.totals, nameless.marks))


def _rows(query, table, key, values):
    """key columns -> value columns; a single column stands for itself, no value column for True."""
    found = {}
    for row in query(f"SELECT {', '.join((*key, *values))} FROM {table}"):
        left, right = tuple(row[:len(key)]), tuple(row[len(key):])
        found[left if len(key) > 1 else left[0]] = right if len(values) > 1 else right[0] if values else True
    return found


def _compare(table, stored, expected, columns=()):
    """Of rows on both sides only the columns that differ are shown."""
    for key in sorted(set(stored) | set(expected), key=str):
        left, right = stored.get(key), expected.get(key)
        if left == right:
            continue
        if columns:
            wanted = [n for n in range(len(columns)) if left is None or right is None or left[n] != right[n]]
            left, right = ({columns[n]: side[n] for n in wanted} if side is not None else None for side in (left, right))
        yield Difference(table, key, left, right)


def compared(query, generation, expected):
    g = f"gen_{generation}"
    yield from _compare("tallies", _rows(query, f"{g}.tallies", tallies.KEY, MEASURES), expected.tallies, MEASURES)
    yield from (Difference("activity", *found) for found in activity_rows.differences(query, generation, expected.activity))
    columns = ("facts", "learners", "exams_sat", "exams_passed")
    yield from _compare("activity_5min", _rows(query, f"{g}.activity_5min", ("training", "wave", "began_at"), columns),
                        expected.five_minutes, columns)
    key = "training", "wave", "unit", "day_0::text", "completed_on::text", "lectures"
    yield from _compare("deadlines", _rows(query, f"{g}.deadlines", key, ("learners",)), expected.deadlines)
    yield from _compare("issues", _rows(query, f"{g}.issues", ("kind", "subject", "wave", "unit"), ()),
                        dict.fromkeys(expected.issues, True))
    yield from _compare("members", _rows(query, f"{g}.members", ("subject",), ("person",)), expected.members)
    for name, columns in (("headcounts", HEADCOUNTS), ("totals", TOTALS), ("marks", MARKS)):
        yield from _compare(name, _rows(query, f"{g}.{name}", ("entity",), columns), getattr(expected, name), columns)


RECORDS = "SELECT value FROM archive.events WHERE type IS NOT NULL"
# The same result in less time, where what the archive says of entity and revision is not in question.
NEWEST_RECORDS = """SELECT value FROM (SELECT value, rank() OVER (PARTITION BY entity ORDER BY revision DESC) FROM archive.events
                    WHERE type IS NOT NULL) AS r WHERE rank = 1"""


def _recomputation(query, generation, records=RECORDS):
    (version,), = query("SELECT config_version FROM pulse.generations WHERE generation = %s", generation)
    return Recomputation([bytes(v) for (v,) in query(records)], Config.read(query, version))


def differences(query, generation=1, records=RECORDS):
    """[(table, key, stored, recomputed)], [] when all is equal; query(sql, *parameters) gives rows."""
    return list(compared(query, generation, _recomputation(query, generation, records)))


def shown_windows(query, chance, keys, days, generation=1):
    """(cells compared, differences) of the views bi.rolling_participation…: so many rows at random, each on so many days or a few more."""
    return rolling.differences(query, _recomputation(query, generation).activity, chance, keys, days)
