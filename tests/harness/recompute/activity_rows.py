"""What the rows of gen_N.activity say, day by day, against the counts of activity.activity."""
import datetime
from collections import defaultdict
from itertools import accumulate

from .activity import KEY, SERIES, days_of_month

COLUMNS = ("active", "change_7", "change_30", "new_participants", "exams_sat", "exams_passed", "newly_passed")
SUMS = {"change_7": "change_7_sum", "change_30": "change_30_sum"}


def read(query, generation):
    """[(key, month, column -> array or sum)]"""
    names = (*COLUMNS, *SUMS.values())
    rows = query(f"SELECT {', '.join((*KEY, 'month', *names))} FROM gen_{generation}.activity")
    width = len(KEY)
    return [(tuple(row[:width]), row[width], dict(zip(names, row[width + 1:]))) for row in rows]


def malformed(rows):
    """[(key with month and column, stored, wanted)] of rows that break the rules of the table itself."""
    for key, month, values in rows:
        days = len(days_of_month(month))
        for column in COLUMNS:
            array = values[column]
            if array is not None and (len(array) != days or None in array or not any(array)):
                yield (*key, month, column), array, f"{days} elements, not all zero"
        for column, name in SUMS.items():
            total = sum(n or 0 for n in values[column] or ())
            if values[name] != total:
                yield (*key, month, name), values[name], total
        if not any(values[column] for column in COLUMNS):
            yield (*key, month), "a row of zeros", None


def daily(rows, until):
    """(key, series) -> {day: number}: a running count goes on to the day `until`, whatever months have rows."""
    cells = defaultdict(dict)
    for key, month, values in rows:
        for column, series in zip(COLUMNS, SERIES):
            cells[key, series] |= {day: n for day, n in zip(days_of_month(month), values[column] or ()) if n}
    for (_, series), days in cells.items():
        if days and series in ("active_7", "active_30"):
            span = range(min(days), max(until, max(days)) + 1)
            running = accumulate(days.get(day, 0) for day in span)
            days |= dict(zip(span, running))
    return cells


def differences(query, generation, expected):
    """[(key, stored, recomputed)]"""
    rows = read(query, generation)
    yield from malformed(rows)
    until = max((max(days) for days in expected.values() if days), default=0) + 1
    stored = daily(rows, until)
    for key, name in sorted(set(stored) | set(expected)):
        left, right = stored.get((key, name), {}), expected.get((key, name), {})
        for day in sorted(set(left) | set(right)):
            if left.get(day, 0) != right.get(day, 0):
                yield (*key, name, datetime.date.fromordinal(day)), left.get(day, 0), right.get(day, 0)
