"""What the log must say of a platform, worked out from a world's timeline alone: no page of the platform and no View is looked at.

A reader `see`s a platform at some moments. What platforms show of those who have left differs, so what was seen before may stay.
Facts are tuples: ("enrolled" | "left" | "certified", subject, course), ("account", subject, activated, e-mail),
("exam", subject, course, exam, attempt, score, passed, time)."""
import hashlib
import hmac
from datetime import datetime, timedelta, timezone

from world.model import at_time

KEY = b"k" * 32  # of IngestProcess
VIET_NAM = timezone(timedelta(hours=7))


def keyed(kind, text):
    """An identifier as mooc-ingest lets it out."""
    return kind + ":" + hmac.new(KEY, (kind + "\0" + text).encode(), hashlib.sha256).hexdigest()[:32]


def seconds(us):
    return us // 1_000_000


class Truth:
    """One platform (number `site` of the world) under the name `source`. `activation`: what is told of an account that is not
    activated, and of one that is."""
    activation = (False, True)

    def __init__(self, world, site, source):
        self.world, self.source = world, source
        self.mine = [e for e in world.enrollments if world.accounts[e.account].platform == site]
        self.accounts = [a for a in world.accounts if a.platform == site]
        self.seen = {}  # (what, subject, course, …) -> the rest of the fact

    # ---- what differs between platforms

    def name(self, account):
        return str(account.user_id)

    def course(self, n):
        return self.world.courses[n].id

    def see(self, t):
        raise NotImplementedError

    # ---- what does not

    def subject(self, account):
        return keyed(f"account@{self.source}", self.name(account))

    def who(self, e):
        return self.subject(self.world.accounts[e.account])

    def enrolled(self, t):
        """Every enrollment that has begun, and whether it is active."""
        for e in self.mine:
            active = at_time(e.toggles, t)
            if active is not None:
                yield e, active

    def facts(self):
        return {(*key, *rest) for key, rest in self.seen.items() if rest is not None}

    def told(self, facts):
        """What the log tells, less what is not compared here."""
        return facts

    def put(self, key, *rest):
        self.seen[key] = rest

    def drop(self, key):
        self.seen[key] = None

    def enrolment(self, e, active, left=True):
        """`left`: one that ends is told as such, be it the first that is seen of it."""
        key = self.who(e), self.course(e.course)
        was = self.seen.get(("enrolled", *key)) is not None or self.seen.get(("left", *key)) is not None
        for what, holds in (("enrolled", active), ("left", not active and (left or was))):
            self.put((what, *key)) if holds else self.drop((what, *key))

    def account(self, a, t):
        active = self.activation[a.activated is not None and a.activated <= t]
        self.put(("account", self.subject(a)), active, keyed("email", a.email_at(t)))

    def exam_section(self, e):
        return next(n for n, s in enumerate(self.world.courses[e.course].sections) if s.is_exam)

    def attempts(self, e, t, section=None):
        """(when it was made, right answers, passed the course) of each, a regrade going to the one before."""
        n, made, before = self.exam_section(e) if section is None else section, [], None
        for at, grade in e.grades:
            tried, right = grade.scores[n]
            if at > t or not tried or right == before:
                continue
            when = made.pop()[0] if grade.regrade else grade.when or at
            made.append((when, right, grade.passed))
            before = right
        return made

    def certificate(self, e, t):
        key, cert = ("certified", self.who(e), self.course(e.course)), at_time(e.certificates, t)
        self.put(key) if cert is not None and cert.passing else self.drop(key)


class OpenEdx(Truth):
    """Grades and certificates of those who are in the course; those of others stay as they were."""

    def name(self, account):
        return account.username

    def see(self, t):
        for e, active in self.enrolled(t):
            self.enrolment(e, active)
            self.account(self.world.accounts[e.account], t)
            grade = at_time(e.grades, t)
            if not active or grade is None:
                continue
            exam = ("exam", self.who(e), self.course(e.course), "course", None)
            if grade.passed or grade.scores[self.exam_section(e)][0]:
                self.put(exam, grade.percent, grade.passed, None)
                self.certificate(e, t)


class OneTouch(Truth):
    """All attempts and certificates, also of those who have left; who was never seen in is not told to have left."""

    def course(self, n):
        return str(n + 1)

    def see(self, t):
        for a in self.accounts:
            if a.joined <= t:
                self.account(a, t)
        for e, active in self.enrolled(t):
            self.enrolment(e, active, left=False)
            for n, (when, right, passed) in enumerate(self.attempts(e, t), 1):
                self.put(("exam", self.who(e), self.course(e.course), "course", n), right, passed, seconds(when))
            self.certificate(e, t)


class Moodle(Truth):
    """Attempts of those who are in the course; the account of who has left is not asked about any more."""
    activation = (None, True)

    def course(self, n):
        return str(n + 2)

    def see(self, t):
        for e, active in self.enrolled(t):
            self.enrolment(e, active, left=False)
            if active:
                self.account(self.world.accounts[e.account], t)
                for n, (when, right, _) in enumerate(self.attempts(e, t), 1):
                    exam = f"quiz:{10 * (e.course + 1) + self.exam_section(e)}"
                    self.put(("exam", self.who(e), self.course(e.course), exam, n), right, None, seconds(when))


