"""Random events as a foreign producer might write them: everything that the schema of the events leaves open is at random.

Spaces, the order of members, escapes, spellings of numbers, time zones, unknown members; revisions that come late, twice, or with
other data; removals before what they remove; shared identifiers, links, people in several units, waves and courses.
"""
import datetime
import hashlib
import json
import random

TRAININGS = """
- code: TA
  name: {vi: "A", en: "A"}
  pass_rule: {by: platform}
  completion: {min_progress: 1.0}
- code: TB
  name: {vi: "B", en: "B"}
  pass_rule: {min_score: 0.5}
  completion: {min_progress: 0.5}
"""
WAVES = """code,training,province,name,printed_name,begins,ends,kind,print_order
W1,TA,HG,W1,W1,2023-09-20,2023-09-29,counted,1
W2,TA,HG,W2,W2,2023-09-25,2023-10-10,counted,2
W3,TA,HG,W3,W3,2023-12-25,2024-01-10,counted,3
W4,TB,HG,W4,W4,2024-01-02,,counted,4
W5,TB,HG,W5,W5,,,counted,5
"""
COURSES = """source,course,training,exam
p1,c1,TA,x
p1,c2,TA,x
p1,c3,TB,x
p2,c1,TB,x
"""
ZONES = ("Z", "+00:00", "+07:00", "-05:30", "+0700")


def write_reference(folder):
    """Replaces the trainings, waves and courses of a reference folder."""
    for name, text in (("trainings.yaml", TRAININGS), ("waves.csv", WAVES), ("courses.csv", COURSES)):
        (folder / name).write_text(text)


def _hex(*parts, digits=32):
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:digits]


