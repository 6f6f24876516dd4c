"""What is shown of a world now, as every simulated platform needs it. Pure: a View in, lists out."""

from __future__ import annotations

from world.view import View


class Shown:
    """Enrolments, accounts and people of a View; `hidden` enrolments are left out (a fault)."""

    def __init__(self, view: View):
        self.view = view
        self.hidden: set[int] = set()
        self.course_index = {c.id: n for n, c in enumerate(view.world.courses)}
        self.person = {a: p for p in view.world.people for a in p.accounts}

    def hide(self, indexes) -> None:
        self.hidden = set(indexes)

    def accounts(self) -> list[int]:
        return sorted(self.view.usernames.values())

    def members(self, course: int, left: bool = False) -> list[int]:
        """Enrolments of a course by id; with `left` also those that were left."""
        v = self.view
        found = (
            i
            for i, shown in enumerate(v.shown)
            if (shown if not left else shown is not None)
            and v.enrollments[i].course == course
            and i not in self.hidden
        )
        return sorted(found, key=lambda i: v.enrollments[i].id)

    def unit(self, account: int) -> str:
        """Where its owner is now; empty for somebody on no list."""
        person = self.person.get(account)
        return person.place_at(self.view.now)[0] if person else ""

    def attempts(self, i: int) -> list[tuple[int, int, bool]]:
        """Exam attempts so far: (when made, right answers, passed the course with it). A regrade
        changes what the last one gave."""
        e = self.view.enrollments[i]
        exam = next(
            n for n, s in enumerate(self.view.world.courses[e.course].sections) if s.is_exam
        )
        out: list[tuple[int, int, bool]] = []
        before = (False, 0)
        for at, grade in e.grades:
            if at > self.view.now:
                break
            if grade.scores[exam] != before:
                made = grade.when or at
                if grade.regrade:
                    made = out.pop()[0]
                out.append((made, grade.scores[exam][1], grade.passed))
                before = grade.scores[exam]
        return out

    def summary(self) -> dict:
        v = self.view
        return {
            "accounts": len(v.usernames),
            "enrollments": sum(s is not None for s in v.shown),
            "active": sum(bool(s) for s in v.shown),
            "passed": sum(g is not None and g.passed for g in v.grade),
            "certificates": sum(c is not None and c.passing for c in v.certificate),
            "hidden": len(self.hidden),
        }
