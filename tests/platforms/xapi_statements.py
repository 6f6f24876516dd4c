"""Statements of a world, as learning software would have sent them to an LRS. Pure: no I/O.

A statement is stored when what it tells of happens, its `stored` rounded up to the LRS's precision,
so what is stored at t (less what is voided) says the same as the world's truth at t.
"""

from __future__ import annotations

import hashlib
import random
import uuid
from dataclasses import dataclass
from datetime import timedelta, timezone

from world.model import UTC7, World, instant

HOME = "https://lms.sim.example"
ADL = "http://adlnet.gov/expapi/verbs/"
TINCAN = "http://id.tincanapi.com/verb/"
VERBS = {
    "registered": ADL + "registered",
    "unregistered": TINCAN + "unregistered",
    "initialized": ADL + "initialized",
    "progressed": ADL + "progressed",
    "completed": ADL + "completed",
    "passed": ADL + "passed",
    "failed": ADL + "failed",
    "earned": TINCAN + "earned",
    "voided": ADL + "voided",
}
ACTIVITY = "http://adlnet.gov/expapi/activities/"
_IDS = uuid.UUID("6f1c9a52-2d0e-4c8c-9e3b-6f5d1b7f0c11")
PROVIDER = {"account": {"homePage": HOME, "name": "provider"}, "objectType": "Agent"}


@dataclass(slots=True)
class Stored:
    """A statement in the LRS. `target` is the id of the statement that it refers to, if any;
    `late` says that it comes to be seen some time after `stored`."""

    stored: int
    id: str
    verb: str
    body: dict
    target: str | None = None
    late: float = 0.0


@dataclass(frozen=True)
class Style:
    """How providers write: `actor` mbox, sha1, account or mixed; `version` of the statements;
    `batch` µs of which `stored` is a multiple (statements sent together share one); `mistakes`: of
    so many first exam results one is sent with a wrong score before, and voided; `late`: share of
    statements that are seen late; `zoneless`: some timestamps have no zone (never in 2.0); `dialect`
    openedx: as its tracking events become statements."""

    actor: str = "mixed"
    version: str = "1.0.0"
    batch: int = 1000
    mistakes: int = 25
    late: float = 0.1
    zoneless: bool = True
    dialect: str = "sim"


def mbox(email: str) -> str:
    return "mailto:" + email


def actor_of(account, kind: str, at: int) -> dict:
    """An Agent by exactly one inverse functional identifier. Who changes the address is another
    Agent from then on, where that is an address."""
    email = account.email_at(at)
    if kind == "mixed":
        kind = ("mbox", "sha1", "account")[account.user_id % 3]
    if kind == "mbox":
        return {"objectType": "Agent", "name": account.name, "mbox": mbox(email)}
    if kind == "sha1":
        digest = hashlib.sha1(mbox(email).encode(), usedforsecurity=False).hexdigest()
        return {"objectType": "Agent", "mbox_sha1sum": digest}
    return {"account": {"homePage": HOME, "name": account.username}}


def course_iri(course) -> str:
    return f"{HOME}/courses/{course.id}"


def timestamp(us: int, style: int, zoneless: bool) -> str:
    """A moment as different software writes it: precisions, offsets, even without zone (then it is
    UTC)."""
    style %= 6 if zoneless else 5
    when = instant(us)
    if style == 0:
        return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if style == 1:
        return when.isoformat(timespec="microseconds").replace("+00:00", "Z")
    if style == 2:
        return when.astimezone(UTC7).isoformat(timespec="milliseconds")
    if style == 3:
        return when.isoformat(timespec="microseconds").replace("+00:00", "123Z")
    if style == 4:
        west = when.astimezone(timezone(timedelta(hours=-3, minutes=-30)))
        return west.isoformat(timespec="microseconds")
    return when.replace(tzinfo=None).isoformat(timespec="milliseconds")


