"""Rows of the simulated Canvas, as its serialisers give them. Pure: a View in, dictionaries out."""

from __future__ import annotations

from bisect import bisect_right

from world.view import View

from .canvas_forms import iso, sortable

GLOBAL = 10_000_000_000_000_000  # shard 1000: above 2^53
PARTS = 64  # a submission's id is its enrolment's times this, plus the number of the assignment
LEFT = ("deleted", "completed", "inactive")
TEACHER, TEACHER_ID = "TeacherEnrollment", 1


class Rows:
    def __init__(self, view: View, base_id: int):
        self.view, self.base_id = view, base_id
        self.names: dict[int, str] = {}  # accounts renamed by the control endpoint
        self.hidden: set[int] = set()
        self._submissions: dict[int, tuple] = {}

    # ---- people

    def name(self, account: int) -> str:
        return self.names.get(account) or self.view.accounts[account].name

    def user(self, account: int, include=()) -> dict:
        a = self.view.accounts[account]
        out = {
            "id": self.base_id + a.user_id,
            "name": self.name(account),
            "created_at": iso(a.joined),
            "sortable_name": sortable(self.name(account)),
            "short_name": self.name(account),
            "sis_user_id": a.username,
            "integration_id": None,
            "login_id": self._login(account),
        }
        if "email" in include:
            out["email"] = a.email
        return out

    def _login(self, account: int) -> str:
        """Who gets another address still logs in with the first."""
        known = self.view.world.accounts
        return (known if account < len(known) else self.view.accounts)[account].email

    def profile(self, account: int) -> dict:
        a, name = self.view.accounts[account], self.name(account)
        return {
            "id": self.base_id + a.user_id, "name": name, "short_name": name,
            "sortable_name": sortable(name), "title": None, "bio": None, "pronunciation": None,
            "primary_email": a.email, "login_id": self._login(account), "sis_user_id": a.username,
            "integration_id": None, "time_zone": "Asia/Ho_Chi_Minh", "locale": None,
            "effective_locale": "vi", "avatar_url": None, "calendar": None, "lti_user_id": None,
            "k5_user": False,
        }  # fmt: skip

    def progress(self, i: int, base: str) -> dict:
        """How many of the course's requirements somebody has met; each section is one."""
        e, grade = self.view.enrollments[i], self.view.grade[i]
        count = len(self.view.world.courses[e.course].sections)
        met = sum(tried for tried, _ in grade.scores) if grade else 0
        last = [at for at, _ in e.grades if at <= self.view.now]
        user_id = self.base_id + self.view.accounts[e.account].user_id
        return {
            "id": user_id, "display_name": self.name(e.account), "avatar_image_url": None,
            "html_url": f"{base}/courses/{self.course_id(e.course)}/users/{user_id}",
            "pronouns": None,
            "progress": {
                "requirement_count": count, "requirement_completed_count": met,
                "next_requirement_url": None,
                "completed_at": iso(last[-1]) if met == count else None,
            },
        }  # fmt: skip

    def teacher(self) -> dict:
        return {
            "id": self.base_id + TEACHER_ID,
            "name": "Giáo viên",
            "created_at": iso(self.view.world.begins),
            "sortable_name": "viên, Giáo",
            "short_name": "Giáo viên",
        }

    def accounts(self) -> list[int]:
        return sorted(self.view.usernames.values())

    def account_of(self, user_id: int) -> int | None:
        for n, a in enumerate(self.view.accounts):
            if self.base_id + a.user_id == user_id:
                return n
        return None

    # ---- enrolments

    def members(self, course: int) -> list[int]:
        """Enrolments of a course, whatever their state."""
        return [
            i
            for i, shown in enumerate(self.view.shown)
            if shown is not None
            and self.view.enrollments[i].course == course
            and i not in self.hidden
        ]

    def state(self, i: int) -> str:
        """active; invited until the account is activated; once left, one of LEFT for good."""
        e = self.view.enrollments[i]
        if not self.view.shown[i]:
            return LEFT[e.id % 3]
        return "active" if self.view.is_active_user[e.account] else "invited"

    def touched(self, i: int) -> int:
        e, now = self.view.enrollments[i], self.view.now
        times = [at for at, _ in (*e.toggles, *e.grades) if at <= now]
        return max(times, default=e.created)

    def enrollment(self, i: int, base: str) -> dict:
        e, grade = self.view.enrollments[i], self.view.grade[i]
        course = self.view.world.courses[e.course]
        user_id = self.base_id + self.view.accounts[e.account].user_id
        tried = [(s, n) for n, s in enumerate(grade.scores) if s[0]] if grade else []
        current = final = None
        if tried:
            weight = sum(course.sections[n].weight for _, n in tried)
            sum_ = sum(
                course.sections[n].weight * s[1] / course.sections[n].questions for s, n in tried
            )
            current = round(100 * sum_ / weight, 2) if weight else 0.0
            final = round(100 * grade.percent, 2)
        url = f"{base}/courses/{self.course_id(e.course)}"
        began = e.grades[0][0] if e.grades and e.grades[0][0] <= self.view.now else None
        return {
            **self._enrollment(e.id, e.course, user_id, "StudentEnrollment", self.state(i)),
            "created_at": iso(e.created),
            "updated_at": iso(self.touched(i)),
            "last_activity_at": iso(self.touched(i)) if began else None,
            "total_activity_time": (self.touched(i) - began) // 60_000_000 if began else 0,
            "sis_user_id": self.view.accounts[e.account].username,
            "html_url": f"{url}/users/{user_id}",
            "grades": {
                "html_url": f"{url}/grades/{user_id}",
                "current_grade": None,
                "current_score": current,
                "final_grade": None,
                "final_score": final if final is not None else 0.0,
                "unposted_current_score": current,
                "unposted_final_score": final if final is not None else 0.0,
            },
            "user": self.user(e.account),
        }

    def _enrollment(self, id_: int, course: int, user_id: int, type_: str, state: str) -> dict:
        return {
            "id": self.base_id + id_,
            "user_id": user_id,
            "course_id": self.course_id(course),
            "type": type_,
            "associated_user_id": None,
            "start_at": None,
            "end_at": None,
            "course_section_id": self.course_id(course) + 1000,
            "root_account_id": self.base_id + 1,
            "limit_privileges_to_course_section": False,
            "enrollment_state": state,
            "role": type_,
            "role_id": self.base_id + (3 if type_.startswith("Student") else 4),
            "last_attended_at": None,
            "sis_course_id": self.view.world.courses[course].id,
        }

    def teaching(self, course: int, base: str) -> dict:
        """The one enrolment that is not a student's."""
        user = self.teacher()
        made = self._enrollment(9_000_000 + course, course, user["id"], TEACHER, "active")
        url = f"{base}/courses/{self.course_id(course)}/users/{user['id']}"
        began = iso(self.view.world.begins)
        return {**made, "created_at": began, "updated_at": began, "last_activity_at": None,
                "total_activity_time": 0, "html_url": url, "user": user}  # fmt: skip

    # ---- courses and what is in them

    def course_id(self, n: int) -> int:
        return self.base_id + n + 1

    def assignment_id(self, course: int, part: int) -> int:
        return self.base_id + (course + 1) * 1000 + part + 1

    def course(self, n: int) -> dict:
        c = self.view.world.courses[n]
        return {
            "id": self.course_id(n),
            "name": c.name,
            "course_code": c.number,
            "account_id": self.base_id + 1,
            "root_account_id": self.base_id + 1,
            "enrollment_term_id": self.base_id + 1,
            "uuid": f"sim{n:037d}",
            "start_at": iso(c.start),
            "end_at": iso(c.end),
            "created_at": iso(c.start),
            "workflow_state": "available",
            "sis_course_id": c.id,
            "time_zone": "Asia/Ho_Chi_Minh",
            "is_public": False,
            "enrollments": [{"type": "teacher", "role": TEACHER, "enrollment_state": "active",
                             "user_id": self.base_id + TEACHER_ID}],
        }  # fmt: skip

    def assignment(self, course: int, part: int) -> dict:
        c = self.view.world.courses[course]
        section = c.sections[part]
        out = {
            "id": self.assignment_id(course, part),
            "name": section.name,
            "course_id": self.course_id(course),
            "points_possible": float(section.questions),
            "grading_type": "points",
            "submission_types": ["online_quiz" if section.is_exam else "online_text_entry"],
            "is_quiz_assignment": section.is_exam,
            "due_at": iso(c.end),
            "created_at": iso(c.start),
            "updated_at": iso(c.start),
            "position": part + 1,
            "published": True,
            "workflow_state": "published",
        }
        if section.is_exam:
            out["quiz_id"] = self.assignment_id(course, part)
        return out

    def quiz(self, course: int, part: int) -> dict:
        section = self.view.world.courses[course].sections[part]
        id_ = self.assignment_id(course, part)
        return {"id": id_, "title": section.name, "quiz_type": "assignment", "assignment_id": id_,
                "points_possible": float(section.questions), "published": True,
                "question_count": section.questions, "allowed_attempts": -1}  # fmt: skip

    # ---- submissions

    def tries(self, i: int) -> list[tuple[int | None, int | None, int, int]]:
        """Per assignment (submitted, graded, earned, attempts) so far, in µs."""
        stamp = self.view.stamp[i]
        known = self._submissions.get(i)
        if known is not None and known[0] == stamp:
            return known[1]
        e = self.view.enrollments[i]
        sections = self.view.world.courses[e.course].sections
        out: list[tuple] = [(None, None, 0, 0)] * len(sections)
        upto = bisect_right(e.grades, self.view.now, key=lambda g: g[0])
        for at, grade in e.grades[:upto]:
            for n, (attempted, earned) in enumerate(grade.scores):
                submitted, _, before, count = out[n]
                if not attempted or (count and earned == before):
                    continue
                # a raised exercise is a regrade
                again = (sections[n].is_exam and not grade.regrade) or not count
                made = (grade.when or at) if again else submitted
                out[n] = (made, at, earned, count + again)
        self._submissions[i] = (stamp, out)
        return out

    def submission(self, i: int, part: int, base: str) -> dict:
        e = self.view.enrollments[i]
        submitted, graded, earned, attempts = self.tries(i)[part]
        exam = self.view.world.courses[e.course].sections[part].is_exam
        assignment = self.assignment_id(e.course, part)
        user = self.base_id + self.view.accounts[e.account].user_id
        done = submitted is not None
        due = self.view.world.courses[e.course].end
        seconds_late = max(0, (submitted - due) // 1_000_000) if done else 0
        score = float(earned) if done else None
        text = f"{earned}" if done else None
        kind = ("online_quiz" if exam else "online_text_entry") if done else None
        url = f"{base}/courses/{self.course_id(e.course)}/assignments/{assignment}"
        return {
            "id": self.base_id + e.id * PARTS + part,
            "body": None,
            "url": None,
            "grade": text,
            "score": score,
            "submitted_at": iso(submitted),
            "assignment_id": assignment,
            "user_id": user,
            "submission_type": kind,
            "workflow_state": "graded" if done else "unsubmitted",
            "grade_matches_current_submission": True,
            "graded_at": iso(graded),
            "grader_id": -assignment if exam and done else (self.base_id + 1 if done else None),
            "attempt": attempts or None,
            "cached_due_date": iso(due),
            "excused": None,
            "late_policy_status": None,
            "points_deducted": None,
            "extra_attempts": None,
            "posted_at": iso(graded),
            "redo_request": False,
            "late": seconds_late > 0,
            "missing": not done and self.view.now > due,
            "seconds_late": seconds_late,
            "entered_grade": text,
            "entered_score": score,
            "preview_url": f"{url}/submissions/{user}?preview=1",
        }

    def quiz_submission(self, i: int, part: int, base: str) -> dict | None:
        """The latest attempt of a learner, None if there is none."""
        e = self.view.enrollments[i]
        submitted, graded, earned, attempts = self.tries(i)[part]
        if submitted is None:
            return None
        quiz = self.assignment_id(e.course, part)
        id_ = self.base_id + e.id * PARTS + part
        section = self.view.world.courses[e.course].sections[part]
        url = f"{base}/courses/{self.course_id(e.course)}/quizzes/{quiz}"
        return {
            "id": id_ + 1_000_000_000,
            "quiz_id": quiz,
            "user_id": self.base_id + self.view.accounts[e.account].user_id,
            "submission_id": id_,
            "quiz_points_possible": float(section.questions),
            "attempt": attempts,
            "started_at": iso(submitted - 1_200_000_000),
            "finished_at": iso(submitted),
            "end_at": iso(submitted),
            "score": float(earned),
            "kept_score": float(earned),
            "workflow_state": "complete",
            "time_spent": 1200,
            "attempts_left": -1,
            "html_url": f"{url}/submissions/{id_}",
        }

    # ---- for the control endpoint

    @property
    def course_index(self) -> dict[str, int]:
        return {c.id: n for n, c in enumerate(self.view.world.courses)}

    def hide(self, indexes) -> None:
        self.hidden = set(indexes)

    def summary(self) -> dict:
        out: dict = {}
        for course in range(len(self.view.world.courses)):
            for i in self.members(course):
                out[self.state(i)] = out.get(self.state(i), 0) + 1
        return {**out, "hidden": len(self.hidden), "renamed": len(self.names)}
