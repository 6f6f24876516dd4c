"""Which measures hold over a set of facts."""
from .config import Training

MEASURES = ("registered", "accounts", "activated", "enrolled", "participated", "completed", "sat", "passed", "failed",
            "certified", "not_registered", "first_time", "passed_first", "scored", "attempts", "attempts_passed", "score_sum")
SLACK = 1e-9
NO_TRAINING = Training(None, None, None, None, None, None, [], set())


def attempts(facts):
    return [f for f in facts if f.sat or f.ok]


COUNTED = {"first": lambda seen: seen[:1], "last": lambda seen: seen[-1:], "best": lambda seen: [f for f in seen if f.ok]}


def passing_since(rule, facts):
    """As one attempt comes after the other: the day from which on the one that the rule counts has passed until now."""
    seen, since = [], None
    for attempt in sorted((f for f in attempts(facts) if f.rule is rule), key=lambda f: f.order):
        seen.append(attempt)
        if not any(f.ok for f in COUNTED[rule.attempt](seen)):
            since = None
        elif since is None:
            since = attempt.day
    return since


def rules_that_hold(training, facts):
    """Of one training, each with the day on which the last thing that it asks for was there."""
    for rule in training.rules:
        days = [passing_since(rule, facts)]
        if rule.min_progress is not None:
            days.append(min((f.day for f in facts if f.kind == "progress" and f.progress >= rule.min_progress - SLACK), default=None))
        if rule.certificate:
            days.append(min((f.day for f in facts if f.kind == "certificate"), default=None))
        if None not in days:
            yield rule, max(days)


def passed(training, facts):
    """Does one of its rules hold?"""
    return any(rules_that_hold(training, facts))


def completion_days(training, facts):
    """The earliest day on which each of the stated conditions held, of those that hold."""
    days = []
    if training.min_progress is not None:
        days += [f.day for f in facts if f.kind == "progress" and f.progress >= training.min_progress - SLACK]
    if training.by == "passed":
        days += [day for _, day in rules_that_hold(training, facts)]
    if training.by == "certificate":
        days += [f.day for f in facts if f.kind == "certificate"]
    if training.min_attendance is not None:
        attended = sorted({f.day for f in facts if f.kind == "attendance"})
        days += attended[training.min_attendance - 1:training.min_attendance]
    return days


def of_training(training, facts):
    """Facts of one training: measure -> value; best is the best score in 1/10000 or None."""
    sat = sorted(attempts(facts), key=lambda f: f.order)
    scores = [round(10000 * f.share) for f in sat if f.share is not None]
    kinds = {f.kind for f in facts}
    holds = passed(training, facts)
    return {
        "enrolled": "enrollment" in kinds,
        "participated": bool(sat) or not kinds.isdisjoint(("progress", "attendance")),
        "completed": bool(completion_days(training, facts)),
        "sat": bool(sat),
        "passed": holds,
        "failed": bool(sat) and not holds,
        "certified": "certificate" in kinds,
        "passed_first": bool(sat) and sat[0].ok,
        "scored": bool(scores),
        "attempts": len(sat),
        "attempts_passed": sum(f.ok for f in sat),
        "best": max(scores, default=None),
    }


def over_trainings(config, facts):
    """A measure holds if it holds in any training; attempts add up; the best score counts."""
    each = [of_training(config.trainings[t], [f for f in facts if f.training == t]) for t in {f.training for f in facts}]
    total = of_training(NO_TRAINING, [])
    for measure in total if each else ():
        values = [one[measure] for one in each]
        if measure in ("attempts", "attempts_passed"):
            total[measure] = sum(values)
        elif measure == "best":
            total[measure] = max((v for v in values if v is not None), default=None)
        else:
            total[measure] = any(values)
    return total