class RandomEvents:
    def __init__(self, seed, people):
        self.random = random.Random(seed)
        self.people = [{"name": "name:" + _hex("n", seed, i, digits=16), "citizen": "citizen:" + _hex("c", seed, i),
                        "emails": ["email:" + _hex("e", seed, i, k) for k in range(2)], "phone": "phone:" + _hex("p", seed, i),
                        "accounts": [(s, f"account@{s}:" + _hex("a", seed, i, k)) for k, s in enumerate(("p1", "p2", "p1"))]}
                       for i in range(people)]
        self.office = "email:" + _hex("office", seed)

    def _maybe(self, share):
        return self.random.random() < share

    def _text(self, value):
        if isinstance(value, str):
            return '"' + "".join(f"\\u{ord(c):04x}" if self._maybe(0.05) else json.dumps(c, ensure_ascii=False)[1:-1]
                                 for c in value) + '"'
        if isinstance(value, bool) or value is None or not isinstance(value, (int, float, list, dict)):
            return json.dumps(value)
        if isinstance(value, (int, float)):
            whole = [f"{int(value)}.0", f"{int(value)}e0"] if value == int(value) else []
            return self.random.choice([json.dumps(value), *whole])
        space = self.random.choice(("", " ", "\n\t"))
        if isinstance(value, list):
            return "[" + f",{space}".join(map(self._text, value)) + space + "]"
        members = [f"{self._text(k)}{space}:{space}{self._text(v)}" for k, v in value.items()]
        self.random.shuffle(members)
        return "{" + space + f"{space},".join(members) + "}"

    def _time(self):
        instant = datetime.datetime(2023, 9, 10, tzinfo=datetime.timezone.utc) + datetime.timedelta(
            milliseconds=self.random.randrange(150 * 86400 * 1000))
        zone = self.random.choice(ZONES)
        offset = 0 if zone == "Z" else int(zone[0] + "60") * int(zone[1:3]) + int(zone[0] + zone[-2:])
        return (instant.astimezone(datetime.timezone(datetime.timedelta(minutes=offset)))
                .strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + zone)

    def _event(self, kinds, source, subject, entity, data, **more):
        if self._maybe(0.2):
            data = data | {"x-more": self.random.choice((None, [1, {"a": 2}], "ệ😀", -1.5e-7))}
        revision = self.random.choice((1, 2, 3, 5, 8, 10**15 + self.random.randrange(5)))
        event = {"specversion": "1.0", "id": _hex(source, entity, revision), "source": source, "type": self.random.choice(kinds),
                 "time": self._time(), "entity": entity, "revision": str(revision), "previous": "0", "data": data} | more
        # Revisions are strings whatever the spelling of numbers.
        return subject or entity, self._text(event | ({"subject": subject} if subject else {})).encode()

    def _listing(self):
        person, r = self.random.choice(self.people), self.random
        identifiers = [i for i, share in ((person["citizen"], 0.3), (r.choice(person["emails"]), 0.7), (person["phone"], 0.3),
                                          (self.office, 0.08)) if self._maybe(share)]
        wave, unit = r.choice(("W1", "W2", "W3", "W4", "W5")) if self._maybe(0.97) else "WX", r.choice(("HG-SYTE", "HG-STP", "U-X"))
        key = (identifiers or [f"row:{unit}"])[0] + "+" + person["name"][5:]
        data = {"wave": wave, "unit": unit, "name": person["name"], "identifiers": identifiers}
        if self._maybe(0.6):
            data["group"] = r.choice(("1", "Tổ 17"))
        return self._event(["roster.listed"] * 4 + ["roster.removed"], "lists", key, f"roster:{wave}:{unit}:{key}", data,
                           importfile="f.xlsx", importrow=r.randrange(1, 50))

    def _account(self):
        person = self.random.choice(self.people)
        source, account = self.random.choice(person["accounts"])
        data = {"identifiers": [self.random.choice(person["emails"])], "activated": self._maybe(0.5)}
        return self._event(["account.created", "account.created", "account.activated", "account.closed"], source, account,
                           f"account:{account}", data)

    def _link(self):
        person = self.random.choice(self.people)
        other = person if self._maybe(0.8) else self.random.choice(self.people)
        pair = sorted((self.random.choice(person["emails"]), self.random.choice([other["phone"], other["citizen"], *other["emails"]])))
        return self._event(["identity.linked", "identity.linked", "identity.unlinked"], "lists", None, "link:" + _hex(*pair),
                           {"identifiers": pair})

    def _in_course(self):
        r = self.random
        source, account = r.choice(r.choice(self.people)["accounts"])
        course = r.choice(("c1", "c2", "c3") if source == "p1" else ("c1",)) if self._maybe(0.97) else "cX"
        entity, data = f"{source}:{course}:{account}", {"course": course}
        what = r.randrange(5)
        if what == 0:
            return self._event(["enrollment.created"] * 2 + ["enrollment.cancelled"], source, account, "enrollment:" + entity, data)
        if what == 1:
            return self._event(["certificate.issued"] * 2 + ["certificate.revoked"], source, account, "certificate:" + entity, data)
        if what == 2:
            day = datetime.date(2023, 9, 15) + datetime.timedelta(days=r.randrange(130))
            data |= {"day": day.isoformat(), "progress": r.choice((0, 0.25, 0.5, 1))}
            return self._event(["learning.progressed"] * 3 + ["learning.withdrawn"], source, account, f"progress:{entity}:{day}", data)
        attempt = r.randrange(1, 4)
        data |= {"exam": "final", "attempt": attempt}
        data |= {name: value for name, value in (("passed", self._maybe(0.5)), ("sat", self._maybe(0.7))) if self._maybe(0.7)}
        if self._maybe(0.8):
            data |= {"score": r.choice((0, 3, 5, 7.5, 10)), "max_score": r.choice((10, 20))}
        return self._event(["exam.graded"] * 4 + ["exam.annulled"], source, account, f"exam:{entity}:{attempt}", data)

    def take(self, count):
        """[(key, value)], some of them twice."""
        events = []
        while len(events) < count:
            make, = self.random.choices((self._listing, self._account, self._link, self._in_course), (30, 18, 5, 47))
            events.append(make())
            if self._maybe(0.1):
                events.append(self.random.choice(events))
        return events
