"""Random events as a foreign producer might write them: everything that the schema of the events leaves open is at random.

Spaces, the order of members, escapes, spellings of numbers, time zones, unknown members; revisions that come late, twice, or with
other data; removals before what they remove; shared identifiers, links made and taken back, people in several units, waves,
courses and platforms. The world's clock goes on while events are taken: a fifth of them are days to months late.
"""
import datetime
import hashlib
import json
import random

from harness.random_config import COURSES_OF, WAVE_CODES, write_reference

__all__ = ["RandomEvents", "write_reference"]
ZONES = ("Z", "+00:00", "+07:00", "-05:30", "+0700")
UNITS = ("HG-SYTE", "HG-STP", "U-X")
AUDIENCES = ("women", "youth", "Dân tộc", "officials")
FAULTS = ("email_malformed", "email_missing", "phone_malformed", "listed_twice", "of_tomorrow")
BEGIN = datetime.datetime(2023, 9, 10, tzinfo=datetime.timezone.utc)
DAYS = 200
DAY_US = 86400 * 10**6
# Where off-by-one errors live: ends of months, of a leap February, of the year, begins and ends of waves and of rules.
BORDERS = [datetime.date(*d) for d in ((2023, 9, 20), (2023, 9, 29), (2023, 9, 30), (2023, 10, 1), (2023, 12, 31), (2024, 1, 1),
                                       (2024, 2, 28), (2024, 2, 29), (2024, 3, 1), (2024, 3, 31))]


def _hex(*parts, digits=32):
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:digits]


