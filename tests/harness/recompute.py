"""The tallies once more, from the archive's records and DOMAIN's definitions, sharing nothing with the fold in C.

Everything is held in memory and computed in one go: for each entity the newest revision, people as connected sets, then what each
person counts for. `differences` compares with gen_N.tallies, row by row.
"""
import datetime
import hashlib
import json
import re
from collections import defaultdict

ZONE = datetime.timezone(datetime.timedelta(hours=7))
MEASURES = ("registered", "accounts", "activated", "enrolled", "participated", "completed", "sat", "passed", "failed",
            "certified", "not_registered")


def _instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def _day(instant):
    return instant.astimezone(ZONE).date()


def _data_text(text):
    """Member data of the outermost object as it stands, whatever the spaces and the order of the members."""
    decode, space = json.JSONDecoder().raw_decode, re.compile(r"[ \t\r\n]*")
    at = space.match(text).end()
    while text[at] != "}":
        at = space.match(text, at + 1).end()
        key, at = decode(text, at)
        begin = space.match(text, space.match(text, at).end() + 1).end()
        _, end = decode(text, begin)
        if key == "data":
            return text[begin:end]
        at = space.match(text, end).end()
    raise ValueError("no data")


def _hash(kind, raw):
    """The contract's tie-break: SHA-256 of type, NUL and data's bytes as they stand."""
    number = int.from_bytes(hashlib.sha256(kind.encode() + b"\0" + _data_text(raw.decode()).encode()).digest()[:8], "big")
    return number - (1 << 64) if number >> 63 else number


def newest(records):
    """Latest event of each entity: highest (revision, hash), then the later time."""
    best = {}
    for raw in records:
        try:
            event = json.loads(raw)
            key, rank = event["entity"], (int(event["revision"]), _hash(event["type"], raw), _instant(event["time"]))
        except (ValueError, KeyError, TypeError):
            continue
        if key not in best or rank > best[key][0]:
            best[key] = rank, event
    return [event for _, event in best.values()]


class Config:
    def __init__(self, query, version):
        self.trainings = {t: (by, score, progress) for t, by, score, progress in query(
            "SELECT training, pass_by_platform, pass_min_score, completion_min_progress FROM pulse.trainings"
            " WHERE config_version = %s", version)}
        self.waves = {w: (t, b, e) for w, t, b, e in query(
            "SELECT wave, training, begins, ends FROM pulse.waves WHERE config_version = %s", version)}
        self.courses = {(s, c): t for s, c, t in query(
            "SELECT source, course, training FROM pulse.courses WHERE config_version = %s", version)}


def _people(events, config):
    """Connected sets of subjects: lists of their events. Rows of a wave that the config does not know are not there yet."""
    of_subject, carried, rows = defaultdict(list), defaultdict(set), defaultdict(list)
    for event in events:
        kind, data = event["type"].split(".")[0], event["data"]
        if kind not in ("roster", "account", "identity", "enrollment", "learning", "exam", "certificate"):
            continue
        if kind == "roster" and data["wave"] not in config.waves:
            continue
        subject = event.get("subject") or event["entity"]
        of_subject[subject].append(event)
        if event["type"] in ("roster.listed", "identity.linked") or kind == "account":
            identifiers = list(data.get("identifiers", []))
            if kind == "account":
                identifiers.append(subject)
            for identifier in identifiers:
                carried[identifier].add(subject)
                if kind == "roster":
                    citizen = [i for i in data["identifiers"] if i.startswith("citizen:")]
                    rows[identifier].append((data.get("name"), citizen[0] if citizen else None))
    parent = {s: s for s in of_subject}

    def find(s):
        while parent[s] != s:
            parent[s] = parent[parent[s]]
            s = parent[s]
        return s

    for identifier, subjects in carried.items():
        names = {n for n, _ in rows[identifier] if n}
        citizens = {c for _, c in rows[identifier] if c}
        if len(names) > 1 or len(citizens) > 1:
            continue
        first, *others = subjects
        for other in others:
            parent[find(other)] = find(first)
    people = defaultdict(dict)
    for subject, own in of_subject.items():
        people[find(subject)][subject] = own
    return people.values()


def _wave_of(config, waves, day):
    """Latest begun that holds the day, else latest begun before it, else the first."""
    def begins(w):
        return config.waves[w][1] or datetime.date.min

    def holds(w):
        return begins(w) <= day <= (config.waves[w][2] or datetime.date.max)

    for among in ([w for w in waves if holds(w)], [w for w in waves if begins(w) <= day]):
        if among:
            return max(among, key=begins)
    return min(waves, key=begins) if waves else None


