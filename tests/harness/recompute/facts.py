"""What is known of one person: listings, accounts and facts in force, each fact with its wave, year and, of attempts, its rule."""
import datetime
from collections import namedtuple

from .events import day_of, ordinal, rank

Listing = namedtuple("Listing", "order subject training wave unit group year audiences inviter shared faults")
Account = namedtuple("Account", "source day in_force activated stated")
FACTS = {"enrollment.created": "enrollment", "learning.progressed": "progress", "exam.graded": "exam",
         "certificate.issued": "certificate", "attendance.recorded": "attendance"}
FAULTS = ("email_malformed", "email_missing", "citizen_malformed", "phone_malformed", "listed_twice", "birth_date_malformed")


def _year(day):
    return datetime.date.fromordinal(day).year


class Fact:
    __slots__ = ("kind", "subject", "source", "training", "course", "stated_wave", "us", "day", "order", "observed", "own_day",
                 "progress", "sat", "said", "share", "wave", "year", "rule", "ok")

    def __init__(self, config, event):
        data = event.data
        self.kind, self.subject, self.source = FACTS[event.type], event.subject, event.source
        self.course, self.stated_wave = data.get("course"), data.get("wave")
        self.training = (config.waves[self.stated_wave].training if self.kind == "attendance"
                         else config.courses[event.source, self.course])
        self.us, self.observed = event.us, event.observed
        self.day = ordinal(data["day"]) if "day" in data and self.kind in ("progress", "attendance") else day_of(event.us)
        self.order = event.us, min(max(data.get("attempt", 0), 0), 255) if self.kind == "exam" else 0, rank(event.entity)
        self.own_day = day_of(event.revision) == day_of(event.us)
        self.progress = data.get("progress", 0) if self.kind == "progress" else None
        self.sat = self.said = self.ok = False
        self.share = self.rule = None
        if self.kind == "exam":
            self.said = data.get("passed", False)
            self.sat = self.said or data.get("sat", True)
            if "score" in data and data.get("max_score", 0) > 0:
                self.share = data["score"] / data["max_score"]

    def judge(self, config):
        """Which rule judges the attempt, and does it pass by it?"""
        for rule in config.trainings[self.training].rules:
            if (rule.waves is None or self.wave in rule.waves) and rule.begins <= self.day <= rule.ends:
                self.rule = rule
                self.ok = self.said if rule.by_platform else self.sat and (self.share or 0) >= rule.min_score - 1e-9
                return


def _listing(config, event, shared):
    data, wave = event.data, event.data["wave"]
    begins = config.waves[wave].begins
    return Listing(
        (event.us, event.revision, rank(event.entity)), event.subject, config.waves[wave].training, wave, data["unit"], data.get("group", ""),
        _year(day_of(event.us) if begins is None else begins), set(data.get("audience", ())), data.get("invited_by"),
        not shared.isdisjoint(data.get("identifiers", ())),
        {f if f in FAULTS else "other_fault" for f in data.get("faults", ())})


class Known:
    """One person. accounts: one of each account event (stated) and, of subjects without any, of each course fact."""

    def __init__(self, config, subjects, shared):
        self.listings, self.facts, self.accounts, self.account_subjects = [], [], [], set()
        for subject, events in subjects.items():
            facts = [Fact(config, e) for e in events if e.type in FACTS]
            self.facts += facts
            self.listings += [_listing(config, e, shared) for e in events if e.type == "roster.listed"]
            accounts = [Account(e.source, day_of(e.us), e.type != "account.closed",
                                e.type == "account.activated" or e.data.get("activated", False), True)
                        for e in events if e.kind == "account"]
            implied = [Account(f.source, f.day, True, False, False) for f in facts if f.kind != "attendance"]
            self.accounts += accounts or implied
            if accounts or implied:
                self.account_subjects.add(subject)
        self.open_accounts = [a for a in self.accounts if a.in_force]
        for fact in self.facts:
            self._place(config, fact)

    def _place(self, config, fact):
        waves = {l.wave for l in self.listings if l.training == fact.training}
        fact.wave = fact.stated_wave if fact.stated_wave in waves else config.wave_of(waves, fact.day)
        begins = config.waves[fact.wave].begins if fact.wave else None
        fact.year = _year(fact.day if begins is None else begins)
        if fact.kind == "exam":
            fact.judge(config)

    def latest(self, keep=lambda listing: True):
        return max((l for l in self.listings if keep(l)), default=None, key=lambda l: l.order)

    def trainings(self):
        """Those in which the person is listed or has facts: training -> its listing or None."""
        return {training: self.latest(lambda l, t=training: l.training == t)
                for training in {l.training for l in self.listings} | {f.training for f in self.facts}}

    def waves(self):
        return {wave: self.latest(lambda l, w=wave: l.wave == w) for wave in {l.wave for l in self.listings}}

    def years(self):
        return {l.year for l in self.listings} | {f.year for f in self.facts}
