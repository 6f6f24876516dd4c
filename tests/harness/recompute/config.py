"""The config tables of one version, days as date.toordinal counts them."""
from collections import namedtuple

Training = namedtuple("Training", "min_progress by min_attendance deadline lectures minutes rules sources")
Rule = namedtuple("Rule", "by_platform min_score min_progress certificate attempt waves begins ends")
Wave = namedtuple("Wave", "training begins ends")
FIRST, LAST = 0, 10**7


def _day(date, absent):
    return absent if date is None else date.toordinal()


class Config:
    """trainings: code -> Training; waves: code -> Wave; courses: (source, course) -> training; hidden: those of them where nobody
    sees what was learned."""

    def __init__(self, trainings, waves, courses, hidden=frozenset()):
        self.trainings, self.waves, self.courses, self.hidden = trainings, waves, courses, hidden

    @classmethod
    def read(cls, query, version):
        rules = {}
        for training, *rule in query(
                "SELECT training, by_platform, min_score, min_progress, certificate, attempt, waves, valid_from, valid_to"
                " FROM pulse.pass_rules WHERE config_version = %s ORDER BY training, position", version):
            *said, begins, ends = rule
            rules.setdefault(training, []).append(Rule(*said, _day(begins, FIRST), _day(ends, LAST)))
        rows = query("SELECT source, course, training, learning_shown FROM pulse.courses WHERE config_version = %s", version)
        courses = {(s, c): t for s, c, t, _ in rows}
        hidden = {(s, c) for s, c, _, shown in rows if not shown}
        trainings = {}
        for code, *said in query(
                "SELECT training, completion_min_progress, completion_by, completion_min_attendance, deadline_working_days,"
                " lectures, lecture_minutes FROM pulse.trainings WHERE config_version = %s", version):
            trainings[code] = Training(*said, rules.get(code, []), {s for (s, _), t in courses.items() if t == code})
        waves = {w: Wave(t, _day(b, None), _day(e, None)) for w, t, b, e in query(
            "SELECT wave, training, begins, ends FROM pulse.waves WHERE config_version = %s", version)}
        return cls(trainings, waves, courses, hidden)

    def wave_of(self, waves, day):
        """Latest begun that holds the day, else latest begun before it, else the first; of equals the least code."""
        def begins(wave):
            return FIRST if self.waves[wave].begins is None else self.waves[wave].begins

        def ends(wave):
            return LAST if self.waves[wave].ends is None else self.waves[wave].ends

        begun = [w for w in waves if begins(w) <= day]
        for among in ([w for w in begun if ends(w) >= day], begun):
            if among:
                return min(among, key=lambda w: (-begins(w), w))
        return min(waves, key=lambda w: (begins(w), w), default="")
