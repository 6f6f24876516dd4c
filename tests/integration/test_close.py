"""Figures as of an instant: what was timed up to it and nothing else, shown to one transaction, and closed for a report."""
import hashlib
import json
import os
import shutil
import signal
import subprocess
from collections import Counter

import openpyxl
import psycopg
import pytest

from conftest import BINARIES
from harness import recompute
from harness.hand_made import event
from harness.recompute.compare import RECORDS
from harness.recompute.config import Config
from harness.recompute.measures import MEASURES
from harness.stack import wait_for
from private_database import private_database
from test_replay import World

SHOWN = ("registered", "accounts", "enrolled", "participated", "completed", "sat", "passed", "failed", "certified")
WAVES = ("W1", "W2", "W3", "W6")
AT = "2023-12-26T12:00:00Z"


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with World(tmp_path_factory.mktemp("close"), seed=4, people=60) as made:
        made.service.start()
        made.count(4000)
        made.send_odd()
        made.counted()
        yield made


def recomputed(world, at, wave):
    """unit -> measures of the wave, from the events timed up to then alone."""
    # An account that did something by then was there by then, whenever it was first seen, unless something was told of it by then.
    told = f"SELECT subject FROM archive.events WHERE event_time <= '{at}' AND type"
    acted = f"{told} IN ('enrollment.created', 'learning.progressed', 'exam.graded', 'certificate.issued') EXCEPT {told} LIKE 'account.%'"
    records = [bytes(v) for v, in world.stack.query(
        RECORDS + f" AND (event_time <= '{at}' OR type = 'learner.erased' OR type IN ('account.created', 'account.activated')"
        f" AND previous = 0 AND subject IN ({acted}))")]
    (config,), = world.stack.query("SELECT config_version FROM pulse.live JOIN pulse.generations USING (generation)")
    made = recompute.Recomputation(records, Config.read(world.stack.query, config))
    units = {}
    for (scope, _, its_wave, _, _, unit, _), row in made.tallies.items():
        if scope == "wave" and its_wave == wave and unit:
            units.setdefault(unit, Counter()).update(dict(zip(MEASURES, row)))
    return {u: {m: c[m] for m in SHOWN} for u, c in units.items() if any(c.values())}


def printed(world, *words):
    made = json.loads(world.command("report", *words, "--format", "json").stdout)
    return made, {r["unit"]: {m: r[m] for m in SHOWN} for r in made["rows"] if r.get("unit") and r["registered"] is not None}


@pytest.mark.parametrize("wave", WAVES)
def test_as_of(world, wave):
    made, units = printed(world, "participation", "--wave", wave, "--at", AT)
    assert units == recomputed(world, AT, wave)
    assert made["as_of"] == "2023-12-26T12:00:00.000000Z"


def test_as_of_is_no_trivial_cut(world):
    """Facts stand on both sides of the instant, and nobody else sees what it shows."""
    before = {w: printed(world, "participation", "--wave", w, "--at", AT)[1] for w in WAVES}
    now = {w: printed(world, "participation", "--wave", w)[1] for w in WAVES}
    assert before != now and sum(u["participated"] for w in before.values() for u in w.values()) > 20
    assert world.stack.query("SELECT count(*) FROM gen_0.tallies") == [(0,)]
    assert recompute.differences(world.stack.query, 1) == []


def test_as_of_words(world):
    table = world.command("report", "participation", "--wave", "W1", "--at", "2023-12-26T19:00").stdout
    assert "Số liệu tính đến 19:00 26/12/2023" in table
    assert "Figures as of 23:59 26/12/2023" in world.command(
        "report", "participation", "--wave", "W1", "--at", "2023-12-26", "--lang", "en").stdout
    for wrong, said in (("tomorrow", "is no date or time"), ("2023-13-01", "is no date or time"), ("2099-01-01", "still to come")):
        assert said in world.command("report", "participation", "--wave", "W1", "--at", wrong, code=2).stderr
    # Of an instant to come it says through when there are figures, and what to do.
    through = world.stack.query("SELECT to_char(min(complete_through) AT TIME ZONE 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM/YYYY') FROM bi.freshness"
                                " WHERE stream NOT IN ('roster', 'totals')")[0][0]
    for command, now in ((("report", "participation", "--wave", "W1"), True), (("close", "--wave", "W1", "--doc", "1"), False)):
        said = world.command(*command, "--at", "2099-01-01", code=2).stderr
        assert f"2099-01-01 is still to come; figures are complete through {through} (UTC+7): name an instant no later" in said, said
        assert ("leave --at out for the figures of now" in said) == now
        said = world.command(*command, "--at", "2099-01-01", "--lang", "vi", code=2).stderr
        assert f"2099-01-01 chưa tới; số liệu hiện đầy đủ đến {through}: hãy nêu thời điểm" in said, said
        assert ("bỏ --at để lấy số liệu hiện có" in said) == now


