"""Reference data into a real database: labels at once, additions under the offsets' lock, the rest refused by name."""
import csv
import datetime
import os
import shutil
import subprocess
import threading
import time
from urllib.parse import quote

import psycopg
import pytest

from harness.pg_proxy import PgProxy
from private_database import ROOT, private_database

FOLDER = ROOT / "config/hagiang-2023"


@pytest.fixture(scope="module")
def shared():
    with private_database() as database:
        yield database


@pytest.fixture
def database(shared):
    """As after the deployment: nothing loaded, nothing counted."""
    shared.query("""
        DELETE FROM pulse.offsets; DELETE FROM gen_1.unmapped; DELETE FROM gen_1.tallies;
        UPDATE pulse.generations SET config_version = 0;
        TRUNCATE pulse.config_versions, pulse.trainings, pulse.waves, pulse.courses, pulse.units, pulse.unit_aliases,
            pulse.training_labels, pulse.wave_labels, pulse.targets, pulse.staff, pulse.audience_labels, pulse.calendar CASCADE;
        INSERT INTO pulse.config_versions (config_version, fingerprint) VALUES (0, '')""")
    return shared


@pytest.fixture
def folder(tmp_path):
    copy = tmp_path / "reference"
    shutil.copytree(FOLDER, copy)
    return copy


