"""The views of rolling figures for a sample of rows and days, against the recomputed daily counts added up."""
import datetime


# By scope the view and its columns for (training, wave, value, unit).
VIEWS = {"training": ("rolling_participation", ("training", None, None, "unit")),
         "wave": ("rolling_participation_wave", ("training", "wave", None, "unit")),
         "all": ("rolling_participation_all", (None, None, None, "unit")),
         "platform": ("rolling_participation_platform", ("training", None, "platform", None)),
         "audience": ("rolling_participation_audience", ("training", None, "audience", None))}
WINDOWS = (1, 7, 30)
ADDED = ("new_participants", "exams_sat", "exams_passed", "newly_passed")
COLUMNS = tuple(f"{name}_{n}" for name in ("active", *ADDED) for n in WINDOWS)


def figures(activity, key, day):
    """The row's figures, None before the first active day."""
    active = activity.get((key, "active"), {})
    if not active or day < min(active):
        return None
    counts = [activity.get((key, "active" if n == 1 else f"active_{n}"), {}).get(day, 0) for n in WINDOWS]
    for name in ADDED:
        days = activity.get((key, name), {})
        counts += [sum(days.get(day - back, 0) for back in range(n)) for n in WINDOWS]
    return tuple(counts)


def differences(query, activity, chance, keys, days):
    """(cells compared, [(key with day, shown, recomputed)]) of that many rows on so many days each, at random; some shortly before
    the first activity."""
    known = sorted({key for (key, name), counts in activity.items() if name == "active" and counts})
    cells, found = 0, []
    for key in chance.sample(known, min(keys, len(known))):
        active = activity[key, "active"]
        view, columns = VIEWS[key[0]]
        asked = {column: value for column, value in zip(columns, key[1:]) if column}
        where = " AND ".join(f"{column} = %s" for column in asked)
        span = range(min(active) - 3, max(active) + 40)
        sample = sorted({*chance.sample(span, min(days, len(span))), min(active), max(active), max(active) + 29, max(active) + 30})
        dates = [datetime.date.fromordinal(day) for day in sample]
        shown = {row[0]: tuple(row[1:]) for row in query(
            f"SELECT day, {', '.join(COLUMNS)} FROM bi.{view} WHERE {where} AND day = ANY(%s)", *asked.values(), dates)}
        for day, date in zip(sample, dates):
            expected = figures(activity, key, day)
            cells += len(COLUMNS) if expected else 0
            if shown.get(date) != expected:
                found.append(((*key, date), shown.get(date), expected))
    return cells, found