# Closing. The world's only platforms are p1 and p2; W1 is of training TA, whose courses both have.

MARKED = "2023-12-27T00:00:00Z"


def sweep(world, through, sources=("p1", "p2")):
    """Both platforms were read through then: a mark of each stream in each partition."""
    for source in sources:
        for stream in ("enrollments", "grades"):
            for course, in world.stack.query("SELECT DISTINCT course FROM pulse.courses WHERE source = %s", source):
                for p in range(3):
                    odd = (source, stream, course) == ("p1", "grades", "c1")  # as World.send_odd names it
                    value = event("source.swept", f"mark:{p}" if odd else f"swept:{source}:{stream}:{course}:{p}", None, source=source,
                                  revision=int(through[:4] + through[5:7] + through[8:10]), stream=stream, substream=course, partition=p,
                                  time=through, through=through, records=1, dead=0)
                    world.producer.produce(world.stack.topics["events"], value, b"mark", partition=p)
                    world.sent += 1
    assert world.producer.flush(60) == 0
    world.counted()


class Closed(dict):
    """(format, language) -> what was printed when it was closed; said: what close said; waves: the waves of its training then."""


@pytest.fixture(scope="module")
def closed(world):
    """W1 as of AT, closed for 555/CAT."""
    sweep(world, "2023-12-01T00:00:00Z")
    early = world.command("close", "--wave", "W1", "--at", AT, "--doc", "555/CAT", code=1).stderr
    assert "have not been read through that instant" in early and "p1 07:00 01/12/2023" in early
    # A sheet as of such an instant says so.
    said = world.command("report", "appendix1", "--wave", "W1", "--at", "2023-12-24").stdout
    assert "mới đọc đến: " in said and "p1 07:00 01/12/2023" in said
    assert "mới đọc đến" not in world.command("report", "appendix1", "--wave", "W1", "--at", "2023-11-29").stdout
    sweep(world, "2023-12-27T00:00:00Z", sources=("p1",))
    left = world.command("close", "--wave", "W1", "--at", AT, "--doc", "x", code=1).stderr
    assert "p2 07:00 01/12/2023" in left and "p1 " not in left
    sweep(world, MARKED)
    made = world.command("close", "--wave", "W1", "--at", AT, "--doc", "555/CAT", "--reason", "monthly report")
    assert "of wave W1 are closed for 555/CAT" in made.stdout
    kept = Closed({(f, lang): world.command("report", "participation", "--closed", "555/CAT", "--format", f, "--lang", lang).stdout
                   for f in ("json", "csv", "table", "html", "csv-excel") for lang in ("vi", "en")})
    kept.said = made.stdout
    kept.waves = json.loads(world.command("report", "waves", "--training", "TA", "--at", AT, "--format", "json").stdout)
    return kept


def test_closed_cells(world, closed):
    """Each cell stands in bi.closed_figures with label, order, value and how it was counted."""
    units = recomputed(world, AT, "W1")
    kept = {}
    for unit, measure, value in world.stack.query(
            "SELECT unit, measure, value FROM bi.closed_figures WHERE doc = '555/CAT' AND report = 'participation' AND unit IS NOT NULL"):
        if measure in SHOWN and value is not None:
            kept.setdefault(unit, {})[measure] = int(value)
    assert {u: m for u, m in kept.items() if m["registered"]} == units
    (offsets, config, checksums, operators), = world.stack.query(
        "SELECT min(offsets), min(config_version), count(DISTINCT checksum), count(DISTINCT closed_by) FROM bi.closed_figures")
    assert config == 1 and (checksums, operators) == (1, 1)
    assert sum(o for _, _, o in json.loads(offsets)) == world.stack.query("SELECT sum(next_offset)::int FROM archive.offsets")[0][0]
    for unit, printed_rate, part, whole in world.stack.query(
            "SELECT unit, printed, count, \"of\" FROM bi.closed_figures WHERE measure = 'account_rate' AND report = 'participation'"
            " AND unit IS NOT NULL AND \"of\" > 0"):
        tenths = (2000 * part + whole) // (2 * whole)  # half away from zero
        assert printed_rate == f"{tenths // 10},{tenths % 10}%", unit


def test_the_waves_are_closed_side_by_side_with_the_row_of_their_training(world, closed):
    """As who asks for them sees them: a wave alone is no summary of the waves."""
    kept = json.loads(world.command("report", "waves", "--closed", "555/CAT", "--format", "json").stdout)
    for part in ("rows", "totals", "notes"):
        assert kept[part] == closed.waves[part], part
    assert len(kept["rows"]) > 1 and {r["wave"] for r in kept["rows"]} >= {"W1"} and kept["totals"]["registered"] > 0
    assert any("Dòng cuối đếm mỗi người một lần" in n for n in kept["notes"])