def edit(path, change):
    """change(rows) on the CSV's rows as dicts."""
    with open(path, encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        names, rows = reader.fieldnames, list(reader)
    rows = change(rows) or rows
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def counted(database, next_offset=10):
    """As if events had been folded with the loaded config."""
    database.query("""
        INSERT INTO pulse.offsets (generation, topic, partition, next_offset, writer_epoch, config_version)
        SELECT 1, 'mooc.events.v1', p, %s, 7, (SELECT config_version FROM pulse.generations) FROM generate_series(0, 3) p""",
                   next_offset)


def versions(database):
    return (database.query("SELECT config_version FROM pulse.generations")[0][0],
            sorted({v for (v,) in database.query("SELECT config_version FROM pulse.offsets")}))


def test_first_load_is_free_and_the_second_does_nothing(database, folder):
    counted(database, next_offset=0)  # a writer is there, nothing is folded
    assert "no fault found" in database.aggregator("config", "check", folder).stdout
    assert "would take" in database.aggregator("config", "diff", folder).stdout
    assert database.query("SELECT count(*) FROM pulse.units") == [(0,)]
    done = database.aggregator("config", "load", folder)
    assert "loaded as config version 1" in done.stdout
    assert versions(database) == (1, [1])
    counts = database.query("""
        SELECT (SELECT count(*) FROM pulse.units), (SELECT count(*) FROM pulse.waves WHERE config_version = 1),
               (SELECT count(*) FROM pulse.courses WHERE config_version = 1), (SELECT count(*) FROM pulse.calendar),
               (SELECT alias FROM pulse.unit_aliases WHERE alias = 'Ngành Y tế')""")
    with open(folder / "calendar.csv", encoding="utf-8") as file:
        days = len(file.readlines()) - 1
    assert counts == [(60, 28, 1, days, "Ngành Y tế")]
    assert "nothing to do" in database.aggregator("config", "load", folder).stdout
    assert versions(database) == (1, [1])
    assert database.query("SELECT count(*) FROM pulse.config_versions") == [(2,)]


def test_labels_take_effect_at_once_and_leave_the_version(database, folder):
    database.aggregator("config", "load", folder)
    counted(database)

    def rename(rows):
        for row in rows:
            if row["code"] == "HG-SYTE":
                row["name"] = "Sở Y tế Hà Giang"
                row["aliases"] = "SYT"
    edit(folder / "units.csv", rename)
    edit(folder / "targets.csv", lambda rows: [{"wave": "DA06-2023-HG", "unit": "HG-SYTE", "planned": "800"}])
    diff = database.aggregator("config", "diff", folder).stdout
    assert "unit HG-SYTE: changed" in diff and "Sở Y tế -> Sở Y tế Hà Giang" in diff
    database.aggregator("config", "load", folder)
    assert versions(database) == (1, [1])
    assert database.query("SELECT unit_name, aliases FROM bi.units WHERE unit = 'HG-SYTE'") == [("Sở Y tế Hà Giang", "SYT")]
    assert database.query("SELECT planned FROM bi.participation WHERE unit = 'HG-SYTE'") == [(800,)]


def test_additions_extend_the_config_of_the_live_generation(database, folder):
    database.aggregator("config", "load", folder)
    counted(database)
    edit(folder / "waves.csv", lambda rows: rows + [{
        "code": "DA06-2024-HG", "training": "DA06-2023", "province": "HG", "name": "Đợt 2024", "printed_name": "Hà Giang 2024",
        "begins": "2024-03-01", "ends": "2024-03-10", "kind": "counted", "print_order": "29"}])
    edit(folder / "courses.csv", lambda rows: rows + [{
        "source": "daotao", "course": "course-v1:DEAN06+CDS01+2024", "training": "DA06-2023", "exam": "Thi"}])
    done = database.aggregator("config", "load", folder)
    assert "wave DA06-2024-HG: added" in done.stdout
    assert versions(database) == (2, [2])
    assert database.query("SELECT count(*) FROM pulse.waves WHERE config_version = 1") == [(28,)], "the old version stays"
    assert database.query("SELECT count(*) FROM bi.waves") == [(29,)]


def test_what_events_mention_needs_a_new_generation(database, folder):
    database.aggregator("config", "load", folder)
    counted(database)
    database.query("INSERT INTO gen_1.unmapped VALUES ('course', 'daotao', 'course-v1:X'), ('wave', '', 'W-NEW')")
    edit(folder / "courses.csv", lambda rows: rows + [
        {"source": "daotao", "course": "course-v1:X", "training": "DA06-2023", "exam": ""},
        {"source": "other", "course": "course-v1:X", "training": "DA06-2023", "exam": ""}])
    refused = database.aggregator("config", "load", folder, code=2)
    assert "course daotao course-v1:X: added, events that are already counted mention it" in refused.stderr
    assert "new generation" in refused.stderr and "replay start --config DIR" in refused.stderr
    assert versions(database) == (1, [1])
    assert database.query("SELECT count(*) FROM pulse.courses") == [(1,)], "nothing is loaded, not even what may be"


@pytest.mark.parametrize("file, change, message", [
    ("waves.csv", {"code": "DA06-2023-HG", "begins": "2023-09-18"}, "wave DA06-2023-HG: changed, begins 2023-09-20 -> 2023-09-18"),
    ("waves.csv", {"code": "DA06-2023-KH", "kind": "counted"}, "wave DA06-2023-KH: changed, totals_only true -> false"),
    ("courses.csv", None, "course daotao course-v1:DEAN06+CDS01+2023: removed"),
])
def test_what_is_already_counted_is_not_changed(database, folder, file, change, message):
    database.aggregator("config", "load", folder)
    counted(database)

    def apply(rows):
        if change is None:
            del rows[0]
        else:
            next(r for r in rows if r["code"] == change["code"]).update(change)
    edit(folder / file, apply)
    assert message in database.aggregator("config", "diff", folder).stdout
    assert message in database.aggregator("config", "load", folder, code=2).stderr
    assert versions(database) == (1, [1])


RULES = """- code: DA06-2023
  name: {vi: "Đề án 06", en: "Project 06"}
  pass_rules:
    - {min_score: 0.5, min_progress: 1, certificate: required, attempt: last, waves: [DA06-2023-HG], from: 2023-09-01, to: 2023-12-31}
    - {by: platform}
  completion: {min_progress: 0.9, by: certificate, min_attendance: 3}
  deadline: {working_days: 10}
  lectures: {count: 10, minutes: 30}
"""


def test_rules_of_trainings_reach_their_tables(database, folder):
    (folder / "trainings.yaml").write_text(RULES, encoding="utf-8")
    database.aggregator("config", "load", folder)
    assert database.query("SELECT * FROM pulse.trainings") == [(1, "DA06-2023", 0.9, "certificate", 3, 10, 10, 30)]
    day = datetime.date
    assert database.query("SELECT * FROM pulse.pass_rules ORDER BY position") == [
        (1, "DA06-2023", 1, False, 0.5, 1.0, True, "last", ["DA06-2023-HG"], day(2023, 9, 1), day(2023, 12, 31)),
        (1, "DA06-2023", 2, True, None, None, False, "best", None, None, None)]
    assert "nothing to do" in database.aggregator("config", "load", folder).stdout


@pytest.mark.parametrize("old, new, message", [
    ("attempt: last", "attempt: first", "attempt last, waves DA06-2023-HG, from 2023-09-01, to 2023-12-31 -> min_score 0.5"),
    ("    - {by: platform}\n", "", "pass rule 2 by platform, attempt best -> (none)"),
    ("min_attendance: 3", "min_attendance: 2", "training DA06-2023: changed, completion_min_attendance 3 -> 2"),
    ("by: certificate", "by: passed", "completion_by certificate -> passed"),
    ("working_days: 10", "working_days: 9", "deadline_working_days 10 -> 9"),
    ("count: 10", "count: 9", "lectures 10 -> 9"),
    ("minutes: 30", "minutes: 29", "lecture_minutes 30 -> 29"),
])
def test_rules_that_figures_are_counted_with_need_a_new_generation(database, folder, old, new, message):
    (folder / "trainings.yaml").write_text(RULES, encoding="utf-8")
    database.aggregator("config", "load", folder)
    counted(database)
    (folder / "trainings.yaml").write_text(RULES.replace(old, new), encoding="utf-8")
    diff = database.aggregator("config", "diff", folder).stdout
    assert message in diff and "would refuse" in diff
    database.aggregator("config", "load", folder, code=2)
    added = RULES + """- code: OTHER
  name: {vi: "Khác"}
  pass_rule: {min_score: 0.7}
"""
    (folder / "trainings.yaml").write_text(added, encoding="utf-8")
    assert "training OTHER: added" in database.aggregator("config", "load", folder).stdout
    assert versions(database) == (2, [2])


def test_a_unit_with_people_is_not_removed(database, folder):
    database.aggregator("config", "load", folder)
    counted(database)
    database.query("""INSERT INTO gen_1.tallies
        VALUES ('wave', 'DA06-2023', 'DA06-2023-HG', 0, '', 'HG-CAT', '', 27, 27, 0, 0, 27, 0, 0, 27, 0, 27, 0, 0, 0, 0, 0, 0, 0)""")

    def without(*codes):
        return lambda rows: [r for r in rows if r["code"] not in codes]
    edit(folder / "units.csv", without("HG-CAT"))
    refused = database.aggregator("config", "load", folder, code=2)
    assert "unit HG-CAT: removed, people are counted in it: keep it and set valid_to" in refused.stderr
    shutil.copy(FOLDER / "units.csv", folder)
    edit(folder / "units.csv", without("HG-THUE"))
    database.aggregator("config", "load", folder)
    assert database.query("SELECT count(*) FROM pulse.units") == [(59,)]


def test_a_faulty_folder_is_refused_whole(database, folder):
    def break_it(rows):
        rows[1]["parent"] = "NOWHERE"
        rows[2]["parent"] = rows[2]["code"]
    edit(folder / "units.csv", break_it)
    refused = database.aggregator("config", "check", folder, code=2)
    assert "NOWHERE" in refused.stderr and "HG-BACQUANG" in refused.stderr
    database.aggregator("config", "load", folder, code=2)
    assert database.query("SELECT count(*) FROM pulse.units") == [(0,)]
    database.aggregator("config", "check", folder / "missing", code=2)


def test_a_batch_in_flight_is_waited_for_and_the_next_one_is_fenced(database, folder):
    """The writer's compare-and-set names the config version it folded with."""
    database.aggregator("config", "load", folder)
    counted(database)
    edit(folder / "waves.csv", lambda rows: rows + [dict(rows[0], code="DA06-2024-KH", print_order="29")])
    advance = """UPDATE pulse.offsets SET next_offset = next_offset + 1
                  WHERE generation = 1 AND topic = 'mooc.events.v1' AND writer_epoch = 7 AND config_version = 1"""
    with psycopg.connect(database.writer) as batch:
        assert batch.execute(advance).rowcount == 4
        load = threading.Thread(target=database.aggregator, args=("config", "load", folder))
        load.start()
        time.sleep(1.0)
        assert versions(database) == (1, [1]), "the load waits"
        batch.commit()
        load.join(30)
        assert versions(database) == (2, [2])
        assert batch.execute(advance).rowcount == 0, "a batch folded with version 1 finds no row"
    assert database.query("SELECT DISTINCT next_offset FROM pulse.offsets") == [(11,)]


def test_without_the_schema_the_command_to_run_is_named(folder):
    with private_database(deploy=False) as empty:
        refused = empty.aggregator("config", "load", folder, code=1)
        address = f"db:pg://{os.environ['PGUSER']}@127.0.0.1:{os.environ['PGPORT']}/{empty.name}"
        assert refused.stderr.endswith(f"in the folder schema/ run: sqitch deploy --verify {address}\n")
        empty.writer += f" host={os.environ['MOOC_PG_SOCKETS']}"
        refused = empty.aggregator("config", "load", folder, code=1).stderr
        address = f"db:pg://{os.environ['PGUSER']}@{quote(os.environ['MOOC_PG_SOCKETS'], safe='')}:{os.environ['PGPORT']}/{empty.name}"
        assert refused.endswith(f" {address}\n")
        environment = {k: v for k, v in os.environ.items() if k not in ("PGHOST", "PGPORT", "PGUSER", "PGDATABASE")}
        subprocess.run(["sqitch", "deploy", "--verify", address], cwd=ROOT / "schema", env=environment, check=True, capture_output=True)
        empty.aggregator("config", "load", folder)


def test_another_schema_version_is_refused(database, folder):
    version = database.query("SELECT version FROM pulse.schema_version")[0][0]
    database.query("UPDATE pulse.schema_version SET version = version - 1")
    try:
        assert "sqitch deploy" in database.aggregator("config", "diff", folder, code=1).stderr
        database.query("UPDATE pulse.schema_version SET version = version + 2")
        assert "install the release" in database.aggregator("report", "appendix1", code=1).stderr
    finally:
        database.query("UPDATE pulse.schema_version SET version = %s", version)


def test_an_unreachable_server_is_exit_code_3(database, folder):
    database.aggregator("config", "load", folder)
    away = type(database)(database.name)
    away.writer = "host=127.0.0.1 port=9 dbname=x user=mooc_writer"
    away.aggregator("config", "load", folder, code=3)


def test_a_server_lost_while_it_commits_is_exit_code_3(folder):
    """Nobody knows whether it was done; typed again it is, whichever it was."""
    with private_database() as fresh:
        writer, proxy = fresh.writer, PgProxy(1)
        trap = proxy.set_trap(b"COMMIT\0")
        threading.Thread(target=lambda: trap["sprung"].wait(30) and trap["link"].cut(), daemon=True).start()
        try:
            fresh.writer = writer.replace(f"port={os.environ['PGPORT']}", f"port={proxy.port}")
            said = fresh.aggregator("config", "load", folder, code=3).stderr
        finally:
            proxy.close()
        assert "whether the folder was loaded is not known, mooc-aggregator config diff tells" in said and "committing" in said
        fresh.writer = writer
        fresh.aggregator("config", "load", folder)
