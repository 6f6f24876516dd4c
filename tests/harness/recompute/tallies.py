"""gen_N.tallies: what each person counts for in every scope."""
from collections import defaultdict

from .measures import MEASURES, of_training, over_trainings

KEY = ("scope", "training", "wave", "year", "value", "unit", "study_group")


def _accounts(accounts):
    return {"accounts": bool(accounts), "activated": any(a.activated for a in accounts)}


def cells(config, person):
    """[(key, measures)]: one for each row of the tallies that the person counts in."""
    found = []

    def put(scope, listing, measures, training="", wave="", year=0, value="", group="", accounts=person.open_accounts):
        found.append(((scope, training, wave, year, value, listing.unit if listing else "", group),
                      {"registered": listing is not None, "not_registered": listing is None} | _accounts(accounts) | measures))

    for code, listing in person.trainings().items():
        training = config.trainings[code]
        facts = [f for f in person.facts if f.training == code]
        whole = of_training(training, facts)
        put("training", listing, whole, code)
        own = [l for l in person.listings if l.training == code]
        for audience in set().union(*(l.audiences for l in own)):
            put("audience", listing, whole, code, value=audience)
        for inviter in {l.inviter for l in own if l.inviter}:
            put("inviter", listing, whole, code, value=inviter)
        for source, course in {(f.source, f.course) for f in facts if f.kind != "attendance"}:
            put("course", listing, of_training(training, [f for f in facts if (f.source, f.course) == (source, course)]), code,
                value=f"{source} {course}")
        for source in training.sources:
            accounts = [a for a in person.open_accounts if a.source == source]
            of_source = [f for f in facts if f.source == source]
            if of_source or any(a.stated for a in accounts):
                put("platform", listing, of_training(training, of_source), code, value=source, accounts=accounts)
    for code, listing in person.waves().items():
        training = listing.training
        put("wave", listing, of_training(config.trainings[training], [f for f in person.facts if f.wave == code]), training, code,
            group=listing.group)
    if person.listings or person.facts or person.open_accounts:
        put("all", person.latest(), over_trainings(config, person.facts))
    years = person.years()
    for year in years:
        put("year", person.latest(lambda l, y=year: l.year == y),
            over_trainings(config, [f for f in person.facts if f.year == year]) | {"first_time": year == min(years)}, year=year)
    return found


def tallies(config, people):
    rows = defaultdict(lambda: dict.fromkeys(MEASURES, 0))
    for person in people:
        for key, measures in cells(config, person):
            row = rows[key]
            for measure, value in measures.items():
                if measure != "best":
                    row[measure] += value
            row["score_sum"] += measures["best"] or 0
    return dict(rows)