def test_what_may_be_closed_is_complete(world, closed):
    """The sweep that read the platforms through that instant was itself later."""
    for words in (("appendix1", "--closed", "555/CAT"), ("appendix1", "--wave", "W1", "--at", AT)):
        assert "mới đọc đến" not in world.command("report", *words).stdout


def test_closed_once(world, closed):
    again = world.command("close", "--wave", "W1", "--at", AT, "--doc", "555/CAT", code=1).stderr
    assert "figures are closed for \"555/CAT\" since" in again
    assert "as of when?" in world.command("close", "--wave", "W1", "--doc", "556/CAT", code=2).stderr
    assert "for which document?" in world.command("close", "--wave", "W1", code=2).stderr
    assert "no figures are closed for \"1/X\"; closed are: 555/CAT" in world.command("report", "groups", "--closed", "1/X", code=2).stderr
    assert "closed no report \"nothing\"; it closed: " in world.command("report", "nothing", "--closed", "555/CAT", code=2).stderr
    assert world.command("report", "changes", "--since", "555/CAT", "--format", "json", "--lang", "en").stdout.count('No figure has changed.') == 1
    whole = json.loads(world.command("report", "--closed", "555/CAT", "--format", "json").stdout)
    names = [p["report"] for p in (whole if isinstance(whole, list) else [whole])]
    assert {"appendix1", "appendix2", "groups", "participation", "summary"} <= set(names)
    assert "which report?" in world.command("report", code=2).stderr
    assert "leave --unit out" in world.command("report", "appendix1", "--closed", "555/CAT", "--unit", "HG-STP", code=2).stderr
    assert "--period is no option of report groups, but of: report (pack)" in world.command("report", "groups", "--wave", "W1", "--period", "2023", code=2).stderr
    empty = world.command("close", "--wave", "W1", "--at", "2023-01-01", "--doc", "557/CAT", code=1).stderr
    assert "there is nothing to close" in empty
    assert "no blanks around it" in world.command("close", "--wave", "W1", "--at", AT, "--doc", " 557/CAT", code=2).stderr
    for wrong in ("nosuch", "p1, nosuch"):
        unknown = world.command("close", "--wave", "W1", "--at", AT, "--doc", "558/CAT", "--without", wrong, code=2).stderr
        assert 'no source "nosuch" feeds the training of wave W1; there are: p1, p2' in unknown
    assert "close" in world.command("audit").stdout and "monthly report" in world.command("audit").stdout