class RandomEvents:
    def __init__(self, seed, people, naming=0.0):
        self.random = random.Random(seed)
        self.naming = naming  # which share of rows names an account
        self.people = [{"name": "name:" + _hex("n", seed, i, digits=16), "citizen": "citizen:" + _hex("c", seed, i),
                        "emails": ["email:" + _hex("e", seed, i, k) for k in range(2)], "phone": "phone:" + _hex("p", seed, i),
                        "accounts": [(s, f"account@{s}:" + _hex("a", seed, i, k)) for k, s in enumerate(("p1", "p2", "p1"))]}
                       for i in range(people)]
        self.office = "email:" + _hex("office", seed)
        self.now = 0  # µs since BEGIN

    # spelling

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

    def _zoned(self, instant):
        zone = self.random.choice(ZONES)
        offset = 0 if zone == "Z" else int(zone[0] + "60") * int(zone[1:3]) + int(zone[0] + zone[-2:])
        return (instant.astimezone(datetime.timezone(datetime.timedelta(minutes=offset)))
                .strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + zone)

    # time

    def _instant(self):
        """Mostly of now; a fifth is late; some lie around a Vietnamese midnight of a border."""
        r = self.random
        if self._maybe(0.15):
            midnight = datetime.datetime.combine(r.choice(BORDERS), datetime.time(17), datetime.timezone.utc)
            return midnight + datetime.timedelta(milliseconds=r.choice((-1, 0, 1, r.randrange(-3600000, 3600000))))
        late = 0
        if self._maybe(0.2):
            late = r.randrange(DAY_US, r.choice((3, 20, 120)) * DAY_US)
        at = max(self.now - late - r.randrange(600 * 10**6), 0)
        if self._maybe(0.3):
            at -= at % (300 * 10**6)  # exactly where a bucket begins, and at the same time as others
        return BEGIN + datetime.timedelta(microseconds=at - at % 1000)

    def _day(self):
        if self._maybe(0.3):
            return self.random.choice(BORDERS).isoformat()
        return (self._instant() + datetime.timedelta(hours=7)).date().isoformat()

    def _event(self, kinds, source, subject, entity, data, **more):
        r = self.random
        if self._maybe(0.2):
            data = data | {"x-more": r.choice((None, [1, {"a": 2}], "ệ😀", -1.5e-7))}
        time = self._instant()
        seen = round(time.timestamp() * 1e6) + r.choice((0, r.randrange(10**9), r.randrange(DAY_US)))
        revision = r.choice((1, 2, 3, 5, 8, 10**15 + r.randrange(5), seen, seen, seen))
        event = {"specversion": "1.0", "id": _hex(source, entity, revision), "source": source, "type": r.choice(kinds),
                 "time": self._zoned(time), "entity": entity, "revision": str(revision), "previous": "0", "data": data} | more
        if self._maybe(0.5):
            event["timebasis"] = r.choice(("platform", "observed"))
        # Revisions are strings whatever the spelling of numbers.
        return subject or entity, self._text(event | ({"subject": subject} if subject else {})).encode()

    # people

    def _person(self):
        return self.random.choice(self.people)

    def _row(self):
        """What a list says of a person: identifiers, name, and the key made of them."""
        person, r = self._person(), self.random
        identifiers = [i for i, share in ((person["citizen"], 0.3), (r.choice(person["emails"]), 0.7), (person["phone"], 0.3),
                                          (self.office, 0.05)) if self._maybe(share)]
        wave, unit = r.choice(WAVE_CODES) if self._maybe(0.97) else "WX", r.choice(UNITS)
        key = (identifiers or [f"row:{unit}"])[0] + "+" + person["name"][5:]
        if self.naming and self._maybe(self.naming):
            owner = person if self._maybe(0.8) else self._person()
            identifiers.append(r.choice(owner["accounts"])[1])
        return key, wave, {"wave": wave, "unit": unit, "name": person["name"], "identifiers": identifiers}

    def _listing(self):
        key, wave, data = self._row()
        r = self.random
        for name, share, values in (("group", 0.6, ("1", "Tổ 17")), ("invited_by", 0.5, ("union", "Đoàn xã", "union 2"))):
            if self._maybe(share):
                data[name] = r.choice(values)
        if self._maybe(0.6):
            data["audience"] = r.sample(AUDIENCES, r.randrange(4))
        if self._maybe(0.2):
            data["faults"] = r.sample(FAULTS, r.randrange(3))
        return self._event(["roster.listed"] * 4 + ["roster.removed"], "lists", key, f"roster:{wave}:{data['unit']}:{key}", data,
                           importfile="f.xlsx", importrow=r.randrange(1, 50))

    def _account(self):
        person, r = self._person(), self.random
        source, account = r.choice(person["accounts"])
        owner = person if self._maybe(0.97) else self._person()
        data = {"identifiers": [r.choice(owner["emails"])] if self._maybe(0.9) else [], "activated": self._maybe(0.5)}
        return self._event(["account.created", "account.created", "account.activated", "account.closed"], source, account,
                           f"account:{account}", data)

    def _link(self):
        person, r = self._person(), self.random
        other = person if self._maybe(0.9) else self._person()
        pair = sorted((r.choice(person["emails"]),
                       r.choice([other["phone"], other["citizen"], *other["emails"], r.choice(other["accounts"])[1]])))
        return self._event(["identity.linked", "identity.unlinked"], "lists", None, "link:" + _hex(*pair), {"identifiers": pair})

    def _erasure(self):
        """Of a row, an account or a link that may never have been, or may come later."""
        r = self.random
        whose = r.choice((lambda: self._row()[0], lambda: r.choice(self._person()["accounts"])[1],
                          lambda: "link:" + _hex(*sorted(r.sample(self._person()["emails"], 2)))))()
        erased = hashlib.sha256(whose.encode()).hexdigest()[:32]
        return self._event(["learner.erased"], "+erasure", None, f"erased:{erased}", {"key": erased})

    # facts

    def _in_course(self):
        r = self.random
        source, account = r.choice(self._person()["accounts"])
        course = r.choice(COURSES_OF[source]) if self._maybe(0.97) else "cX"
        entity, data = f"{source}:{course}:{account}", {"course": course}
        what = r.randrange(6)
        if what == 0:
            return self._event(["enrollment.created"] * 2 + ["enrollment.cancelled"], source, account, "enrollment:" + entity, data)
        if what == 1:
            return self._event(["certificate.issued"] * 2 + ["certificate.revoked"], source, account, "certificate:" + entity, data)
        if what in (2, 3):
            data |= {"day": self._day()} | ({"progress": r.choice((0, 0.25, 0.5, 0.7, 1))} if self._maybe(0.9) else {})
            return self._event(["learning.progressed"] * 4 + ["learning.withdrawn"], source, account,
                               f"progress:{entity}:{r.randrange(6)}", data)
        attempt = r.randrange(1, 4)
        data |= {"exam": "final", "attempt": attempt}
        data |= {name: value for name, value in (("passed", self._maybe(0.5)), ("sat", self._maybe(0.7))) if self._maybe(0.7)}
        if self._maybe(0.8):
            data |= {"score": r.choice((0, 3, 5, 6, 7.5, 10, 7.77777)), "max_score": r.choice((10, 10, 12, 20, 0))}
        # A list of results has days.
        more = {"time": self._day() + "T00:00:00+07:00"} if self._maybe(0.2) else {}
        return self._event(["exam.graded"] * 5 + ["exam.annulled"], source, account, f"exam:{entity}:{attempt}", data, **more)

    def _attendance(self):
        key, wave, data = self._row()
        r = self.random
        which = r.randrange(4)
        data |= {"class": f"Lớp {which}"} | ({"day": self._day()} if self._maybe(0.9) else {})
        kinds = ["attendance.recorded"] * 4 + ["attendance.withdrawn"]
        return self._event(kinds, "lists", key, f"attendance:{wave}:{which}:{key}", data, importrow=r.randrange(1, 50))

    def _nameless(self):
        r = self.random
        wave, number = r.choice(WAVE_CODES), r.randrange(5)
        if self._maybe(0.3):
            counts = {"registered": r.randrange(100), "passed": r.randrange(100)}
            data = {"wave": wave} | {name: n for name, n in counts.items() if self._maybe(0.7)}
            return self._event(["totals.published", "totals.published", "totals.withdrawn"], "lists", None, f"totals:{wave}", data)
        data = {"class": f"III.{number}", "count": r.randrange(3000), "audience": r.sample(AUDIENCES, r.randrange(3)), "wave": wave}
        data |= {name: value for name, value in (("unit", r.choice(UNITS)), ("day", self._day())) if self._maybe(0.7)}
        return self._event(["attendance.recorded", "attendance.recorded", "attendance.withdrawn"], "lists", None,
                           f"headcount:{wave}:{number}", data, importfile="g.xlsx", importsheet="II", importrow=number)

    def take(self, count):
        """[(key, value)], some of them twice."""
        makers = (self._listing, self._account, self._link, self._in_course, self._attendance, self._nameless, self._erasure)
        events, began = [], self.now
        while len(events) < count:
            self.now = began + (DAYS * DAY_US - began) * len(events) // count
            make, = self.random.choices(makers, (26, 17, 4, 43, 8, 2, 0.5))
            events.append(make())
            if self._maybe(0.1):
                events.append(self.random.choice(events))
        return events