def _fact(config, event):
    """What a course event says: set of measures, its training and day; None if it is not in force or of no training."""
    data, kind = event["data"], event["type"]
    training = config.courses.get((event["source"], data.get("course")))
    if training is None:
        return None
    by_platform, min_score, min_progress = config.trainings[training]
    day = datetime.date.fromisoformat(data["day"]) if kind.startswith("learning") else _day(_instant(event["time"]))
    if kind == "enrollment.created":
        return training, day, {"enrolled"}
    if kind == "learning.progressed":
        done = min_progress is not None and data.get("progress", 0) >= min_progress
        return training, day, {"participated"} | ({"completed"} if done else set())
    if kind == "certificate.issued":
        return training, day, {"certified"}
    if kind == "exam.graded":
        sat = data.get("sat", True) or data.get("passed", False)
        share = data.get("score", 0) / data["max_score"] if data.get("max_score") else 0
        passed = data.get("passed", False) if by_platform else sat and share >= min_score
        return training, day, ({"sat", "participated"} if sat or passed else set()) | ({"passed"} if passed else set())
    return None


def _with_failed(measures):
    return measures | ({"failed"} if "sat" in measures and "passed" not in measures else set())


def _count_person(config, person, add):
    listings, facts, has_account, activated = [], [], False, False
    for own in person.values():
        accounts = [e for e in own if e["type"].startswith("account.")]
        in_course = [f for f in (_fact(config, e) for e in own) if f]
        open_accounts = [e for e in accounts if e["type"] != "account.closed"]
        if accounts or in_course:
            has_account |= bool(open_accounts) if accounts else True
        activated |= any(e["type"] == "account.activated" or e["data"].get("activated") for e in open_accounts)
        facts += in_course
        for e in own:
            if e["type"] == "roster.listed" and e["data"]["wave"] in config.waves:
                order = _instant(e["time"]), int.from_bytes(hashlib.sha256(e["entity"].encode()).digest()[:8], "big")
                listings.append((order, e["data"]["wave"], e["data"]["unit"], e["data"].get("group", "")))
    if not listings and not facts and not has_account:
        return
    always = ({"accounts"} if has_account else set()) | ({"activated"} if activated else set())

    def year_of(wave, day):
        return (config.waves[wave][1] or day).year if wave else day.year

    dated = []
    for training, day, measures in facts:
        waves = {w for _, w, _, _ in listings if config.waves[w][0] == training}
        wave = _wave_of(config, waves, day)
        dated.append((training, wave, year_of(wave, day), measures))

    def measured(wanted, keep):
        """Union over the trainings of what holds in each; failed is judged training by training."""
        total = set()
        for training in {t for t, *_ in dated}:
            total |= _with_failed(set().union(*(m for t, w, y, m in dated if t == training and keep(t, w, y)), set()))
        return total & wanted if wanted else total

    def latest(keep):
        return max((l for l in listings if keep(l[1], l[0][0])), default=None)

    def put(scope, training, wave, year, listing, group, measures):
        unit = listing[2] if listing else ""
        add((scope, training, wave, year, unit, group),
            measures | always | ({"registered"} if listing else {"not_registered"}))

    for training in config.trainings:
        listing = latest(lambda w, _: config.waves[w][0] == training)
        if listing or any(t == training for t, *_ in dated):
            put("training", training, "", 0, listing, "", measured(None, lambda t, w, y: t == training))
    for wave in {l[1] for l in listings}:
        listing = latest(lambda w, _: w == wave)
        put("wave", config.waves[wave][0], wave, 0, listing, listing[3], measured(None, lambda t, w, y: w == wave))
    put("all", "", "", 0, latest(lambda w, _: True), "", measured(None, lambda t, w, y: True))
    years = {y for _, _, y, _ in dated} | {year_of(l[1], _day(l[0][0])) for l in listings}
    for year in years:
        put("year", "", "", year, latest(lambda w, time: year_of(w, _day(time)) == year), "",
            measured(None, lambda t, w, y: y == year))


def tallies(records, config):
    rows = defaultdict(lambda: dict.fromkeys(MEASURES, 0))

    def add(cell, measures):
        for measure in measures:
            rows[cell][measure] += 1

    for person in _people(newest(records), config):
        _count_person(config, person, add)
    return dict(rows)


def differences(query, generation=1):
    """[(cell, stored, recomputed)] where they differ; query(sql, *parameters) gives rows."""
    (version,), = query("SELECT config_version FROM pulse.generations WHERE generation = %s", generation)
    records = [bytes(v) for (v,) in query("SELECT value FROM archive.events WHERE type IS NOT NULL")]
    expected = tallies(records, Config(query, version))
    stored = {tuple(row[:6]): dict(zip(MEASURES, row[6:])) for row in query(
        f"SELECT scope, training, wave, year, unit, study_group, {', '.join(MEASURES)} FROM gen_{generation}.tallies")}
    return [(cell, stored.get(cell), expected.get(cell)) for cell in sorted(set(stored) | set(expected))
            if stored.get(cell) != expected.get(cell)]