def test_of_two_who_close_one_document_at_once_the_second_is_told_as_ever(world, closed):
    """Both have seen that its name is free; they count one after the other."""
    words = [BINARIES / "mooc-aggregator", "close", "--wave", "W1", "--at", AT, "--doc", "two", "--config", world.service.config]
    with psycopg.connect(world.stack.conninfo(os.environ["PGUSER"])) as counting:
        counting.execute("SELECT pg_advisory_xact_lock(hashtext('mooc figures as of an instant'))")
        both = [subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
        wait_for(lambda: world.stack.query("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'mooc-aggregator close'"
                                           " AND wait_event_type = 'Lock' AND datname = current_database()") == [(2,)], 20, "both wait", 0.02)
        counting.rollback()
    said = {process.wait(60): process.stderr.read() for process in both}
    world.stack.query("DELETE FROM pulse.closed_cells WHERE doc = 'two'")
    world.stack.query("DELETE FROM pulse.closed_reports WHERE doc = 'two'")
    world.stack.query("DELETE FROM pulse.closed_documents WHERE doc = 'two'")
    assert set(said) == {0, 1} and 'figures are closed for "two" since' in said[1], said


def test_closed_documents_are_listed(world, closed, tmp_path):
    row, = json.loads(world.command("report", "closed", "--format", "json").stdout)["rows"]
    (at, by, reports), = world.stack.query(
        "SELECT to_char(min(closed_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), min(closed_by),"
        " string_agg(DISTINCT report, ', ' ORDER BY report) FROM bi.closed_figures")
    assert row == {"doc": "555/CAT", "wave": "W1", "training": "TA", "at": "2023-12-26T12:00:00Z", "closed_at": at, "closed_by": by,
                   "reason": "monthly report", "reports": row["reports"]}
    # W1's training has deadlines and forms, and no target: a document has no table of what there is not.
    assert row["reports"] == "appendix1, appendix2, deadlines, groups, headcounts, issues, participation, summary, waves"
    assert "9 reports of wave W1" in closed.said
    assert set(reports.split(", ")) <= set(row["reports"].split(", ")) and "summary" in row["reports"], "those with cells, and the text"
    table = world.command("report", "closed").stdout
    assert "CÁC VĂN BẢN ĐÃ CHỐT SỐ LIỆU" in table and "19:00" in table and "26/12/2023" in table
    assert world.command("report", "closed", "--format", "csv").stdout.splitlines()[1].startswith("555/CAT,W1,TA,2023-12-26T12:00:00Z,")
    assert "Figures as of" in world.command("report", "closed", "--lang", "en", "--format", "html").stdout
    assert "--wave is no option of report closed" in world.command("report", "closed", "--wave", "W1", code=2).stderr
    assert "follow-up, pack, closed, changes" in world.command("report", "nothing", code=2).stderr
    assert "`mooc-aggregator report closed` lists them" in world.command("report", "groups", "--closed", "1/X", code=2).stderr
    # Its reports are called as the sheets of its workbook are.
    out = tmp_path / "all.xlsx"
    world.command("report", "--closed", "555/CAT", "--out", out)
    listed = world.command("report", "closed", "--format", "csv-excel").stdout.splitlines()[1].split(";")[-1].strip('"')
    assert set(listed.split(", ")) == {n for n in openpyxl.load_workbook(out).sheetnames if not n.startswith("Biểu đồ")}
    # A CSV file holds one table; which ones there are is said of the document, not of its first report.
    for f in ("csv", "csv-excel"):
        several = world.command("report", "--closed", "555/CAT", "--format", f, code=2).stderr
        assert '"555/CAT" closed several reports: name one of appendix1, appendix2, ' in several and "report appendix1" not in several


def prints_as_before(world, closed):
    for (f, lang), text in closed.items():
        assert world.command("report", "participation", "--closed", "555/CAT", "--format", f, "--lang", lang).stdout == text


def whole(world, folder, database=()):
    """The document as every way of printing it gives it, each file's bytes, and its cells."""
    folder.mkdir()
    files = {}
    for language in ("vi", "en"):
        for words, kind in (((), "json"), ((), "xlsx"), ((), "html"), (("appendix1",), "csv"), (("groups",), "xlsx")):
            out = folder / f"{'-'.join(words) or 'all'}.{language}.{kind}"
            world.command("report", *words, "--closed", "555/CAT", "--format", kind, "--lang", language, "--out", out, *database)
            files[out.name] = out.read_bytes()
    return files


def test_closed_figures_come_back_from_a_backup(world, closed, tmp_path):
    """On an empty server, that has neither the archive nor the generation: byte for byte."""
    cells = "SELECT f::text FROM bi.closed_figures f ORDER BY report, part, \"row\", \"column\""
    before = whole(world, tmp_path / "before")
    assert len(before) == 10 and all(len(b) > 200 for b in before.values()) and before["all.vi.xlsx"][:2] == b"PK"
    world.command("backup", tmp_path / "saved")
    with private_database() as empty:
        there = ("--database", empty.writer)
        assert "none yet" in world.command("report", "--closed", "555/CAT", *there, code=2).stderr
        world.command("restore", tmp_path / "saved", "--reason", "the server burned", *there)
        assert empty.query("SELECT count(*) FROM archive.events") == [(0,)]
        after = whole(world, tmp_path / "after", there)
        assert {n for n in before if before[n] != after[n]} == set()
        assert empty.query(cells) == world.stack.query(cells) != []
        again = world.command("close", "--wave", "W1", "--at", AT, "--doc", "555/CAT", *there, code=1).stderr
        assert "figures are closed for \"555/CAT\" since" in again
        empty.query("DELETE FROM pulse.closed_reports")
        assert "no report of it is left" in world.command("report", "--closed", "555/CAT", *there, code=1).stderr


def changes(world):
    made = json.loads(world.command("report", "changes", "--since", "555/CAT", "--format", "json", "--lang", "en").stdout)
    return {(r["report"], r["unit"], r["measure"]): r for r in made["rows"]}


def test_changes(world, closed, tmp_path):
    """A late fact, another rule, an erasure: the closed figures stay, and each cell that would differ says why."""
    before = recomputed(world, AT, "W1")
    late = [event("roster.listed", "row:late:1", "row:late", "2023-09-11T08:00:00+07:00", "lists", wave="W1", unit="HG-STP",
                  identifiers=["email:late"], name="name:late"),
            event("account.created", "account:late", "p1:late", "2023-09-21T08:00:00+07:00", identifiers=["email:late"], activated=True),
            event("account.created", "account:later", "p1:later", "2024-02-21T08:00:00+07:00", identifiers=["email:late"], activated=True)]
    for value in late:
        world.producer.produce(world.stack.topics["events"], value, b"late")
    assert world.producer.flush(60) == 0
    world.sent += len(late)
    world.counted()
    found = changes(world)
    after = recomputed(world, AT, "W1")
    expected = {("participation", u, m): (before[u][m], after[u][m]) for u in after for m in SHOWN if before[u][m] != after[u][m]}
    assert set(expected) == {("participation", "HG-STP", m) for m in ("registered", "accounts")}
    own = {k: (r["old"], r["new"]) for k, r in found.items() if k[0] == "participation" and k[1] and k[2] in SHOWN}
    assert own == expected
    assert "Account created: 1" in found["participation", "HG-STP", "accounts"]["cause"]
    assert found["participation", None, "registered"]["new"] == found["participation", None, "registered"]["old"] + 1
    prints_as_before(world, closed)

    folder = tmp_path / "reference"
    shutil.copytree(world.reference, folder)
    text = (folder / "trainings.yaml").read_text()
    assert "min_score: 0.5, min_progress: 0.5, certificate: required, attempt: last, waves: [W1]" in text
    (folder / "trainings.yaml").write_text(text.replace(
        "min_score: 0.5, min_progress: 0.5, certificate: required, attempt: last, waves: [W1]", "min_score: 0.01, waves: [W1]"))
    world.command("replay", "start", "--folder", folder)
    world.command("replay", "promote")
    world.command("replay", "drop", "1")
    found = changes(world)
    changed = [r for r in found.values() if r["measure"] == "passed" and r["unit"]]
    for r in changed:
        people = r["new"] - r["old"]  # an easier rule: nobody passes less
        assert r["cause"] == f"the rules changed: config version 1 to 2: {people} {'person' if people == 1 else 'people'}", r
        assert (r["people"], len(r["keys"].split()), r["events"]) == (people, people, None), r
    assert changed
    assert found["participation", "HG-STP", "accounts"]["cause"].startswith("came after")
    prints_as_before(world, closed)


def named(told_as, kind, entity, subject=None, importid=None, **said):
    """An event whose id is told again where it is a cause."""
    own = {"id": told_as} | ({"importid": importid} if importid else {})
    return json.dumps(json.loads(event(kind, entity, subject, **said)) | own).encode()


def tell(world, *values):
    for value in values:
        world.producer.produce(world.stack.topics["events"], value, b"told")
    assert world.producer.flush(60) == 0
    world.sent += len(values)
    world.counted()


def row(name, who, unit, kind="roster.listed", revision=1, email=None, **said):
    return named(name, kind, f"row:{who}:{unit}", f"row:{who}", time="2023-09-11T08:00:00+07:00", source="lists", revision=revision, wave="W1",
                 unit=unit, identifiers=[f"email:{email or who}"], name=f"name:{who}", **said)


def account(name, who, email=None):
    return named(name, "account.created", f"account:{who}", f"p1:{who}", time="2023-09-21T08:00:00+07:00", identifiers=[f"email:{email or who}"])


def exam(name, who, kind="exam.graded", revision=1):
    return named(name, kind, f"exam:{who}", f"p1:{who}", time="2023-09-25T08:00:00+07:00", revision=revision, course="c1", exam="final", attempt=1,
                 sat=True, passed=True, score=1, max_score=1)


def form(name, activity, people, audience="nguoi-dan", revision=1):
    return named(name, "attendance.recorded", f"form:{activity}:{audience}", time="2023-09-25T08:00:00+07:00", source="lists", revision=revision,
                 wave="W1", unit="HG-STP", audience=[audience], count=people, **{"class": activity})


def causes(world, doc):
    """(report, unit or label, None of the total, measure) -> old, new, how many people, the events' ids, the words."""
    made = json.loads(world.command("report", "changes", "--since", doc, "--format", "json", "--lang", "en").stdout)
    return {(r["report"], r["unit"] or (r["label"] if r["label"] != "Total" else None), r["measure"]): (r["old"], r["new"], r["people"], set((r["events"] or "").split()), r["cause"])
            for r in made["rows"]}


def test_changes_name_whose_share_is_another_one(world, closed):
    """Each cell names those people alone whom that very cell counts otherwise, and all that came of them: moved from unit to unit, an
    attempt annulled, linked, parted by somebody else's row, there and back again."""
    tell(world, row("b1", "moved", "HG-STP"), row("b2", "annulled", "HG-STP"), account("b3", "annulled"), exam("b4", "annulled"),
         row("b5", "linked", "HG-SNV"), account("b6", "other", "another"), exam("b7", "other"), row("b8", "parted", "HG-STP"),
         account("b9", "parted"), row("b10", "back", "HG-SNV"), row("b11", "taken", "HG-STTTT", importid="list 1"),
         row("b12", "stays", "HG-STTTT"), form("b13", "Ra quân", 10), form("b14", "Tập huấn", 5))
    world.command("close", "--wave", "W1", "--at", AT, "--doc", "600/CAT")
    before = recomputed(world, AT, "W1")
    tell(world, row("l1", "moved", "HG-STP", "roster.removed", 2), row("l2", "moved", "HG-SNV"),
         exam("l3", "annulled", "exam.annulled", 2),
         named("l4", "identity.linked", "link:1", time="2023-09-12T08:00:00+07:00", source="lists",
               identifiers=["email:linked", "email:another"]),
         row("l5", "namesake", "HG-SYTE", email="parted"),
         row("l6", "back", "HG-SNV", "roster.removed", 2), row("l7", "back", "HG-STP"), row("l8", "back", "HG-STP", "roster.removed", 2),
         row("l9", "back", "HG-SNV", revision=3),
         row("l10", "taken", "HG-STTTT", "roster.removed", 2, importid="list 1"), form("l11", "Ra quân", 12, revision=2),
         row("l13", "comer", "HG-SYTE"),
         named("l12", "import.revoked", "import:list 1", time="2024-01-01T00:00:00Z", source="lists", **{"import": "list 1"}))
    after, found = recomputed(world, AT, "W1"), causes(world, "600/CAT")
    cell = {k[1:]: (*v[2:4], v[4]) for k, v in found.items() if k[0] == "participation"}
    moves = {(u, m) for u in after for m in SHOWN if before[u][m] != after[u][m]}
    assert moves == {k for k in cell if k[0] and k[1] in SHOWN}
    for (unit, measure), people, events in (
            (("HG-STP", "registered"), 1, "l1 l2"), (("HG-SNV", "registered"), 1, "l1 l2"), (("HG-SYTE", "registered"), 2, "l5 l13"),
            ((None, "registered"), 3, "l5 l10 l13"),
            (("HG-STTTT", "registered"), 1, "l10"), (("HG-STP", "accounts"), 1, "l5"), (("HG-SNV", "accounts"), 1, "l4"),
            ((None, "account_rate"), 5, "l4 l5 l10 l13"), (("HG-STP", "sat"), 1, "l3"), (("HG-SNV", "sat"), 1, "l4"),
            (("HG-STP", "account_rate"), 2, "l1 l2 l5")):
        assert cell[unit, measure][:2] == (people, set(events.split())), (unit, measure, cell[unit, measure])
    # One came and one left: the sum is what it was.
    assert {(None, "accounts"), (None, "sat")} & set(cell) == set()
    assert cell["HG-STP", "sat"][2] == "came after the closing: 1 person (Attempt annulled: 1)"
    assert cell["HG-SNV", "registered"][2] == "came after the closing: 1 person (2 events; Removed from the list: 1, Listed: 1)"
    assert cell["HG-STTTT", "registered"][2] == "came after the closing: 1 person (List taken back: 1)"
    assert found["deadlines", "HG-STP", "learners"][2:4] == (1, {"l1", "l2"})
    for place, old, new in (("Ra quân", 10, 12), (None, 15, 17)):
        assert found["headcounts", place, "nguoi-dan"] == (old, new, None, {"l11"}, "came after the closing (Attendance: 1)")
    assert not [k for k in found if k[0] == "headcounts" and k[1] == "Tập huấn"]
    assert not any({"l6", "l7", "l8", "l9"} & v[3] for v in found.values()), "who is back where she was is behind nothing"
    # The events are put right again: nothing is left to be told.
    tell(world, row("r1", "moved", "HG-SNV", "roster.removed", 2), row("r2", "moved", "HG-STP", revision=3), exam("r3", "annulled", revision=3),
         named("r4", "identity.unlinked", "link:1", time="2023-09-12T08:00:00+07:00", source="lists", revision=2,
               identifiers=["email:linked", "email:another"]),
         row("r5", "namesake", "HG-SYTE", "roster.removed", 2, email="parted"), row("r6", "taken", "HG-STTTT", revision=3),
         row("r7", "comer", "HG-SYTE", "roster.removed", 2), form("r8", "Ra quân", 10, revision=3))
    assert causes(world, "600/CAT") == {}


def test_pack(world, tmp_path):
    """A folder per unit, with what changed since the period before; the figures are those of the recomputation at both ends."""
    out = tmp_path / "pack"
    made = world.command("report", "pack", "--period", "2023-W39", "--wave", "W1", "--out", out, "--lang", "vi").stdout
    assert made == f"{out}: {len([d for d in out.iterdir() if d.is_dir()])} đơn vị\n"
    before, now = recomputed(world, "2023-09-24T16:59:59.999999Z", "W1"), recomputed(world, "2023-10-01T16:59:59.999999Z", "W1")
    assert now and before != now
    for unit, measures in now.items():
        sheet = openpyxl.load_workbook(out / unit / "W1.xlsx").worksheets[0]
        rows = {r[0]: r[1:] for r in sheet.iter_rows(values_only=True) if r and r[0]}
        for label, measure in (("Đăng ký", "registered"), ("Đã lập tài khoản", "accounts"), ("Tham gia học", "participated"),
                               ("Đạt", "passed")):
            old, new, change = rows[label][0], rows[label][2], rows[label][4]
            had = before.get(unit, {}).get(measure)
            assert new == measures[measure], (unit, measure)
            assert had is None or (old, change) == (had, f"{new - had:+d}" if new != had else "0"), (unit, measure)
        text = (out / unit / "W1.txt").read_text()
        people = f"{measures['registered']:,}".replace(",", ".")
        assert f"\n- Đăng ký: {people} người" in text and "Kỳ trước, Người" not in text, "sentences, no headings of a table"
        assert "Kỳ báo cáo: tuần 39 năm 2023 (25/09–01/10/2023)" in text and "Số liệu tính đến 23:59 01/10/2023" in text
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["period"] == "2023-W39" and manifest["at"] == "2023-10-01T16:59:59.999999Z"
    listed = {f["name"]: f["sha256"] for f in manifest["files"]}
    found = {str(p.relative_to(out)): hashlib.sha256(p.read_bytes()).hexdigest() for p in out.rglob("*") if p.is_file()}
    found.pop("manifest.json")
    assert listed == found and any(n.endswith(".message.txt") for n in found)
    message = "".join(p.read_text() for p in out.rglob("*.message.txt"))
    assert "name:" not in message and "Tổ 1 – " in message
    assert "is not empty" in world.command("report", "pack", "--period", "2023-W39", "--out", out, code=2).stderr
    for words, said in ((("--period", "2023-W60", "--out", tmp_path / "x"), "is no period"), (("--out", tmp_path / "x"), "of which period?"),
                        (("--period", "2023-09"), "needs --out DIR"), (("--period", "2190-01", "--out", tmp_path / "x"), "has not begun"),
                        (("--period", "2023-09", "--wave", "W99", "--out", tmp_path / "x"), "there is no wave")):
        assert said in world.command("report", "pack", *words, code=2).stderr
    assert not (tmp_path / "x").exists() and not (tmp_path / "x.part").exists()


def test_a_pack_that_is_broken_off_leaves_nothing(world, tmp_path):
    out, part = tmp_path / "pack", tmp_path / "pack.part"
    stack = world.stack
    command = [stack.binaries / "mooc-aggregator", "report", "pack", "--period", "2023-W39", "--wave", "W1", "--out", out,
               "--config", stack.aggregator.config]
    with psycopg.connect(stack.conninfo(os.environ["PGUSER"])) as holder:
        holder.execute("LOCK TABLE pulse.offsets IN ACCESS EXCLUSIVE MODE")
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        wait_for(part.exists, 20, "it has begun", every=0.01)
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=20) == ("", "mooc-aggregator: đã dừng\n")
    assert process.returncode == 1 and list(tmp_path.iterdir()) == []


