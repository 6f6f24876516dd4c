"""The benchmark workload: L learners in U units, K courses; enrolments, progress, exam attempts; duplicates and disorder mixed in.

The same facts as the peers' generator (flat objects with learner, unit, course), in the contract's envelope: units stand on roster
rows and accounts carry the e-mail that links them, so `setup` yields a listing per course's wave and one account per learner, `events`
the rest: with times at random in the 28 days of the waves, as a backfill has them, or (`now`) with the time at which they are made.
"""
import hashlib
import json
import random
import time


def key(kind, text):
    return f"{kind}:{hashlib.sha256((kind + text).encode()).hexdigest()[:32]}"


def envelope(kind, source, subject, entity, revision, previous, time, data, basis="platform"):
    event_id = hashlib.sha256(f"{source}\0{entity}\0{revision}".encode()).hexdigest()[:32]
    value = {"specversion": "1.0", "id": event_id, "source": source, "type": kind, "subject": subject, "time": time,
             "datacontenttype": "application/json", "entity": entity, "revision": str(revision),
             "previous": str(previous), "timebasis": basis, "data": data}
    return subject, json.dumps(value, separators=(",", ":"))


class Workload:
    def __init__(self, seed=1, learners=200_000, units=600, courses=4, duplicates=1.0, window=2000, now=False,
                 waves=None):
        self.random = random.Random(seed)
        self.learners, self.units, self.courses = learners, units, courses
        self.duplicates, self.window, self.now = duplicates, window, now
        self.revisions, self.waves = {}, courses if waves is None else waves

    def account(self, learner):
        return key("account@bench", f"l-{learner:07d}")

    def setup(self):
        for learner in range(self.learners):
            email = key("email", f"l-{learner:07d}@example.vn")
            row = f"{email}+{hashlib.sha256(str(learner).encode()).hexdigest()[:16]}"
            unit = f"u-{learner % self.units:04d}"
            for course in range(self.waves):
                wave = f"BENCH-{course}" if course else "BENCH"
                yield envelope("roster.listed", "lists", row, f"roster:{wave}:{unit}:{row}", 1, 0, "2023-07-01T00:00:00Z",
                               {"group": "1", "identifiers": [email], "name": f"name:{learner:016x}", "unit": unit, "wave": wave})
            account = self.account(learner)
            yield envelope("account.activated", "bench", account, f"account:bench:{account}", 1, 0,
                           "2023-07-02T00:00:00Z", {"activated": True, "identifiers": [email]})

    def _time(self, second):
        """An instant and its day; of now, the Vietnamese one, and without a fraction: some ten thousand events share it."""
        if self.now:
            instant = int(time.time())
            return (time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(instant)),
                    time.strftime("%Y-%m-%d", time.gmtime(instant + 7 * 3600)))
        day, second = divmod(second, 86400)
        hour, second = divmod(second, 3600)
        minute, second = divmod(second, 60)
        return f"2023-08-{day % 28 + 1:02d}T{hour:02d}:{minute:02d}:{second:02d}Z", f"2023-08-{day % 28 + 1:02d}"

    def _event(self):
        r = self.random
        learner, course, kind, second = (r.randrange(self.learners), r.randrange(self.courses), r.random(),
                                         r.randrange(28 * 86400))
        account, instant, day = self.account(learner), *self._time(second)
        code = f"course-v1:BENCH+C{course}+2023"
        if kind < .35:
            name, entity, data = "enrollment.created", "enrollment", {"course": code, "mode": "audit"}
        elif kind < .6:
            done = r.randrange(1, 41) / 40
            name, entity = "learning.progressed", f"progress:{day}"
            data = {"course": code, "day": day, "percent": done, "progress": done}
        else:
            score, attempt = r.randrange(0, 101), r.randrange(1, 4)
            name, entity = "exam.graded", f"exam:{attempt}"
            data = {"attempt": attempt, "course": code, "exam": f"final-{course}", "max_score": 100,
                    "passed": score >= 50, "sat": True, "score": score}
        entity = f"{entity}:bench:{code}:{account}"
        previous = self.revisions.get(entity, 0)
        revision = max(previous + 1, time.time_ns() // 1000 if self.now else 0)
        self.revisions[entity] = revision
        return envelope(name, "bench", account, entity, revision, previous, instant, data)

    def events(self, count):
        """count events and about `duplicates` per cent more, out of order within a window."""
        r, held = self.random, []
        for _ in range(count):
            held.append(self._event())
            if len(held) >= self.window:
                at = r.randrange(len(held))
                held[at], held[-1] = held[-1], held[at]
                event = held.pop()
                yield event
                if r.random() * 100 < self.duplicates:
                    held.append(event)
        r.shuffle(held)
        yield from held
