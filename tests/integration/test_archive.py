"""Exports of the archive: what stands in them, what is noticed of damage, and how months go and come back."""
import base64
import fcntl
import gzip
import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import time
from datetime import datetime, timedelta, timezone

import psycopg
import pytest
from confluent_kafka import Producer

from conftest import BINARIES
from harness.stack import Stack, wait_for
from private_database import BINARY, private_database

TOPIC = "mooc.events.v1"
MONTHS = ("2023-01", "2023-02", "2023-03")
THIS_MONTH = datetime.now(timezone.utc).strftime("%Y-%m")  # is not over


def rows_of_months(seed, partitions=3, per_month=40, months=MONTHS):
    """(partition, offset, log_time, id, value): offsets with gaps as transactions leave them, values of every kind."""
    rng = random.Random(seed)
    rows = []
    for partition in range(partitions):
        offset = 0
        for month in months:
            year, number = map(int, month.split("-"))
            for i in range(per_month):
                log_time = datetime(year, number, 1 + i * 27 // per_month, i % 24, 59, 59, 123456 + i, timezone.utc)
                value = rng.choice((b'{"id":"%d \\"q\\" \xc4\x91\xc3\xb3"}\n\t' % i, b"\xff\xfe raw", b"nul \0 in it", b"", b"\x01\x1f\\",
                                    json.dumps({"id": f"{partition}-{offset}", "data": "x" * rng.randrange(300)}).encode()))
                rows.append((partition, offset, log_time, f"id-{offset}" if value else None, value))
                offset += rng.choice((1, 1, 1, 2))
    rows[3] = (*rows[3][:3], None, None)            # a record without a value
    rows[5] = (*rows[5][:3], "erased \"5\"", None)  # one that was blanked
    return rows


def fill(database, rows, vector=None, topic=TOPIC):
    with database.owner() as connection:
        for month in {(r[2].year, r[2].month) for r in rows}:
            connection.execute("SELECT archive.ensure_month(%s)", [datetime(*month, 1, tzinfo=timezone.utc)])
        shuffled = rows[:]
        random.Random(1).shuffle(shuffled)
        with connection.cursor().copy('COPY archive.events (partition, "offset", log_time, id, value) FROM STDIN') as copy:
            for row in shuffled:
                copy.write_row(row)
        for partition in {r[0] for r in rows}:
            offset = (vector or {}).get(partition, max(r[1] for r in rows if r[0] == partition) + 1)
            connection.execute('INSERT INTO archive.offsets (topic, partition, next_offset, last_offset, last_id, generation) '
                               'VALUES (%s, %s, %s, %s, %s, 1) ON CONFLICT (topic, partition) DO UPDATE '
                               'SET next_offset = excluded.next_offset', [topic, partition, offset, offset - 1, "x"])


def manifest_of(folder):
    text = (folder / "manifest.json").read_bytes()
    body = text[:text.rindex(b"\n", 0, -1) + 1]
    manifest = json.loads(text)
    assert manifest["sha256"] == hashlib.sha256(body).hexdigest()
    return manifest


def sealed(manifest):
    """The manifest's bytes with a checksum that fits: what an edit by somebody who knows the format looks like."""
    manifest = {k: v for k, v in manifest.items() if k != "sha256"}
    body = json.dumps(manifest)[:-1].encode() + b",\n"
    return body + b'"sha256":"%s"}\n' % hashlib.sha256(body).hexdigest().encode()


def value_of(line):
    if "value_base64" in line:
        return base64.b64decode(line["value_base64"])
    return line["value"].encode() if line.get("value") is not None else None


def read_export(folder):
    """As a stranger would, with gzip and JSON: (partition, offset, log_time, id of what was erased, value)."""
    rows = []
    for month in manifest_of(folder)["months"]:
        for part in month["partitions"]:
            if part["rows"] == 0:
                continue
            data = (folder / part["file"]).read_bytes()
            assert len(data) == part["bytes"] and hashlib.sha256(data).hexdigest() == part["sha256"]
            lines = [json.loads(line) for line in gzip.decompress(data).splitlines()]
            offsets = [line["offset"] for line in lines]
            assert offsets == sorted(set(offsets)) and len(lines) == part["rows"]
            assert (offsets[0], offsets[-1]) == (part["first_offset"], part["last_offset"])
            assert {line["log_time"][:7] for line in lines} == {month["month"]}
            assert sum("erased" in line for line in lines) == part["erased"] and hash_of(lines) == part["hash"]
            rows += [(l["partition"], l["offset"], datetime.fromisoformat(l["log_time"].replace("Z", "+00:00")), l.get("id"), value_of(l))
                     for l in lines]
    return rows


def hash_of(lines):
    """As docs/archive-format.md says."""
    total = 0
    for line in lines:
        at = datetime.fromisoformat(line["log_time"].replace("Z", "+00:00")) - datetime(1970, 1, 1, tzinfo=timezone.utc)
        head = line["offset"].to_bytes(8, "big") + (at // timedelta(microseconds=1)).to_bytes(8, "big")
        value = value_of(line)
        tail = b"\2" + line["id"].encode() if "erased" in line else b"\0" if value is None else b"\1" + value
        total ^= int.from_bytes(hashlib.sha256(head + tail).digest()[:8], "big")
    return f"{total:016x}"


def archived(rows):
    """What an export is to hold of these rows."""
    return sorted((p, o, t, i if v is None else None, v) for p, o, t, i, v in rows)


def through(manifest):
    return [p["complete_through"] for p in manifest["partitions"]]


@pytest.fixture
def database():
    with private_database() as made:
        yield made


def export_of(database, folder):
    """Three months over, the fourth begun: an export of the three."""
    rows = rows_of_months(7, months=(*MONTHS, THIS_MONTH))
    fill(database, rows)
    database.aggregator("archive", "export", folder, "--month", "2023-01")
    database.aggregator("archive", "export", folder)
    return folder, rows


@pytest.fixture
def exported(database, tmp_path):
    return export_of(database, tmp_path / "export")


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """For those that change nothing in the database: the database and the folder, to be copied."""
    with private_database() as made:
        yield made, export_of(made, tmp_path_factory.mktemp("archive") / "export")[0]


@pytest.fixture
def copied(original, tmp_path):
    shutil.copytree(original[1], tmp_path / "export")
    return original[0], tmp_path / "export"


def test_a_stranger_reads_an_export(exported, database):
    folder, rows = exported
    expected = archived(r for r in rows if r[2].year == 2023)
    assert sorted(read_export(folder)) == expected
    manifest = manifest_of(folder)
    assert [m["month"] for m in manifest["months"]] == list(MONTHS) and all(m["complete"] for m in manifest["months"])
    assert manifest["topic"] == TOPIC
    begun = [min(o for p, o, t, *_ in rows if p == partition and t.year > 2023) for partition in range(3)]
    assert through(manifest) == begun
    before = {f.name: f.stat().st_ino for f in folder.glob("events-*")}
    assert "nothing new" in database.aggregator("archive", "export", folder).stdout
    assert {f.name: f.stat().st_ino for f in folder.glob("events-*")} == before
    checked = json.loads(database.aggregator("archive", "check", folder, "--against", "database", "--format", "json").stdout)
    assert checked["ok"] and checked["months_equal"] == 3 and checked["records"] == len(expected)
    assert [p["complete_through"] for p in checked["partitions"]] == begun
    noted = database.query("SELECT month::text, sum(rows)::int FROM archive.exports GROUP BY 1 ORDER BY 1")
    assert noted == [(f"{m}-01", sum(t.strftime("%Y-%m") == m for _, _, t, *_ in rows)) for m in MONTHS]


def flip(folder, part, manifest):
    data = bytearray((folder / part["file"]).read_bytes())
    data[len(data) // 2] ^= 4
    (folder / part["file"]).write_bytes(data)


def truncate(folder, part, manifest):
    data = (folder / part["file"]).read_bytes()
    (folder / part["file"]).write_bytes(data[:len(data) // 2])


def lose(folder, part, manifest):
    (folder / part["file"]).unlink()


def swap(folder, part, manifest):
    other = folder / manifest["months"][1]["partitions"][2]["file"]
    here = folder / part["file"]
    a, b = here.read_bytes(), other.read_bytes()
    here.write_bytes(b)
    other.write_bytes(a)


def append(folder, part, manifest):
    with open(folder / part["file"], "ab") as file:
        file.write(b"\0")


def rewrite(change):
    """Lines changed by somebody who also corrects size and checksum in the manifest."""
    def fault(folder, part, manifest):
        lines = gzip.decompress((folder / part["file"]).read_bytes()).splitlines(keepends=True)
        data = gzip.compress(b"".join(change(lines)))
        (folder / part["file"]).write_bytes(data)
        part.update(bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
        (folder / "manifest.json").write_bytes(sealed(manifest))
    return fault


FAULTS = {
    "flip": flip, "truncate": truncate, "lose": lose, "swap": swap, "append": append,
    "order": rewrite(lambda lines: lines[:8] + [lines[9], lines[8]] + lines[10:]),
    "gone": rewrite(lambda lines: lines[:8] + lines[9:]),
    "twice": rewrite(lambda lines: lines[:9] + lines[8:]),
    "value": rewrite(lambda lines: lines[:-1] + [re.sub(rb'"value[^}]*}', b'"value":"other"}', lines[-1])]),
    "no json": rewrite(lambda lines: lines[:8] + [b"{}\n"] + lines[8:]),
    "no newline": rewrite(lambda lines: lines[:-1] + [lines[-1][:-1]]),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_damage_is_found_and_named(copied, fault):
    database, folder = copied
    manifest = manifest_of(folder)
    part = manifest["months"][1]["partitions"][1]
    FAULTS[fault](folder, part, manifest)
    said = database.aggregator("archive", "check", folder, "--against", "database", code=1).stdout
    assert part["file"] in said and ("offset" in said or fault == "lose"), said
    assert "must not be relied on" in said and "into a new folder" in said and "complete before" not in said
    assert database.query("SELECT count(*)::int FROM archive.exports WHERE folder = %s", str(folder.resolve())) == [(0,)]


def edit(change):
    def edited(folder):
        text = (folder / "manifest.json").read_bytes()
        changed = change(text)
        assert changed != text
        (folder / "manifest.json").write_bytes(changed)
    return edited


def without_a_month(text):
    manifest = json.loads(text)
    del manifest["months"][1]
    return sealed(manifest)


def reaching_further(text):
    manifest = json.loads(text)
    manifest["partitions"][1]["complete_through"] = manifest["partitions"][1]["archived"] + 1
    return sealed(manifest)


@pytest.mark.parametrize("change", [
    lambda text: text.replace(b'"erased":0', b'"erased":1', 1), lambda text: text[:len(text) // 2], lambda text: b"",
    without_a_month, reaching_further,
    lambda text: sealed(json.loads(text.replace(b'"file":"events', b'"file":"../events', 1)))])
def test_an_edited_manifest_is_refused(copied, change):
    database, folder = copied
    edit(change)(folder)
    assert "manifest.json" in database.aggregator("archive", "check", folder, code=1).stderr
    assert "take another folder" in database.aggregator("archive", "export", folder, code=1).stderr


def test_a_database_that_differs_is_found(exported, database):
    folder, _ = exported
    last = "partition = 1 AND \"offset\" = (SELECT max(\"offset\") FROM archive.events WHERE partition = 1 AND log_time < '{}')"
    database.query("UPDATE archive.events SET value = 'other' WHERE " + last.format("2023-02-01"))
    database.query("DELETE FROM archive.events WHERE " + last.format("2023-03-01"))
    database.query("INSERT INTO archive.events SELECT * FROM archive.events WHERE " + last.format("2023-04-01"))
    said = database.aggregator("archive", "check", folder, "--against", "database", code=1).stdout
    assert "month 2023-01 partition 1: the archive has other records" in said
    assert "month 2023-02 partition 1: the export has 40 records, the archive 39" in said
    assert "month 2023-03 partition 1: the export has 40 records, the archive 41" in said
    assert database.query("SELECT count(*)::int FROM archive.exports") == [(0,)]


def test_what_changed_since_it_was_checked_stays(exported, database):
    folder, _ = exported
    database.aggregator("archive", "check", folder, "--against", "database")
    database.query("DELETE FROM archive.events WHERE partition = 1 AND \"offset\" = 0")
    assert "no export of month 2023-01 was checked" in database.aggregator("archive", "detach", "--month", "2023-01", code=1).stderr


def test_a_folder_of_another_archive_is_refused(copied):
    _, folder = copied
    with private_database() as other:
        fill(other, rows_of_months(7))
        assert "another archive" in other.aggregator("archive", "export", folder, code=1).stderr
        said = other.aggregator("archive", "check", folder, "--against", "database", code=1).stdout
        assert "another archive" in said
        assert "has an archive already" in other.aggregator("archive", "import", folder, code=1).stderr
        fill(other, rows_of_months(9), topic="another.topic")
        said = other.aggregator("archive", "export", folder, "--events-topic", "another.topic", code=1).stderr
        assert "another archive" in said


def test_files_of_a_month_that_only_they_have_are_not_swept_away_without_their_manifest(exported, database):
    folder, _ = exported
    database.aggregator("archive", "check", folder, "--against", "database")
    database.aggregator("archive", "detach", "--month", "2023-02", "--drop")
    manifest = (folder / "manifest.json").read_bytes()
    (folder / "manifest.json").unlink()
    files = sorted(f.name for f in folder.iterdir())
    refused = database.aggregator("archive", "export", folder, code=1).stderr
    assert "has no manifest.json, but files of month 2023-02, which the archive does not hold any more" in refused
    assert subprocess.run([BINARY, "archive", "export", folder, "--database", "host=127.0.0.1 port=1"], capture_output=True).returncode == 3
    assert sorted(f.name for f in folder.iterdir()) == files
    (folder / "manifest.json").write_bytes(manifest)
    assert "loaded 1 month(s): 120 records" in database.aggregator("archive", "import", folder, "--month", "2023-02").stdout


def test_a_month_that_may_grow_waits(database, tmp_path):
    folder, rows = tmp_path / "export", rows_of_months(11, months=MONTHS[:2])
    fill(database, rows)
    said = database.aggregator("archive", "export", folder, "--brokers", "127.0.0.1:1").stdout
    assert "month 2023-02 is over, but partition 0" in said
    assert [m["month"] for m in manifest_of(folder)["months"]] == ["2023-01"]
    now = datetime.now(timezone.utc)
    latest = {p: max(o for q, o, *_ in rows if q == p) for p in range(3)}
    more = [(p, latest[p] + 5, now, "now", b"{}") for p in range(3)]
    fill(database, more, vector={p: latest[p] + 9 for p in range(3)})
    said = database.aggregator("archive", "export", folder, "--all", "--brokers", "127.0.0.1:1").stdout
    manifest = manifest_of(folder)
    assert [m["complete"] for m in manifest["months"]] == [True, True, False]
    assert through(manifest) == [latest[p] + 9 for p in range(3)]
    assert sorted(read_export(folder)) == archived(rows + more)
    database.aggregator("archive", "check", folder, "--against", "database")
    fill(database, [(1, latest[1] + 20, now, "later", b"{}")])
    database.aggregator("archive", "export", folder, "--brokers", "127.0.0.1:1")
    assert len(read_export(folder)) == len(rows) + 4


def test_clocks_that_step_back_do_not_hide_records(database, tmp_path):
    """A leader whose clock is behind appends a record of the month before behind one of the new month."""
    utc = timezone.utc
    rows = [(0, 0, datetime(2023, 1, 9, tzinfo=utc), "a", b"a"), (0, 1, datetime(2023, 2, 1, tzinfo=utc), "b", b"b"),
            (0, 2, datetime(2023, 1, 31, 23, 59, 59, tzinfo=utc), "c", b"c"), (0, 3, datetime(2023, 2, 3, tzinfo=utc), "d", b"d")]
    fill(database, rows)
    folder = tmp_path / "export"
    database.aggregator("archive", "export", folder, "--month", "2023-01")
    assert through(manifest_of(folder)) == [1]
    with private_database() as other:
        other.aggregator("archive", "import", folder)
        assert other.query('SELECT "offset"::int FROM archive.events') == [(0,)]
        assert other.query("SELECT next_offset::int, last_offset::int FROM archive.offsets") == [(1, 0)]


def test_erased_rows_are_written_anew(exported, database):
    folder, rows = exported
    old = manifest_of(folder)["months"][1]["partitions"][1]["file"]
    database.query("UPDATE archive.events SET value = NULL, type = NULL WHERE partition = 1 AND log_time < '2023-02-05' "
                   "AND log_time >= '2023-02-01' AND id IS NOT NULL")
    said = database.aggregator("archive", "check", folder, "--against", "database", code=1).stdout
    assert "month 2023-02 partition 1: the archive has other records than the export; if people were erased since, export again" in said
    assert "export into this folder again (archive export), then check again" in said
    assert "exported 1 month(s)" in database.aggregator("archive", "export", folder).stdout
    part = manifest_of(folder)["months"][1]["partitions"][1]
    assert part["erased"] > 0 and not (folder / old).exists()
    assert b"id-" in gzip.decompress((folder / part["file"]).read_bytes())
    database.aggregator("archive", "check", folder, "--against", "database")


TABLE = "SELECT * FROM archive.events ORDER BY partition, \"offset\", log_time"


def test_months_go_and_come_back(exported, database):
    folder, _ = exported
    before = database.query(TABLE)
    refused = database.aggregator("archive", "detach", "--month", "2023-01", code=1).stderr
    assert "no export of month 2023-01 was checked" in refused
    database.aggregator("archive", "check", folder, "--against", "database")
    assert "is not over yet" in database.aggregator("archive", "detach", "--month", THIS_MONTH, code=1).stderr
    january = sum(r[2].strftime('%Y-%m') == '2023-01' for r in before)
    assert f"{january} records" in database.aggregator("archive", "detach", "--month", "2023-01", "--reason", "room").stdout
    database.aggregator("archive", "detach", "--month", "2023-02", "--drop")
    assert database.query(TABLE) == [r for r in before if r[2].strftime('%Y-%m') > '2023-02']
    assert database.query("SELECT month::text, sum(rows)::int, min(table_name) FROM archive.detached GROUP BY 1 ORDER BY 1") == [
        ("2023-01-01", january, "detached_2023_01"), ("2023-02-01", 120, None)]
    # The export still is what went, and goes on with what comes.
    database.aggregator("archive", "check", folder, "--against", "database")
    assert "nothing new" in database.aggregator("archive", "export", folder).stdout
    begun = through(manifest_of(folder))
    assert begun == [min(r[1] for r in before if r[0] == p and r[2].year > 2023) for p in range(3)]
    assert "import it from its export" in database.aggregator("archive", "attach", "--month", "2023-02", code=1).stderr
    with database.owner() as owner:  # not read through while a new month would wait
        said = []
        owner.add_notice_handler(lambda notice: said.append(notice.message_primary))
        owner.execute("SET client_min_messages = debug1")
        owner.execute("BEGIN")
        owner.execute("SELECT archive.attach_month('2023-01-01')")
        owner.execute("ROLLBACK")
        assert 'partition constraint for table "events_2023_01" is implied by existing constraints' in said, said
    database.aggregator("archive", "attach", "--month", "2023-01")
    assert "loaded 1 month(s): 120 records" in database.aggregator("archive", "import", folder, "--month", "2023-02").stdout
    after = [(*r[:4], r[-1]) for r in database.query(TABLE)]
    expected = [(*r[:4], r[-1]) for r in before]
    # Of what no event can be made, the id is not known again.
    assert [(*r[:3], r[4]) for r in after] == [(*r[:3], r[4]) for r in expected]
    assert database.query("SELECT count(*)::int FROM archive.detached") == [(0,)]
    assert [r[0] for r in database.query("SELECT action FROM pulse.audit ORDER BY entry")] == [
        "archive detach", "archive detach", "archive attach", "archive import"]
    assert "does not lack month 2023-02" in database.aggregator("archive", "import", folder, "--month", "2023-02", code=1).stderr


def test_two_who_import_a_month_at_once_load_it_once(exported, database):
    folder, _ = exported
    before = database.query("SELECT count(*)::int FROM archive.events")
    database.aggregator("archive", "check", folder, "--against", "database")
    for month in ("2023-01", "2023-02"):
        database.aggregator("archive", "detach", "--month", month, "--drop")
    with psycopg.connect(f"{database.writer} user={os.environ['PGUSER']}") as holding:
        holding.execute("LOCK TABLE archive.events IN ACCESS EXCLUSIVE MODE")
        importing = [subprocess.Popen([BINARY, "archive", "import", folder, *month, "--database", database.writer], stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE, text=True) for month in ((), (), ("--month", "2023-02"))]
        wait_for(lambda: database.query("SELECT count(*)::int FROM pg_stat_activity WHERE application_name = 'mooc-aggregator archive import'"
                                        " AND wait_event_type = 'Lock' AND datname = current_database()") == [(3,)], 20, "all wait", 0.02)
        holding.rollback()
    said = [(process.wait(60), process.stdout.read() + process.stderr.read()) for process in importing]
    assert database.query("SELECT count(*)::int FROM archive.events") == before, said
    assert [code for code, _ in said[:2]] == [0, 0] and sum(int(re.search(r"(\d+) month", text)[1]) for _, text in said if "month(s)" in text) == 2, said
    assert said[2][0] == 0 or "does not lack month 2023-02" in said[2][1], said


def test_a_busy_archive_is_detached_without_holding_up_the_writer(exported, database):
    """Somebody reads the archive for seconds; the writer goes on meanwhile, and the month goes once the reader is done."""
    folder, _ = exported
    database.aggregator("archive", "check", folder, "--against", "database")
    with psycopg.connect(database.writer) as reader:
        reader.execute("SELECT count(*) FROM archive.events")
        process = subprocess.Popen([BINARY, "archive", "detach", "--month", "2023-01", "--database", database.writer],
                                   stdout=subprocess.PIPE, text=True)
        slowest = 0
        until = time.monotonic() + 3
        while time.monotonic() < until:
            began = time.monotonic()
            database.query("INSERT INTO archive.events (partition, \"offset\", log_time) VALUES (0, 5000000, now())")
            slowest = max(slowest, time.monotonic() - began)
        assert process.poll() is None and slowest < 2
        reader.rollback()
    assert process.wait(20) == 0
    assert database.query("SELECT count(*)::int FROM archive.events WHERE log_time < '2023-02-01'") == [(0,)]


def test_an_export_fills_an_empty_archive(exported, database):
    folder, rows = exported
    want = [r for r in archived(rows) if r[2].year == 2023]
    with private_database() as other:
        assert "loaded 3 month(s)" in other.aggregator("archive", "import", folder).stdout
        (config := folder.parent / "aggregator.yaml").write_text(json.dumps({"events_topic": TOPIC}))
        database.aggregator("backup", saved := folder.parent / "saved", "--config", config)
        refused = other.aggregator("restore", saved, code=1).stderr
        assert "the database holds an archive" in refused and "`mooc-aggregator restore DIR --from-archive`" in refused, refused
        got = other.query('SELECT partition, "offset", log_time, CASE WHEN value IS NULL THEN id END, value FROM archive.events ORDER BY 1, 2')
        assert got == want
        assert [r[0] for r in other.query("SELECT next_offset::int FROM archive.offsets ORDER BY partition")] == through(manifest_of(folder))
        assert "loaded 0 month(s): the archive holds every month" in other.aggregator("archive", "import", folder).stdout
        other.aggregator("archive", "check", folder, "--against", "database")
        # It goes on as the same archive.
        fill(other, [r for r in rows if r[2].year > 2023])
        assert "nothing new" in other.aggregator("archive", "export", folder).stdout


def test_a_damaged_export_loads_nothing(copied):
    _, folder = copied
    manifest = manifest_of(folder)
    flip(folder, manifest["months"][2]["partitions"][2], manifest)
    with private_database() as other:
        assert manifest["months"][2]["partitions"][2]["file"] in other.aggregator("archive", "import", folder, code=1).stderr
        assert other.query("SELECT count(*)::int FROM archive.events") == [(0,)]
        assert other.query("SELECT count(*)::int FROM archive.offsets") == [(0,)]


def in_vietnamese(database, *arguments, code=0):
    """What the command says; no word of it is English."""
    done = database.aggregator("archive", *arguments, "--lang", "vi", code=code)
    said = done.stdout + (done.stderr if code else "")
    assert not re.search(r"\b(the|is|of|month|records?|nothing|partition|loaded|next:|back:)\b", re.sub(r"/\S+|--\w+", "", said)), said
    return said


def test_an_office_reads_it_in_vietnamese(database, tmp_path):
    folder, rows = tmp_path / "export", rows_of_months(7, months=(*MONTHS, THIS_MONTH))
    fill(database, rows)
    said = in_vietnamese(database, "export", folder)
    assert "đã xuất 3 tháng: 360 bản ghi" in said and f"chưa xuất: tháng {THIS_MONTH} chưa hết" in said
    assert f"tiếp theo: mooc-aggregator archive check {folder} --against database" in said
    assert "không có gì mới để xuất" in in_vietnamese(database, "export", folder)
    said = in_vietnamese(database, "check", folder, "--against", "database")
    assert "3 tháng, 360 bản ghi của topic mooc.events.v1" in said and "3 tháng đã đủ giống như cơ sở dữ liệu" in said
    assert "phần  đủ đến trước vị trí" in said
    with private_database() as other:
        assert "đã nạp 3 tháng: 360 bản ghi" in in_vietnamese(other, "import", folder)
        assert "đã nạp 0 tháng: kho đã có mọi tháng của bản xuất này" in in_vietnamese(other, "import", folder)
    with private_database() as other:
        fill(other, rows_of_months(3))
        assert "cơ sở dữ liệu này đã có kho" in in_vietnamese(other, "import", folder, code=1)
        assert "chưa có bản xuất nào của tháng 2023-01 được kiểm tra" in in_vietnamese(other, "detach", "--month", "2023-01", code=1)
        assert "kho không có tháng 2021-01" in in_vietnamese(other, "detach", "--month", "2021-01", code=1)
        assert "không giữ bảng nào của tháng 2023-01: tháng đó chưa được tách" in in_vietnamese(other, "attach", "--month", "2023-01", code=1)
    assert f"tháng {THIS_MONTH} chưa hết" in in_vietnamese(database, "detach", "--month", THIS_MONTH, code=1)
    said = in_vietnamese(database, "detach", "--month", "2023-01")
    assert "tháng 2023-01 đã ra khỏi kho: 120 bản ghi; số liệu giữ nguyên" in said and "archive attach --month 2023-01" in said
    assert "tháng 2023-01 đã vào lại kho: 120 bản ghi" in in_vietnamese(database, "attach", "--month", "2023-01")
    # Refusals.
    for words, code, *arguments in (
            ("kho không có gì của tháng 2022-01", 1, "export", folder, "--month", "2022-01"),
            ("Januar không phải là tháng: hãy ghi như 2026-03", 2, "export", folder, "--month", "Januar"),
            ("tháng nào? Hãy ghi --month YYYY-MM", 2, "detach"),
            (f"{tmp_path} không có bản xuất kho nào: không có manifest.json", 1, "check", tmp_path),
            ("archive check in ra table hoặc json, không có csv", 2, "check", folder, "--format", "csv"),
            ("không tạo được thư mục /nowhere/x: không có tệp hoặc thư mục này", 1, "export", "/nowhere/x"),
            ("kho không thiếu tháng 2023-01", 1, "import", folder, "--month", "2023-01"),
            ("là bản xuất của topic mooc.events.v1, events_topic lại là another.topic", 1, "import", folder, "--events-topic", "another.topic"),
            ("kho chưa có gì của topic another.topic", 1, "export", tmp_path / "o", "--events-topic", "another.topic")):
        assert words in in_vietnamese(database, *arguments, code=code), words
    # Damage.
    part = manifest_of(folder)["months"][1]["partitions"][1]
    path = folder / part["file"]
    path.write_bytes(path.read_bytes()[:-20])
    said = in_vietnamese(database, "check", folder, code=1)
    assert "SAI  " in said and "bị hỏng: bị cắt cụt" in said and "không được dựa vào bản xuất này" in said
    (folder / "manifest.json").write_bytes((folder / "manifest.json").read_bytes()[:300])
    said = in_vietnamese(database, "check", folder, code=1)
    assert "manifest.json: không kết thúc bằng mã kiểm tra: bị cắt cụt hoặc bị sửa" in said
    assert "không xuất tiếp được vào thư mục này, hãy chọn thư mục khác" in in_vietnamese(database, "export", folder, code=1)


def test_two_exports_do_not_meet(exported, database):
    folder, _ = exported
    lock = os.open(folder, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    assert "another export is at work" in database.aggregator("archive", "export", folder, code=1).stderr
    os.close(lock)
    database.aggregator("archive", "export", folder)


def test_killed_at_any_moment_it_goes_on(database, tmp_path):
    rows = rows_of_months(5, partitions=2, per_month=6000)
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    fill(database, rows + [(p, 10**6, datetime.now(timezone.utc), "x", b"x") for p in range(2)])
    began = time.monotonic()
    database.aggregator("archive", "export", whole)
    seconds = time.monotonic() - began
    rng, unfinished = random.Random(3), 0
    for _ in range(8):
        process = subprocess.Popen([BINARY, "archive", "export", killed, "--database", database.writer], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        time.sleep(rng.random() * seconds)
        process.kill()
        process.wait()
        if (killed / "manifest.json").exists():
            database.aggregator("archive", "check", killed)
            unfinished += len(manifest_of(killed)["months"]) < len(MONTHS)
            if rng.random() < 0.5:
                (killed / "manifest.json").unlink()  # as if this one had been killed before its first month
        else:
            unfinished += killed.exists()
    assert unfinished > 0
    database.aggregator("archive", "export", killed)
    assert sorted(f.name for f in killed.iterdir()) == sorted(f.name for f in whole.iterdir())
    assert sorted(read_export(killed)) == archived(rows)


def filesystem(folder, size):
    """A small one of its own; None where this user may not mount."""
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", folder], capture_output=True)
    return folder if done.returncode == 0 else None


def test_a_full_disk_leaves_no_manifest_and_it_goes_on(database, tmp_path):
    rng = random.Random(1)
    rows = [(0, i, datetime(2023, 1 + i // 500, 5, tzinfo=timezone.utc), None, rng.randbytes(2000)) for i in range(1000)]
    fill(database, rows + [(0, 10**6, datetime.now(timezone.utc), "x", b"x")])
    small = filesystem(tmp_path / "small", "3m")
    if small is None:
        pytest.skip("only root may mount a small file system here")
    try:
        (small / "ballast").write_bytes(bytes(1_500_000))
        full = database.aggregator("archive", "export", small / "export", code=1)
        assert "No space left on device" in full.stderr
        assert [m["month"] for m in manifest_of(small / "export")["months"]] == ["2023-01"]
        database.aggregator("archive", "check", small / "export")
        assert sorted(f.suffix for f in (small / "export").iterdir()) == [".gz", ".json"]
        (small / "ballast").unlink()
        database.aggregator("archive", "export", small / "export")
        assert read_export(small / "export") == archived(rows)
    finally:
        subprocess.run(["umount", small], check=True)


def event(number, revision, **changes):
    key = f"account@daotao:{number}"
    return json.dumps({"specversion": "1.0", "id": f"e{number}-{revision}", "source": "daotao", "type": "account.created", "subject": key,
                       "time": "2023-01-20T00:00:00Z", "datacontenttype": "application/json", "entity": f"account:daotao:{number}",
                       "revision": str(revision), "previous": str(revision - 1), "timebasis": "platform",
                       "data": {"identifiers": [f"email:{number}"]}} | changes).encode()


def forge(folder, change):
    """Another content of partition 2's last month, and everything else such that it fits."""
    manifest = manifest_of(folder)
    part = manifest["months"][-1]["partitions"][2]
    lines = change([json.loads(l) for l in gzip.decompress((folder / part["file"]).read_bytes()).splitlines()])
    data = gzip.compress(b"".join(json.dumps(l, separators=(",", ":"), ensure_ascii=False).encode() + b"\n" for l in lines))
    (folder / part["file"]).write_bytes(data)
    part.update(bytes=len(data), sha256=hashlib.sha256(data).hexdigest(), rows=len(lines), hash=hash_of(lines),
                last_offset=lines[-1]["offset"], last_log_time=max(l["log_time"] for l in lines),
                first_log_time=min(l["log_time"] for l in lines))
    reach = manifest["partitions"][2]
    for name in ("complete_through", "archived"):
        reach[name] = max(reach[name], part["last_offset"] + 1)
    (folder / "manifest.json").write_bytes(sealed(manifest))


def views(stack):
    """Every view of bi that shows figures; ages and the like go with the clock."""
    names = [n for (n,) in stack.query("SELECT table_name FROM information_schema.views WHERE table_schema = 'bi' ORDER BY 1")]
    shown = {n: sorted(map(repr, stack.query(f'SELECT * FROM bi."{n}"'))) for n in names if n != "freshness"}
    assert len(shown) > 20 and shown["participation_all"]
    return shown


def test_a_month_that_comes_back_brings_back_nobody_who_was_erased_meanwhile(database, tmp_path):
    rows = [(0, n, datetime(2023, 1, 1 + n, tzinfo=timezone.utc), f"e{n}-1", event(n, 1)) for n in range(6)]
    fill(database, [*rows, (0, 6, datetime(2023, 2, 1, tzinfo=timezone.utc), "e6-1", event(6, 1))])
    folder, erased = tmp_path / "export", hashlib.sha256(b"account@daotao:3").hexdigest()[:32]
    database.aggregator("archive", "export", folder)
    database.aggregator("archive", "check", folder, "--against", "database")
    database.aggregator("archive", "detach", "--month", "2023-01", "--drop")
    kept = "SELECT id, value IS NOT NULL, subject IS NOT NULL FROM archive.events WHERE log_time < '2023-02-01' ORDER BY 1"
    database.query("INSERT INTO archive.erasures (subject) VALUES (%s)", erased)
    assert "loaded 1 month(s): 6 records" in database.aggregator("archive", "import", folder, "--month", "2023-01").stdout
    wanted = [(f"e{n}-1", n != 3, n != 3) for n in range(6)]
    assert database.query(kept) == wanted
    assert database.query("SELECT count(*)::int FROM archive.detached") == [(0,)]
    with private_database() as other:  # whose backup knows of the erasure, which the export does not
        other.query("INSERT INTO archive.erasures (subject) VALUES (%s)", erased)
        other.aggregator("archive", "import", folder)
        assert other.query(kept) == wanted


@pytest.fixture
def dated(tmp_path):
    """Whose records' log times are what the producer says: set as the topic is made, for a change later reaches its partitions late."""
    with Stack(tmp_path, BINARIES, timestamps="CreateTime") as made:
        yield made


def test_real_events_come_back_as_they_were(dated, tmp_path):
    """Through Kafka, with log times of months past: typed columns, figures and vectors are the same after everything that may happen."""
    stack = dated
    stack.make_aggregator()
    producer = Producer({"bootstrap.servers": stack.brokers})
    for number in range(300):
        month = 1 + number // 150
        at = int(datetime(2023, month, 1 + number % 28, tzinfo=timezone.utc).timestamp() * 1000)
        value = event(number % 200, 1 + number // 200) if number % 50 else b"no event %d" % number
        producer.produce(stack.topics["events"], value, key=str(number % 200), timestamp=at)
    now = int(time.time() * 1000)
    for partition in range(4):
        producer.produce(stack.topics["events"], event(900 + partition, 1), key="m", partition=partition, timestamp=now)
    assert producer.flush(30) == 0
    with psycopg.connect(stack.conninfo(os.environ["PGUSER"])) as reader:
        assert reader.execute("SELECT count(*) FROM archive.events").fetchone() == (0,)
        stack.aggregator.start()  # a new month waits for no reader
        wait_for(lambda: stack.query("SELECT count(*)::int FROM archive.events") == [(304,)], 30, "all is archived")
    before, figures = stack.query(TABLE), views(stack)
    assert sum(r[4] is not None for r in before) == 298
    folder = tmp_path / "export"
    exported = stack.command("mooc-aggregator", "archive", "export", folder).stdout
    stack.command("mooc-aggregator", "archive", "check", folder, "--against", "database")
    said = json.loads(stack.command("mooc-aggregator", "archive", "check", folder, "--against", "log", "--format", "json").stdout)
    assert said["ok"] and said["log_records_equal"] == 300, f"{said}\n{exported}"
    for change, words in ((lambda lines: lines[:-1] + [lines[-1] | {"value": "other"}], "is another record in the log"),
                          (lambda lines: lines[:-1], "is in the log, but not in the export"),
                          (lambda lines: lines[:-1] + [lines[-1] | {"offset": lines[-1]["offset"] + 1}], "in the log, but not in the export"),
                          (lambda lines: lines + [lines[-1] | {"offset": lines[-1]["offset"] + 9}], "partition 2 of the log ends at")):
        made_up = tmp_path / "made up"
        shutil.copytree(folder, made_up)
        forge(made_up, change)
        said = stack.command("mooc-aggregator", "archive", "check", made_up, "--against", "log", code=1).stdout
        assert words in said and said.count("WRONG") == 1, said
        if words == "is in the log, but not in the export":
            said = stack.command("mooc-aggregator", "archive", "check", made_up, "--against", "log", "--lang", "vi", code=1).stdout
            assert re.search(r"SAI  phần 2 vị trí \d+ có trong nhật ký nhưng không có trong bản xuất\n", said), said
        shutil.rmtree(made_up)
    stack.command("mooc-aggregator", "archive", "detach", "--month", "2023-01")
    stack.command("mooc-aggregator", "archive", "detach", "--month", "2023-02", "--drop")
    assert stack.query("SELECT count(*)::int FROM archive.events") == [(4,)]
    assert views(stack) == figures
    refused = stack.command("mooc-aggregator", "replay", "start", "--from-archive", code=1).stderr
    assert "month 2023-01 is not in the archive: bring it back" in refused
    producer.produce(stack.topics["events"], event(999, 1), key="m", partition=0, timestamp=now)
    assert producer.flush(30) == 0
    wait_for(lambda: stack.query("SELECT count(*)::int FROM archive.events") == [(5,)], 30, "the writer goes on meanwhile")
    stack.query("DELETE FROM archive.events WHERE id = 'e999-1'")
    stack.command("mooc-aggregator", "archive", "import", folder)
    stack.command("mooc-aggregator", "archive", "attach", "--month", "2023-01")
    assert stack.query(TABLE) == before
    assert stack.aggregator.alive()
    # All of it into an empty server: rows and vector.
    stack.command("mooc-aggregator", "archive", "export", folder, "--all")
    vector = "SELECT topic, partition, next_offset, last_offset, last_id FROM archive.offsets ORDER BY partition"
    with private_database() as other:
        other.aggregator("archive", "import", folder, "--events-topic", stack.topics["events"])
        assert other.query(TABLE) == before
        assert other.query(vector) == [(t, p, n, l - 1 if p == 0 else l, i if p else "e900-1")
                                       for t, p, n, l, i in stack.query(vector)]