def test_a_pack_says_how_far_its_figures_reach(world, closed, tmp_path):
    """The platforms are read to a day of the period: no text of the pack states the period's end alone."""
    def pack(name, *more):
        out = tmp_path / name
        world.command("report", "pack", "--period", "2024-02", "--wave", "W1", "--out", out, *more)
        texts = [p.read_text() for p in out.rglob("W1.txt")]
        sheets = ["\n".join(str(c) for row in openpyxl.load_workbook(p).worksheets[0].iter_rows(values_only=True) for c in row if c)
                  for p in out.rglob("W1.xlsx")]
        messages = "".join(p.read_text() for p in out.rglob("*.message.txt"))
        assert texts and sheets and messages
        return ["\n".join(t.splitlines()[:8]) for t in texts], sheets, messages

    texts, sheets, messages = pack("vi")
    for text in texts + sheets:
        assert ("Số liệu tính đến 23:59 29/02/2024\nSố liệu chưa đầy đủ đến thời điểm đó, mới đọc đến: p1 07:00 27/12/2023,"
                " p2 07:00 27/12/2023" in text)
    assert ", đến 07:00 27/12/2023: " in messages and "29/02/2024" not in messages
    texts, sheets, messages = pack("en", "--lang", "en")
    for text in texts + sheets:
        assert "The figures are not complete through that instant, but read only through: p1 07:00 27/12/2023, p2 07:00 27/12/2023" in text
    assert ", as of 07:00 27/12/2023: " in messages and "29/02/2024" not in messages
    # A platform that was never read: nothing of it reaches any day.
    (generation,), = world.stack.query("SELECT generation FROM pulse.live")
    rename = f"UPDATE gen_{generation}.marks SET source = %s WHERE source = %s RETURNING 1"
    try:
        assert world.stack.query(rename, "p9", "p2")
        texts, sheets, messages = pack("never")
        for text in texts + sheets:
            assert "mới đọc đến: p1 07:00 27/12/2023, p2 chưa đọc lần nào" in text
        assert ", đến 23:59 29/02/2024 (số liệu chưa đầy đủ, mới đọc đến: p1 07:00 27/12/2023, p2 chưa đọc lần nào): " in messages
        _, _, messages = pack("never.en", "--lang", "en")
        assert ", as of 23:59 29/02/2024 (not complete, read only through: p1 07:00 27/12/2023, p2 never read): " in messages
    finally:
        world.stack.query(rename, "p2", "p9")


