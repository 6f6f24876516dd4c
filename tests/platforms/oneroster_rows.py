"""Rows of the simulated OneRoster provider. Pure: a View in, dictionaries out."""

from __future__ import annotations

from world.model import UTC7, instant

from .shown import Shown


def iso(us: int) -> str:
    return f"{instant(us):%Y-%m-%dT%H:%M:%S}.{us // 1000 % 1000:03d}Z"


def day(us: int) -> str:
    return f"{instant(us).astimezone(UTC7):%Y-%m-%d}"


class Rows(Shown):
    def _row(self, id_: str, touched: int, status: str = "active", **rest) -> dict:
        return {"sourcedId": id_, "status": status, "dateLastModified": iso(touched), **rest}

    base = ""  # where the references lead, set by who serves

    def _ref(self, kind: str, id_: str) -> dict:
        plural = "classes" if kind == "class" else f"{kind}s"
        return {"href": f"{self.base}/{plural}/{id_}", "sourcedId": id_, "type": kind}

    def _class(self, n: int) -> dict:
        return self._ref("class", f"class-{n + 1}")

    def _user(self, account: int) -> dict:
        return self._ref("user", f"user-{self.view.accounts[account].user_id}")

    def orgs(self, version: str) -> list[dict]:
        """The school that all classes are of, and the units of the learners below it."""
        begins, units = self.view.world.begins, self.view.world.units
        children = [self._ref("org", f"unit-{u}") for u in units]
        return [
            self._row("org-1", begins, name="MOOC", type="school", identifier="MOOC",
                      children=children),
            *(self._row(f"unit-{u}", begins, name=self.view.world.printed.get(u, u),
                        type="department", identifier=u, parent=self._ref("org", "org-1"))
              for u in units),
        ]  # fmt: skip

    def _touched(self, account: int) -> int:
        """When an account last changed: made, activated, another address or unit."""
        a, person, now = self.view.accounts[account], self.person.get(account), self.view.now
        times = [a.joined, a.activated or 0, *(at for at, _ in a.emails)]
        times += [at for at, _ in person.moves] if person else []
        return max(at for at in times if at <= now)

    def courses(self, version: str) -> list[dict]:
        return [
            self._row(f"course-{n + 1}", c.start, title=c.name, courseCode=c.number,
                      org=self._ref("org", "org-1"))
            for n, c in enumerate(self.view.world.courses)
        ]  # fmt: skip

    def classes(self, version: str) -> list[dict]:
        return [
            self._row(f"class-{n + 1}", c.start, title=c.name, classType="scheduled",
                      course=self._ref("course", f"course-{n + 1}"),
                      school=self._ref("org", "org-1"))
            for n, c in enumerate(self.view.world.courses)
        ]  # fmt: skip

    def users(self, version: str) -> list[dict]:
        out = []
        for i in self.accounts():
            a, person = self.view.accounts[i], self.person.get(i)
            active = self.view.is_active_user[i]
            family, _, given = a.name.partition(" ")
            unit = self.unit(i)
            org = self._ref("org", f"unit-{unit}" if unit else "org-1")
            role = {"role": "student", "orgs": [org]} if version == "v1p1" else {
                "roles": [{"roleType": "primary", "role": "student", "org": org}]}  # fmt: skip
            # 1.1 writes booleans as text
            enabled = str(active).lower()
            out.append(self._row(
                f"user-{a.user_id}", self._touched(i),
                username=a.username, enabledUser=enabled, givenName=given, familyName=family,
                email=a.email, sms=person.phone if person else "",
                identifier=person.citizen if person else "", **role))  # fmt: skip
        return out

    def enrollments(self, version: str) -> list[dict]:
        out = []
        for n in range(len(self.view.world.courses)):
            for i in self.members(n, left=True):
                e = self.view.enrollments[i]
                at = max([t for t, _ in e.toggles if t <= self.view.now], default=e.created)
                out.append(self._row(
                    f"enrollment-{e.id}", at, "active" if self.view.shown[i] else "tobedeleted",
                    user=self._user(e.account), school=self._ref("org", "org-1"), role="student",
                    primary="false", beginDate=day(e.created), **{"class": self._class(n)}))  # fmt: skip
        return out

    def lineItems(self, version: str) -> list[dict]:  # noqa: N802  the resource is named so
        return [
            self._row(f"item-{n + 1}-{k + 1}", c.start, title=s.name, resultValueMin=0.0,
                      resultValueMax=float(s.questions), assignDate=iso(c.start),
                      dueDate=iso(c.end), **{"class": self._class(n)})
            for n, c in enumerate(self.view.world.courses) for k, s in enumerate(c.sections)
        ]  # fmt: skip

    def results(self, version: str) -> list[dict]:
        out = []
        for n in range(len(self.view.world.courses)):
            for i in self.members(n, left=True):
                e, last = self.view.enrollments[i], {}
                for at, grade in e.grades:
                    if at > self.view.now:
                        break
                    for k, score in enumerate(grade.scores):
                        if score[0] and last.get(k, (0, None))[1] != score[1]:
                            made = last[k][2] if grade.regrade else grade.when or at
                            last[k] = (at, score[1], made)
                for k, (at, earned, made) in last.items():
                    out.append(self._row(
                        f"result-{e.id}-{k + 1}", at,
                        lineItem=self._ref("lineItem", f"item-{n + 1}-{k + 1}"),
                        student=self._user(e.account), score=float(earned),
                        scoreStatus="fully graded", scoreDate=day(made)))  # fmt: skip
        return out
