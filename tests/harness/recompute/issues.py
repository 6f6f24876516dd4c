"""gen_N.issues that people's data decide, as (kind, subject, wave, unit); and gen_N.members."""
from .events import key
from .measures import passed

MINUTE_US = 60 * 10**6


def _too_fast(training, person, listing):
    """An attempt passed sooner after the first sign of learning than the lectures last, both by the platform's own clock."""
    if training.lectures is None or training.minutes is None:
        return False
    began = min((f.us for f in person.facts if f.training == listing.training and f.kind in ("enrollment", "progress")
                 and not f.observed), default=None)
    return began is not None and any(f.ok and not f.observed and f.us - began < training.lectures * training.minutes * MINUTE_US
                                     for f in person.facts if f.wave == listing.wave)


def _of_listing(config, person, listing):
    training = config.trainings[listing.training]
    yield from listing.faults
    if listing.shared:
        yield "identifier_shared"
    if not person.open_accounts:
        yield "no_account"
    counted = person.latest(lambda l: l.wave == listing.wave)
    if counted.unit != listing.unit:
        yield "listed_in_two_units"
    elif counted is not listing:
        yield "listed_twice"
    if counted is not listing:
        return
    learned = any(f.training == listing.training and f.kind in ("progress", "attendance") for f in person.facts)
    facts = [f for f in person.facts if f.wave == listing.wave]
    in_sight = any(f.ok and (f.source, f.course) not in config.hidden for f in facts)
    if not learned and in_sight and passed(training, facts):
        yield "passed_without_learning"
    if _too_fast(training, person, listing):
        yield "passed_too_fast"


def issues(config, people):
    found = set()
    for person in people:
        for listing in person.listings:
            found |= {(kind, key(listing.subject), listing.wave, listing.unit) for kind in _of_listing(config, person, listing)}
        if person.open_accounts and not person.listings:
            found.add(("account_not_on_roster", min(map(key, person.account_subjects)), "", ""))
    return found


def members(sets):
    """subject -> person, of connected sets of several subjects."""
    found = {}
    for subjects in sets:
        keys = [key(s) for s in subjects]
        if len(keys) > 1:
            found |= dict.fromkeys(keys, min(keys))
    return found