def test_pack_leaves_out_what_there_is_not(world, tmp_path):
    """Of a training without deadlines no sheet of deadlines; of one with them there is one."""
    sheets = {}
    for wave in ("W6", "W7"):
        out = tmp_path / wave
        world.command("report", "pack", "--period", "2024-03", "--wave", wave, "--out", out)
        books = [openpyxl.load_workbook(p).sheetnames for p in out.rglob("*.xlsx") if p.parent.name != "U-X"]
        assert books
        sheets[wave] = {name for book in books for name in book}
        assert all(book[:2] == ["Theo kỳ", "Kết quả theo đơn vị"] for book in books)
    assert "Hạn hoàn thành" in sheets["W6"] and "Hạn hoàn thành" not in sheets["W7"]
    assert sheets["W6"] - {"Hạn hoàn thành"} == sheets["W7"]
    # A unit that the reference data lacks is in the pack, and its book says why it has one sheet.
    book = openpyxl.load_workbook(tmp_path / "W6" / "U-X" / "W6.xlsx")
    cells = [c for row in book.worksheets[0].iter_rows(values_only=True) for c in row if c]
    assert book.sheetnames == ["Theo kỳ"] and any("không có trong danh mục đơn vị" in str(c) for c in cells)


def test_no_changed_cell_is_without_its_people(world, closed):
    """Of whatever came: a count that moved by so many has as many people behind it at least, and late events or erasures
    alone. Each adds one or takes one away: a single one too many would show (two who became one are rare, and not in this world)."""
    for wave in ("W1", "W6"):
        world.command("close", "--wave", wave, "--at", AT, "--doc", f"700/{wave}")
    marks = dict(world.stack.query("SELECT partition, next_offset FROM archive.offsets"))
    world.count(1500)
    late = {i for i, p, o in world.stack.query("SELECT id, partition, \"offset\" FROM archive.events WHERE id IS NOT NULL") if o >= marks[p]}
    seen, odd = Counter(), 0
    for wave in ("W1", "W6"):
        made = json.loads(world.command("report", "changes", "--since", f"700/{wave}", "--format", "json", "--lang", "en").stdout)
        for r in made["rows"]:
            seen[r["report"]] += 1
            if r["report"] == "issues" and r["unit"] is None and "is not known" in r["label"]:
                continue  # a code that the config lacks: nobody's share
            assert r["cause"] != "came after the closing", r
            assert {i for i in (r["events"] or "").split() if i != "…"} <= late, r
            assert (r["people"] or 0) >= len((r["keys"] or "").split()) - 1
            if "came after" in r["cause"] and "; " not in r["cause"] and r["report"] != "headcounts":
                assert r["people"] and r["keys"], r
                if r["report"] != "issues" and all(isinstance(r[k], int) for k in ("old", "new")):
                    moved = abs(r["new"] - r["old"])
                    assert moved <= r["people"], r
                    odd += (moved - r["people"]) % 2
    assert odd == 0
    assert {"appendix1", "appendix2", "participation", "groups", "deadlines", "issues", "waves"} <= set(seen), seen


def test_after_the_log_was_written_anew_no_cause_is_made_up(world, closed):
    """Places of the log of then are none of the new topic: what has changed is told, and that its cause is not known."""
    tell(world, row("x1", "stranger", "HG-SYTE"))
    known = causes(world, "555/CAT")
    world.stack.query("UPDATE pulse.closed_documents SET offsets = replace(offsets::text, 'mooc.events.v1', 'mooc.events.v0')::jsonb"
                      " WHERE doc = '555/CAT'")
    try:
        found = causes(world, "555/CAT")
    finally:
        world.stack.query("UPDATE pulse.closed_documents SET offsets = replace(offsets::text, 'mooc.events.v0', 'mooc.events.v1')::jsonb"
                          " WHERE doc = '555/CAT'")
    assert found and {k: v[:2] for k, v in found.items()} == {k: v[:2] for k, v in known.items()}
    assert {v[2:] for v in ((*v[:2], v[2], frozenset(v[3]), v[4]) for v in found.values())} == {
        (None, frozenset(), "not known: the log has been written anew since the closing")}
