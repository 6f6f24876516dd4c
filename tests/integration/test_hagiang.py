"""The whole line on real input: from the platform's API and the offices' lists to the printed tables."""
import json
import re

import demo
from harness import checks
from harness.stack import WAVE
from local import Local


def run_demo(stack):
    site = Local(stack)
    try:
        return demo.run(site)
    finally:
        site.close_platform()


def test_the_printed_tables_come_out(stack, monkeypatch, capsys):
    monkeypatch.setattr(demo, "WEEK_SECONDS", 20)
    faults, rows = {}, {}
    say = demo.show_issues

    def remember(made):
        faults[len(faults)] = dict(made.query("SELECT kind, sum(count)::int FROM bi.data_issues GROUP BY kind"))
        rows[len(rows)] = set(made.query('SELECT kind, file, sheet, "row" FROM bi.data_issues WHERE file IS NOT NULL'))
        return say(made)

    monkeypatch.setattr(demo, "show_issues", remember)
    equal, paths = run_demo(stack)
    out = capsys.readouterr().out
    assert equal, out
    assert "appendix 1: 33 of 33 rows equal" in out
    assert "appendix 2: 28 of 28 rows equal" in out
    assert "groups under 20 %: 10 of 10 equal" in out
    assert "certified 2.072" in out
    assert all(path.stat().st_size > 5000 for path in paths)

    # Counts as the world was made (tests/world/README): every fault is a countable row, and goes when it is corrected.
    before, after = faults[0], faults[1]
    assert {k: before[k] for k in ("email_malformed", "email_missing", "identifier_shared", "listed_twice",
                                   "unit_unknown")} == \
        {"email_malformed": 25, "email_missing": 15, "identifier_shared": 8, "listed_twice": 7, "unit_unknown": 5}
    assert after == {"email_missing": 6, "account_not_on_roster": 9}
    check_rows_of_faults(json.loads((stack.folder / "world/truth.json").read_text()), rows[0], rows[1])

    assert checks.check_log(stack) > 10_000
    checks.check_tallies(stack)
    # Accounts of the course that are on no list; one of them has left the course without a trace.
    assert stack.query("SELECT scope, not_registered, passed FROM gen_1.tallies WHERE not_registered > 0"
                       " AND scope IN ('all', 'training') ORDER BY 1") == [("all", 9, 2), ("training", 8, 2)]
    complete = dict(stack.query("SELECT stream, complete_through IS NOT NULL FROM bi.freshness WHERE source = 'daotao'"))
    assert complete == dict.fromkeys(("accounts", "certificates", "enrollments", "grades"), True)
    check_what_the_text_says(stack)
    check_that_nothing_personal_left_ingest(stack)


def check_rows_of_faults(truth, before, after):
    """Every faulty row of a list is a data issue that names file, sheet and row, until its correction is there."""
    kinds = {"email_shared": "identifier_shared"}
    made = {True: set(), False: set()}
    for f in truth["fault_rows"]:
        if f["fault"] != "listed_twice":  # shown at the first of the two rows
            made[f["corrected"]].add((kinds.get(f["fault"], f["fault"]), f["file"], f["sheet"], f["row"]))
    assert len(made[True]) == 25 + 9 + 8 + 12 + 5 and len(made[False]) == 6
    missing = sorted((made[True] | made[False]) - before)
    # The account of one person is in no course, and not under a listed address: nothing shows it.
    assert [kind for kind, *_ in missing] == ["account_under_other_email"], f"no data issue for {missing[:5]}"
    twice = [f["file"] for f in truth["fault_rows"] if f["fault"] == "listed_twice"]
    assert sorted(twice) == sorted(file for kind, file, _, _ in before if kind == "listed_twice")
    assert after == made[False], f"left: {sorted(after ^ made[False])[:5]}"


def check_what_the_text_says(stack):
    """Figures of the report's text: groups, units at 100 %, the place among the provinces."""
    groups = stack.query("SELECT unit, study_group, registered, participated FROM bi.group_status WHERE wave = %s", WAVE)
    assert len(groups) == 154 and sum(took_part < listed for _, _, listed, took_part in groups) == 85
    low = {(unit, group) for unit, group, listed, took_part in groups if took_part * 5 < listed}
    assert low == {("HG-SYTE", "17"), ("HG-SYTE", "153"), ("HG-SYTE", "15"), ("HG-SYTE", "9"), ("HG-XINMAN", "26"),
                   ("HG-XINMAN", "27"), ("HG-XINMAN", "30"), ("HG-XINMAN", "28"), ("HG-XINMAN", "32"), ("HG-XINMAN", "31")}
    none = {(unit, group) for unit, group, _, took_part in groups if took_part == 0}
    assert none == {("HG-SYTE", "17"), ("HG-XINMAN", "26"), ("HG-XINMAN", "27"), ("HG-XINMAN", "30")}
    units = stack.query("SELECT u.unit_kind = 'huyen', p.unit, p.participated = p.registered FROM bi.participation p"
                        " JOIN bi.units u USING (unit) WHERE p.wave = %s", WAVE)
    districts = {unit: whole for district, unit, whole in units if district}
    assert len(districts) == 11 and {u for u, whole in districts.items() if whole} == {"HG-TPHAGIANG", "HG-VIXUYEN"}
    offices = {unit: whole for district, unit, whole in units if not district}
    assert len(offices) == 22 and {u for u, whole in offices.items() if not whole} == {"HG-SYTE", "HG-SGDDT", "HG-STP"}
    assert stack.query("SELECT province_registered, province_rank_registered, provinces FROM bi.province_ranking WHERE wave = %s",
                       WAVE) == [(2716, 4, 27)]


def check_that_nothing_personal_left_ingest(stack):
    """Nothing of names, e-mails, numbers is in Kafka, PostgreSQL or the logs."""
    people = _identifiers(stack.folder / "world")
    assert len(people) > 5000
    places = {kind: b"\n".join(checks.read_log(stack, kind)) for kind in ("events", "dead")}
    places |= {service.log.name: service.log.read_bytes() for service in (stack.ingest, stack.aggregator)}
    places["state"] = b"\n".join(v or b"" for v in checks.read_log(stack, "state"))
    for place, data in places.items():
        words = _words(data.decode(errors="replace").lower())
        found = [p for p in people if p in words and _stands_alone(p, words)]
        assert not found, f"{len(found)} identifiers in {place}, such as {found[0][:3]}…"


def _words(text):
    """What an address or a number can be part of, each once: the whole text is long, and there are thousands to look for."""
    return "\n".join(set(re.findall(r"[^\s\"]*@[^\s\"]*|[0-9a-f]*[0-9]{9}[0-9a-f]*", text)))


def _stands_alone(person, text):
    """The digits of a phone also occur by chance: within a revision of 16 digits, or a hash."""
    return not person.isdigit() or re.search(f"(?<![0-9a-f]){person}(?![0-9a-f])", text)


def _identifiers(world):
    import openpyxl
    found = set()
    for path in (world / "rosters").glob("*.xlsx"):
        for sheet in openpyxl.load_workbook(path, read_only=True):
            for row in sheet.iter_rows(values_only=True):
                for cell in row:
                    text = str(cell or "").strip().lower()
                    if "@" in text and " " not in text and "\n" not in text:
                        found.add(text)
                    elif text.isdigit() and len(text) >= 9:
                        found.add(text)
    return found
