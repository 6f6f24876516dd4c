"""Who is one person: connected sets of subjects, and which identifiers connect nobody."""
from collections import defaultdict

from .events import key

LEARNER_KINDS = ("roster", "account", "identity", "enrollment", "learning", "exam", "certificate", "attendance")
COURSE_KINDS = ("enrollment", "learning", "exam", "certificate")


def folded(event, config):
    """Is it about a learner and known to the config?"""
    if event.kind not in LEARNER_KINDS:
        return False
    if event.kind == "attendance":
        return event.subject is not None and event.data.get("wave") in config.waves
    if event.kind == "roster":
        return event.data["wave"] in config.waves
    return event.kind not in COURSE_KINDS or (event.source, event.data["course"]) in config.courses


def _carried(event):
    """The identifiers that it brings to its subject."""
    if event.kind == "account":
        return [*event.data.get("identifiers", ()), event.subject]
    if event.type in ("roster.listed", "identity.linked", "attendance.recorded"):
        return event.data.get("identifiers", ())
    return ()


def shared_identifiers(events):
    """Those that stand on rows of different names or different citizen numbers."""
    names, citizens = defaultdict(set), defaultdict(set)
    for event in events:
        if event.type not in ("roster.listed", "attendance.recorded"):
            continue
        own = event.data.get("identifiers", ())
        citizen = next((i for i in own if i.startswith("citizen:")), None)
        for identifier in own:
            names[identifier].add(event.data.get("name"))
            citizens[identifier].add(citizen)
    return {i for seen in (names, citizens) for i, values in seen.items() if len(values - {None}) > 1}


def erased_keys(events):
    return {e.data.get("key") for e in events if e.type == "learner.erased"}


def without_erased(events):
    """Whoever was erased was never there, whenever that was."""
    erased = erased_keys(events)
    return [e for e in events if not erased or key(e.subject or e.entity).hex not in erased]


def people(events, config):
    """[{subject: its events}] and the identifiers that link nobody."""
    erased = erased_keys(events)
    events = [e for e in without_erased(events) if folded(e, config)]
    shared = shared_identifiers(events)
    of_subject, carriers, named = defaultdict(list), defaultdict(set), set()
    for event in events:
        subject = event.subject or event.entity
        of_subject[subject].append(event)
        for identifier in _carried(event):
            # An account that is named is there, whether it ever told anything itself or not.
            if identifier.startswith("account@") and key(identifier).hex not in erased:
                named.add(identifier)
            if identifier not in shared:
                carriers[identifier].add(subject)
    for account in named:
        of_subject.setdefault(account, [])
        if account not in shared:
            carriers[account].add(account)
    neighbours = defaultdict(set)
    for subjects in carriers.values():
        first = min(subjects)
        for other in subjects:
            neighbours[first].add(other)
            neighbours[other].add(first)
    seen, found = set(), []
    for start in of_subject:
        if start in seen:
            continue
        seen.add(start)
        waiting, person = [start], {}
        while waiting:
            subject = waiting.pop()
            person[subject] = of_subject[subject]
            for other in neighbours[subject] - seen:
                seen.add(other)
                waiting.append(other)
        found.append(person)
    return found, shared
