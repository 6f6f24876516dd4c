"""The functions of the simulated Moodle: parameters as PHP read them in, what JSON shows out."""

from __future__ import annotations

SITE = 1  # the front page is a course, too
STUDENT_ROLE = 5  # id of the role "student" in a fresh site
TEACHER = {
    "id": 2, "username": "giaovien", "firstname": "viên", "lastname": "Giáo", "fullname": "Giáo viên",
    "email": "giaovien@sim.example", "phone1": "", "idnumber": "", "department": "", "firstaccess": 0,
    "lastaccess": 0, "lastcourseaccess": 0,
    "roles": [{"roleid": 3, "name": "", "shortname": "editingteacher", "sortorder": 0}],
}  # fmt: skip


class Failure(Exception):
    """An exception as the web service words it, in a reply with status 200."""

    def __init__(self, kind: str, code: str, message: str):
        super().__init__(code)
        self.kind, self.code, self.message = kind, code, message


def missing(table: str) -> Failure:
    message = f"Can't find data record in database table {table}."
    return Failure("dml_missing_record_exception", "invalidrecord", message)


def unix(us: int | None) -> int:
    """Whole seconds; 0 is never."""
    return 0 if us is None else us // 1_000_000


def whole(fields: dict, name: str, default: int | None = None) -> int:
    text = fields.get(name, default)
    try:
        return int(text)
    except (TypeError, ValueError) as error:
        raise Failure("invalid_parameter_exception", "invalidparameter",
                      "Invalid parameter value detected") from error  # fmt: skip


def values(fields: dict, name: str) -> list[str]:
    found = fields.get(name, {})
    return list(found.values()) if isinstance(found, dict) else [found]


def course_index(platform, course: int) -> int:
    if not SITE < course <= SITE + len(platform.world.courses):
        raise missing("course")
    return course - SITE - 1


def account_of(platform, user: int) -> int:
    for i in platform.rows.accounts():
        if platform.view.accounts[i].user_id == user:
            return i
    raise Failure("moodle_exception", "invaliduser", "Invalid user")


def site_info(platform, fields, faults) -> dict:
    return {
        "sitename": "Moodle", "username": "mooc_pulse", "firstname": "MOOC", "lastname": "Pulse",
        "fullname": "MOOC Pulse", "lang": "vi", "userid": 2, "siteurl": "http://sim.example",
        "functions": [{"name": n, "version": "2025041400"} for n in TABLE
                      if n not in platform.args.deny],
        "release": f"{platform.args.release} (Build: 20250414)", "version": "2025041400",
    }  # fmt: skip


def _course(platform, n: int | None) -> dict:
    c = platform.world.courses[n] if n is not None else None
    return {
        "id": SITE if n is None else n + SITE + 1,
        "shortname": c.number if c else "site", "categoryid": 1 if c else 0,
        "fullname": c.name if c else "Moodle", "displayname": c.name if c else "Moodle",
        "idnumber": c.id if c else "", "summary": "", "summaryformat": 1,
        "format": "topics" if c else "site", "startdate": unix(c.start) if c else 0,
        "enddate": unix(c.end) if c else 0, "visible": 1,
        "enablecompletion": int(bool(c) and platform.args.completion != "off"),
    }  # fmt: skip


def courses(platform, fields, faults) -> list:
    options = fields.get("options", {})
    ids = values(options, "ids") if isinstance(options, dict) else []
    if ids:
        return [_course(platform, None if int(i) == SITE else course_index(platform, int(i)))
                for i in ids]  # fmt: skip
    return [_course(platform, n) for n in (None, *range(len(platform.world.courses)))]


def courses_by_field(platform, fields, faults) -> dict:
    field, value = fields.get("field", ""), fields.get("value", "")
    found = [c for c in courses(platform, {}, faults)
             if not field or str(c.get(field)) in value.split(",")]  # fmt: skip
    return {"courses": found, "warnings": []}


def _user(platform, i: int) -> dict:
    a, person = platform.view.accounts[i], platform.rows.person.get(i)
    family, _, given = a.name.partition(" ")
    seen = unix(a.activated) if platform.view.is_active_user[i] else 0
    return {
        "id": a.user_id, "username": a.username, "firstname": given, "lastname": family,
        "fullname": a.name, "email": a.email, "phone1": person.phone if person else "",
        "idnumber": person.citizen if person else "", "department": platform.rows.unit(i),
        "firstaccess": seen, "lastaccess": seen, "suspended": False,
    }  # fmt: skip