class Canvas(Truth):
    """The latest attempt at each assignment; none of deleted enrolments, whose earlier ones stay."""
    activation = (None, None)

    def course(self, n):
        return str(n + 1)

    def see(self, t):
        self.put(("account", keyed(f"account@{self.source}", "1")), None, None)  # the teacher
        for a in self.accounts:
            if a.joined <= t:
                self.account(a, t)
        for e, active in self.enrolled(t):
            self.enrolment(e, active)
            if not active and e.id % 3 == 0:  # the state "deleted" of the simulator
                continue
            for n, section in enumerate(self.world.courses[e.course].sections):
                made = self.attempts(e, t, n)
                if made:  # an exercise that is marked up is a regrade
                    when = made[-1][0] if section.is_exam else made[0][0]
                    count = len(made) if section.is_exam else 1
                    exam = str((e.course + 1) * 1000 + n + 1)
                    self.put(("exam", self.who(e), self.course(e.course), exam), count, made[-1][1], None, seconds(when))


class OneRoster(Truth):
    """Results of all; their times are days."""
    activation = (None, True)

    def name(self, account):
        return f"user-{account.user_id}"

    def course(self, n):
        return f"class-{n + 1}"

    def see(self, t):
        for a in self.accounts:
            if a.joined <= t:
                self.account(a, t)
        for e, active in self.enrolled(t):
            self.enrolment(e, active)
            for n in range(len(self.world.courses[e.course].sections)):
                made = self.attempts(e, t, n)
                if made:
                    day = datetime.fromtimestamp(seconds(made[-1][0]), VIET_NAM).replace(hour=0, minute=0, second=0)
                    exam = f"item-{e.course + 1}-{n + 1}"
                    self.put(("exam", self.who(e), self.course(e.course), exam, None), made[-1][1], None, int(day.timestamp()))


class Xapi(Truth):
    """Whoever acts; statements on exams, those of another mark in place of the voided. Actors by account."""

    def name(self, account):
        return account.username

    def course(self, n):
        return f"https://lms.sim.example/courses/{self.world.courses[n].id}"

    def see(self, t):
        for e, active in self.enrolled(t):
            self.enrolment(e, active)
            self.put(("account", self.who(e)), None, None)
            for n, (when, right, passed) in enumerate(self.attempts(e, t)):
                exam = f"{self.course(e.course)}/parts/{self.exam_section(e) + 1}"
                key = ("exam", self.who(e), self.course(e.course), exam, None, n)
                scaled = right / self.world.courses[e.course].sections[self.exam_section(e)].questions
                self.put(key, scaled, passed, seconds(when))
            self.certificate(e, t)

    def facts(self):
        return {f[:5] + f[6:] if f[0] == "exam" else f for f in super().facts()}


class XapiOfOpenEdx(Xapi):
    """The latest grade of each part of a course; the verdict of the latest grade, which fails only who had passed."""

    def told(self, facts):
        """A verdict that is told again changes nothing, its time neither."""
        return {f[:-1] + (None,) if f[0] == "exam" and f[3] == "course" else f for f in facts}

    def see(self, t):
        for e, active in self.enrolled(t):
            self.enrolment(e, active)
            self.put(("account", self.who(e)), None, None)
            course = self.who(e), self.course(e.course)
            for n, section in enumerate(self.world.courses[e.course].sections):
                of = [(at, g.scores[n]) for at, g in e.grades if at <= t and g.scores[n][0]]
                if of:
                    at = next(at for at, score in of if score == of[-1][1])
                    exam = f"{self.course(e.course)}/parts/{n + 1}"
                    self.put(("exam", *course, exam, None, 0), of[-1][1][1] / section.questions, None, seconds(at))
            grade, verdict = at_time(e.grades, t), ("exam", *course, "course", None, 0)
            if grade is not None and (grade.passed or self.seen.get(verdict)):
                self.put(verdict, None, grade.passed, None)


def told(last, source, attempts=False):
    """The same facts as the newest event of each entity tells them. `attempts`: exams that have a number alone."""
    out = set()
    of = {kind: [e for e in found.values() if e["source"] == source] for kind, found in last.items()}
    for kind, what in (("enrollment.created", "enrolled"), ("enrollment.cancelled", "left"), ("certificate.issued", "certified")):
        out |= {(what, e["subject"], e["data"]["course"]) for e in of.get(kind, ())}
    for kind in ("account.created", "account.activated"):
        for e in of.get(kind, ()):
            emails = [i for i in e["data"].get("identifiers", ()) if i.startswith("email:")]
            out.add(("account", e["subject"], e["data"].get("activated"), emails[0] if emails else None))
    for e in of.get("exam.graded", ()):
        d, time = e["data"], None
        if attempts and "attempt" not in d:
            continue
        if e["timebasis"] == "platform":
            time = int(datetime.fromisoformat(e["time"]).timestamp())
        out.add(("exam", e["subject"], d["course"], d["exam"], d.get("attempt"), d.get("score"), d.get("passed"), time))
    return out


def listed(world, t):
    """What the lists say at t: unit, group and who."""
    return {(*map(str, p.place_at(t)), keyed("email", p.email_at(t)), keyed("citizen", p.citizen)) for p in world.people}


def told_listed(last):
    def one(e, kind):
        return next(i for i in e["data"]["identifiers"] if i.startswith(kind))
    return {(e["data"]["unit"], e["data"]["group"], one(e, "email:"), one(e, "citizen:")) for e in last["roster.listed"].values()}