def stored_text(us: int) -> str:
    return instant(us).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Maker:
    """Makes the statements of one world, in the order in which they are stored."""

    def __init__(self, world: World, style: Style | None = None, platform: int = 0):
        self.world, self.style, self.platform = world, style or Style(), platform
        self.out: list[Stored] = []
        self.of: dict[tuple[int, int], set[str]] = {}

    def all(self) -> list[Stored]:
        for e in self.world.enrollments:
            if self.world.accounts[e.account].platform == self.platform:
                self._enrolment(e)
        order = {id(s): n for n, s in enumerate(self.out)}
        self.out.sort(key=lambda s: (s.stored, order[id(s)]))
        return self.out

    def _add(
        self, e, kind: str, step, at: int, object_: dict, accounts=None, when=None, **more
    ) -> Stored:
        """A statement that is stored at `at` about what happened then, or earlier (`when`)."""
        zoneless = self.style.zoneless and self.style.version.startswith("1.")
        name = f"{self.world.name}/{self.world.seed}/{e.id}/{kind}/{step}"
        rng = random.Random(name)
        batch = self.style.batch
        stored = -(-at // batch) * batch
        body = {
            "id": str(uuid.uuid5(_IDS, name)),
            "actor": actor_of((accounts or self.world.accounts)[e.account], self.style.actor, at),
            "verb": {"id": VERBS[kind], "display": {"en-US": kind}},
            "object": object_,
            "timestamp": timestamp(when or at, rng.randrange(60), zoneless),
            "stored": stored_text(stored),
            "authority": PROVIDER,
            "version": self.style.version,
            **more,
        }
        late = rng.random() if rng.random() < self.style.late else 0.0
        self.out.append(Stored(stored, body["id"], VERBS[kind], body, None, late))
        self.of.setdefault((e.account, e.course), set()).add(body["id"])
        return self.out[-1]

    def injected(self, view, i: int) -> Stored:
        """The statement of a sign-up that is no part of the world."""
        e = view.enrollments[i]
        return self._add(e, "registered", 0, e.created, self._course(e), view.accounts)

    def _void(self, e, step, at: int, wrong: Stored) -> None:
        ref = {"objectType": "StatementRef", "id": wrong.id}
        made = self._add(e, "voided", step, at, ref)
        made.body["actor"] = PROVIDER
        made.target = wrong.id

    def _course(self, e) -> dict:
        course = self.world.courses[e.course]
        return {
            "objectType": "Activity",
            "id": course_iri(course),
            "definition": {"type": ACTIVITY + "course", "name": {"vi-VN": course.name}},
        }

    def _part(self, e, n: int) -> dict:
        course = self.world.courses[e.course]
        section = course.sections[n]
        kind = "assessment" if section.is_exam else "module"
        return {
            "objectType": "Activity",
            "id": f"{course_iri(course)}/parts/{n + 1}",
            "definition": {"type": ACTIVITY + kind, "name": {"vi-VN": section.name}},
        }

    def _context(self, e) -> dict:
        out = {
            "registration": str(uuid.uuid5(_IDS, f"registration/{self.world.seed}/{e.id}")),
            "platform": "Sim LMS",
            "contextActivities": {"parent": [self._course(e)]},
        }
        if not self.style.version.startswith("1."):
            out["contextAgents"] = [{"objectType": "contextAgent", "agent": PROVIDER}]
        return out

    def _enrolment(self, e) -> None:
        for n, (at, active) in enumerate(e.toggles):
            self._add(e, "registered" if active else "unregistered", n, at, self._course(e))
        before = None
        self.exam: tuple[Stored, int] | None = None  # the statement in force, when it was sat
        for n, (at, grade) in enumerate(e.grades):
            if self.style.dialect == "openedx":
                self._computed(e, n, at, before, grade)
                before = grade
                continue
            if before is None:
                self._add(e, "initialized", n, at, self._course(e))
            self._graded(e, n, at, before, grade)
            before = grade
        earned: Stored | None = None
        certificates = e.certificates if self.style.dialect == "sim" else ()
        for n, (at, cert) in enumerate(certificates):
            if not cert.passing:
                if earned is not None:
                    self._void(e, f"certificate/{n}", at, earned)
                earned = None
            elif earned is None:
                made = self._certificate(e, cert)
                earned = self._add(e, "earned", n, at, made, context=self._context(e))

    def _certificate(self, e, cert) -> dict:
        return {
            "objectType": "Activity",
            "id": f"{HOME}/certificates/{cert.uuid}",
            "definition": {
                "type": "https://www.opigno.org/en/tincan_registry/activity_type/certificate",
                "extensions": {f"{HOME}/ext/course": course_iri(self.world.courses[e.course])},
            },
        }

    def _computed(self, e, n: int, at: int, before, grade) -> None:
        """What event-routing-backends sends when Open edX computes a grade: the blocks that are done
        now, grades of subsections and of the course as `earned`, and again the verdict."""
        parent = {"contextActivities": {"parent": [self._course(e)]}}
        for k, (tried, right) in enumerate(grade.scores):
            was = before.scores[k] if before else (False, 0)
            if (tried, right) == was:
                continue
            block = self._part(e, k)
            block["definition"] = {"type": "http://id.tincanapi.com/activitytype/resource"}
            most = self.world.courses[e.course].sections[k].questions
            if not was[0]:
                done = {"https://w3id.org/xapi/cmi5/result/extensions/progress": 100.0}
                self._add(e, "progressed", f"{n}/{k}", at, block, context=parent,
                          result={"completion": True, "extensions": done})  # fmt: skip
            score = {"min": 0, "max": most, "raw": right, "scaled": right / most}
            self._add(e, "earned", f"{n}/{k}", at, block, context=parent,
                      result={"score": score, "success": right >= most})  # fmt: skip
        total = {"min": 0, "max": 1.0, "raw": grade.percent, "scaled": grade.percent}
        self._add(e, "earned", n, at, self._course(e), result={"score": total}, context=parent)
        self._add(e, "passed" if grade.passed else "failed", n, at, self._course(e))

    def _graded(self, e, n: int, at: int, before, grade) -> None:
        """What providers send when a score of a section is there, or has changed."""
        course = self.world.courses[e.course]
        context = self._context(e)
        for k, score in enumerate(grade.scores):
            if not score[0] or (before is not None and before.scores[k] == score):
                continue
            section = course.sections[k]
            result = {
                "score": {
                    "scaled": score[1] / section.questions,
                    "raw": score[1],
                    "min": 0,
                    "max": section.questions,
                },
                "completion": True,
                "duration": f"PT{3 + score[1]}M{n % 60}.5S",
            }
            part, more = self._part(e, k), {"result": result, "context": context}
            if not section.is_exam:
                self._add(e, "completed", f"{n}/{k}", at, part, **more)
                continue
            verb = "passed" if grade.passed else "failed"
            result["success"] = grade.passed
            if self.style.mistakes and e.id % self.style.mistakes == 0:
                wrong = dict(result, score=dict(result["score"], raw=0, scaled=0.0), success=False)
                sent = self._add(
                    e, "failed", f"{n}/wrong", at, part, result=wrong, context=context
                )
                self._void(e, f"{n}/wrong", at, sent)
            when = grade.when
            if grade.regrade and self.exam:  # the old one counts no more, the new one is of then
                self._void(e, f"{n}/regrade", at, self.exam[0])
                when = self.exam[1]
            sent = self._add(e, verb, f"{n}/{k}", at, part, when=when, **more)
            self.exam = sent, when or at
        progress = {
            "score": {"scaled": round(grade.percent, 4)},
            "extensions": {
                "https://w3id.org/xapi/cmi5/result/extensions/progress": round(
                    100 * sum(a for a, _ in grade.scores) / len(grade.scores)
                )
            },
        }
        self._add(e, "progressed", n, at, self._course(e), result=progress)


def statements(world: World, style: Style | None = None, platform: int = 0) -> list[Stored]:
    """All statements of a world, by `stored`; equal arguments give equal statements."""
    return Maker(world, style, platform).all()