def enrolled_users(platform, fields, faults) -> list:
    """Of those who left, every second one stays as suspended, which onlyactive leaves out."""
    course = course_index(platform, whole(fields, "courseid"))
    options = {o.get("name"): o.get("value") for o in values(fields, "options")}
    view = platform.view
    found = [
        i
        for i in platform.rows.members(course, left=options.get("onlyactive") != "1")
        if view.shown[i] or view.enrollments[i].id % 2
    ]
    found.sort(key=lambda i: view.accounts[view.enrollments[i].account].user_id)
    found.insert(0, None)
    begin, size = whole(options, "limitfrom", 0), whole(options, "limitnumber", 0)
    if "endless" in faults and found:
        begin %= len(found)
    if "repeat_next" in faults:
        begin = 0
    out = []
    for i in found[begin : begin + size if size else None]:
        if i is None:
            out.append(TEACHER)
            continue
        user = _user(platform, view.enrollments[i].account)
        del user["suspended"]
        role = {"roleid": STUDENT_ROLE, "name": "", "shortname": "student", "sortorder": 0}
        out.append({**user, "lastcourseaccess": user["lastaccess"], "roles": [role]})
    return out


def _items(platform, i: int) -> list[dict]:
    view = platform.view
    e, grade = view.enrollments[i], view.grade[i]
    course = view.world.courses[e.course]
    past = [g for g in e.grades if g[0] <= view.now]
    out = []
    for n, s in enumerate(course.sections):
        tried = platform.rows.attempts(i) if s.is_exam else None
        when = next((at for k, (at, g) in enumerate(past) if g.scores[n] == past[-1][1].scores[n]),
                    None) if grade and grade.scores[n][0] else None  # fmt: skip
        out.append({
            "id": 100 * (e.course + 1) + n, "itemname": s.name, "itemtype": "mod",
            "itemmodule": "quiz" if s.is_exam else "lesson",
            "iteminstance": instance(e.course, n), "itemnumber": 0, "idnumber": "",
            "categoryid": e.course + 1, "cmid": 1000 * (e.course + 1) + n, "weightraw": s.weight,
            "graderaw": grade.scores[n][1] if when else None,
            "gradedatesubmitted": unix(tried[-1][0] if tried else when) or None,
            "gradedategraded": unix(when) or None,
            "grademin": 0, "grademax": s.questions, "feedback": "", "feedbackformat": 0,
        })  # fmt: skip
    total = round(100 * grade.percent, 5) if grade and grade.active else None
    out.append({
        "id": 100 * (e.course + 1) + 99, "itemname": None, "itemtype": "course",
        "itemmodule": None, "iteminstance": e.course + 1, "itemnumber": None, "idnumber": "",
        "categoryid": None, "graderaw": total, "gradedatesubmitted": None,
        "gradedategraded": unix(past[-1][0]) if total is not None else None,
        "grademin": 0, "grademax": 100, "feedback": "", "feedbackformat": 0,
    })  # fmt: skip
    return out


def instance(course: int, section: int) -> int:
    return 10 * (course + 1) + section


def grade_items(platform, fields, faults) -> dict:
    """The whole course, or one user of it; active enrolments only."""
    course, user = course_index(platform, whole(fields, "courseid")), whole(fields, "userid", 0)
    out, view = [], platform.view
    for i in platform.rows.members(course):
        a = view.accounts[view.enrollments[i].account]
        if user in (0, a.user_id):
            out.append({
                "courseid": course + SITE + 1, "courseidnumber": view.world.courses[course].id,
                "userid": a.user_id, "userfullname": a.name, "maxdepth": 2,
                "useridnumber": _user(platform, view.enrollments[i].account)["idnumber"],
                "gradeitems": _items(platform, i),
            })  # fmt: skip
    if user and not out:
        raise Failure("moodle_exception", "notenrolled", "Not enrolled")
    return {"usergrades": out, "warnings": []}


def quizzes(platform, fields, faults) -> dict:
    wanted = [int(v) for v in values(fields, "courseids")]
    out, warnings = [], []
    for n, c in enumerate(platform.world.courses):
        for k, s in enumerate(c.sections):
            if s.is_exam and (not wanted or n + SITE + 1 in wanted):
                out.append({"id": instance(n, k), "coursemodule": 1000 * (n + 1) + k,
                            "course": n + SITE + 1, "name": s.name, "timeopen": 0, "timeclose": 0,
                            "timelimit": 0, "grademethod": 1, "attempts": 0,
                            "sumgrades": s.questions, "grade": s.questions})  # fmt: skip
    for course in wanted:
        if not SITE <= course <= SITE + len(platform.world.courses):
            warnings.append({"item": "course", "itemid": course, "warningcode": "1",
                             "message": "No access rights in course context"})  # fmt: skip
    return {"quizzes": out, "warnings": warnings}


def _enrolment(platform, fields) -> tuple[int, int | None]:
    quiz = whole(fields, "quizid")
    course = quiz // 10 - 1
    if not 0 <= course < len(platform.world.courses):
        raise missing("quiz")
    account = account_of(platform, whole(fields, "userid", 0))
    view = platform.view
    return quiz, next((i for i in view.by_account.get(account, ())
                       if view.enrollments[i].course == course and view.shown[i] is not None
                       and i not in platform.rows.hidden), None)  # fmt: skip


def attempts(platform, fields, faults) -> dict:
    quiz, i = _enrolment(platform, fields)
    if fields.get("status", "finished") not in ("all", "finished", "unfinished"):
        raise Failure("invalid_parameter_exception", "invalidparameter",
                      "Invalid parameter value detected")  # fmt: skip
    out = []
    platform.stats.asked([f"attempts:{fields.get('userid')}"])
    past = platform.rows.attempts(i) if i is not None else []
    for n, (at, right, _) in enumerate(past, 1):
        if fields.get("status", "finished") == "unfinished":
            break
        e = platform.view.enrollments[i]
        out.append({
            "id": 100 * e.id + n, "quiz": quiz,
            "userid": platform.view.accounts[e.account].user_id, "attempt": n,
            "uniqueid": 100 * e.id + n, "preview": 0, "state": "finished",
            "timestart": unix(at) - 1200, "timefinish": unix(at), "timemodified": unix(at),
            "timemodifiedoffline": 0, "timecheckstate": None, "sumgrades": right,
        })  # fmt: skip
    return {"attempts": out, "warnings": []}


def best_grade(platform, fields, faults) -> dict:
    _, i = _enrolment(platform, fields)
    past = platform.rows.attempts(i) if i is not None else []
    if not past:
        return {"hasgrade": False, "warnings": []}
    return {"hasgrade": True, "grade": max(right for _, right, _ in past), "warnings": []}


def completion(platform, fields, faults) -> dict:
    """Not enabled looks like not allowed: cannotviewreport."""
    course = course_index(platform, whole(fields, "courseid"))
    account = account_of(platform, whole(fields, "userid"))
    platform.stats.asked([f"completion:{fields['userid']}"])
    if platform.args.completion == "off":
        raise Failure("moodle_exception", "cannotviewreport", "You can not view this report")
    i = next((i for i in platform.rows.members(course)
              if platform.view.enrollments[i].account == account), None)  # fmt: skip
    if i is None:
        raise Failure("moodle_exception", "usernotenroled", "User not enrolled")
    if platform.args.completion == "none":
        raise Failure("moodle_exception", "nocriteriaset", "No completion criteria set")
    grade = platform.view.grade[i]
    rows = []
    for item in _items(platform, i)[:-1]:
        done = item["graderaw"] is not None
        rows.append({
            "type": 4, "title": "Activity completion", "status": "Yes" if done else "No",
            "complete": done, "timecompleted": item["gradedategraded"] if done else None,
            "details": {"type": item["itemmodule"], "criteria": item["itemname"],
                        "requirement": "", "status": ""},
        })  # fmt: skip
    done = bool(grade and grade.passed)
    rows.append({
        "type": 6, "title": "Required course grade", "status": "Yes" if done else "No", "complete": done,
        "timecompleted": _items(platform, i)[-1]["gradedategraded"] if done else None,
        "details": {"type": "Course grade", "criteria": "", "requirement": "50", "status": ""},
    })  # fmt: skip
    status = {"completed": all(r["complete"] for r in rows), "aggregation": 1, "completions": rows}
    return {"completionstatus": status, "warnings": []}


def users_by_field(platform, fields, faults) -> list:
    field = fields.get("field", "")
    if field not in ("id", "idnumber", "username", "email"):
        raise Failure("invalid_parameter_exception", "invalidparameter",
                      "Invalid parameter value detected")  # fmt: skip
    wanted = set(values(fields, "values"))
    platform.stats.asked(sorted(wanted))
    found = [_user(platform, i) for i in platform.rows.accounts()]
    return [u for u in found if str(u[field]) in wanted]


TABLE = {
    "core_webservice_get_site_info": site_info,
    "core_course_get_courses": courses,
    "core_course_get_courses_by_field": courses_by_field,
    "core_enrol_get_enrolled_users": enrolled_users,
    "gradereport_user_get_grade_items": grade_items,
    "mod_quiz_get_quizzes_by_courses": quizzes,
    "mod_quiz_get_user_quiz_attempts": attempts,
    "mod_quiz_get_user_attempts": attempts,
    "mod_quiz_get_user_best_grade": best_grade,
    "core_completion_get_course_completion_status": completion,
    "core_user_get_users_by_field": users_by_field,
}
