"""Reports, issues and status from a real database: every cell against the printed tables of Hà Giang 2023."""
import csv
import io
import json
import os
import re
import subprocess

import openpyxl
import psycopg
import pytest

from private_database import BINARY, ROOT, PrivateDatabase, private_database

DATA = ROOT / "tests/data"
WAVE = "DA06-2023-HG"


def read(name):
    with open(DATA / name, encoding="utf-8") as file:
        return list(csv.DictReader(file))


UNITS, PROVINCES, GROUPS = (read(n) for n in (
    "hagiang_2023_units.csv", "provinces_2023.csv", "hagiang_2023_groups_under_20pct.csv"))
# Sizes that give the printed rates of the ten groups, whose counts are not printed.
GROUP_SIZES = {"0%": (0, 18), "5,7%": (2, 35), "10%": (2, 20), "10,2%": (5, 49), "12,5%": (2, 16), "15,8%": (3, 19)}


def rate(printed):
    return float(printed.rstrip("%").replace(",", ".")) if printed else None


def fill(database):
    database.aggregator("config", "load", ROOT / "config/hagiang-2023")
    with database.owner() as c:
        codes = dict(c.execute("SELECT printed_name, unit FROM pulse.units WHERE parent = 'HG'").fetchall())
        for r in UNITS:
            left = {k: int(r[k]) for k in ("registered", "accounts", "participated", "passed")}
            cells = {"": left}
            for g in GROUPS:
                if g["unit"] == r["unit"]:
                    participated, size = GROUP_SIZES[g["participation_rate_printed"]]
                    cells[g["group"]] = {"registered": size, "accounts": participated, "participated": participated, "passed": 0}
            for k in left:
                left[k] -= sum(cell[k] for group, cell in cells.items() if group)
            for group, n in cells.items():
                c.execute("""INSERT INTO gen_1.tallies VALUES ('wave', 'DA06-2023', %s, 0, '', %s, %s, %s, %s, 0, %s, %s, 0, %s, %s,
                          0, %s, 0, 0, 0, 0, 0, 0, 0)""", (WAVE, codes[r["unit"]], group or "199", n["registered"], n["accounts"], n["accounts"],
                                      n["participated"], n["passed"], n["passed"], n["passed"]))
        waves = dict(c.execute("SELECT printed_name, wave FROM pulse.wave_labels").fetchall())
        for r in PROVINCES:
            if waves[r["province_and_wave"]] != WAVE:
                c.execute("""INSERT INTO gen_1.totals VALUES (gen_random_uuid(), %s, true, %s, %s, 'cac-tinh',
                          '2023-10-02 00:00:00+07', 'totals.xlsx', 'A', 1, 1, 1)""",
                          (waves[r["province_and_wave"]], int(r["registered"]), int(r["passed"]) if r["passed"] else None))
        c.execute("""
            INSERT INTO gen_1.tallies VALUES ('training', 'DA06-2023', '', 0, '', '', '', 0, 3, 0, 3, 2, 0, 1, 1, 0, 0, 3, 0, 0, 0, 0, 0, 0);
            INSERT INTO pulse.offsets (generation, topic, partition, next_offset, writer_epoch, config_version, log_time)
            SELECT 1, 'mooc.events.v1', p, 100, 1, 1, '2023-09-29 10:05:00Z' FROM generate_series(0, 1) p;
            INSERT INTO archive.offsets (topic, partition, next_offset, generation)
            SELECT 'mooc.events.v1', p, 100, 1 FROM generate_series(0, 1) p;
            INSERT INTO gen_1.marks
            SELECT gen_random_uuid(), 'daotao', stream, '', p, through::timestamptz, 2716, 0, 1, 1, 300
              FROM generate_series(0, 1) p, (VALUES ('grades', '2023-09-29 10:00:00Z'), ('enrollments', '2023-09-29 10:01:00Z'))
                   v (stream, through);
            INSERT INTO gen_1.marks
            SELECT gen_random_uuid(), 'danh-sach', 'roster', 'x', p, '2023-09-18 01:00:00Z', 729, 0, 1, 1 FROM generate_series(0, 1) p;
            INSERT INTO gen_1.issues VALUES
                ('email_malformed', gen_random_uuid(), 'DA06-2023-HG', 'HG-SYTE', 1, 'danh-sach', 'so-y-te.xlsx', 'Danh sách', 12),
                ('email_missing', gen_random_uuid(), 'DA06-2023-HG', 'HG-SYTE', 2, 'danh-sach', 'so-y-te.xlsx', 'Danh sách', 15),
                ('birth_date_malformed', gen_random_uuid(), 'DA06-2023-HG', 'HG-SYTE', 3, 'danh-sach', 'so-y-te.xlsx', 'Danh sách', 16),
                ('listed_twice', gen_random_uuid(), 'DA06-2023-HG', 'HG-CAT', 4, 'danh-sach', 'cat.csv', '', 7),
                ('no_account', gen_random_uuid(), 'DA06-2023-HG', 'HG-CAT', 5, 'danh-sach', 'cat.csv', '', 9),
                ('account_not_on_roster', gen_random_uuid(), '', '', 5, 'daotao', '', '', 0);
            INSERT INTO gen_1.dead_letters VALUES (gen_random_uuid(), true, 'danh-sach', 'unit_unknown', 'unit "Sở X" is not known',
                'roster', '', '', 'tong-hop.xlsx', 'A', 5, 'mooc.dead.v1', 0, 7, 1, 1)""")


@pytest.fixture(scope="module")
def database():
    with private_database() as private:
        fill(private)
        yield private


def csv_of(database, *arguments):
    return list(csv.DictReader(io.StringIO(database.aggregator("report", *arguments, "--format", "csv").stdout)))


def json_of(database, *arguments):
    return json.loads(database.aggregator("report", *arguments, "--format", "json").stdout)


APPENDIX1 = {"registered": "registered", "accounts": "accounts", "account_rate": "account_rate_printed", "participated": "participated",
             "participation_rate": "participation_rate_printed", "passed": "passed", "not_passed": "not_passed",
             "pass_rate_registered": "pass_rate_of_registered_printed", "pass_rate_participants": "pass_rate_of_participants_printed"}


def printed(row, column):
    value = row[APPENDIX1[column]]
    return rate(value) if value.endswith("%") else float(value)


def test_appendix1_equals_the_printed_table_cell_by_cell(database):
    rows = csv_of(database, "appendix1", "--wave", WAVE)
    assert [r["unit_name"] for r in rows[:33]] == [r["unit"] for r in UNITS]
    for ours, theirs in zip(rows, UNITS):
        for column in APPENDIX1:
            assert float(ours[column]) == printed(theirs, column), (theirs["unit"], column)
    totals = rows[33]
    assert totals["unit_name"] == "Tổng số"
    assert [totals[c] for c in APPENDIX1] == ["2716", "2287", "84.2", "2103", "77.4", "2072", "644", "76.3", "98.5"]
    assert len(rows) == 34


def test_appendix1_as_table_has_headings_notes_and_decimal_commas(database):
    text = database.aggregator("report", "appendix1").stdout
    assert "Số liệu tính đến 17:00 29/09/2023" in text, "the least of the platform's streams; lists do not age"
    line = next(li for li in text.splitlines() if "Sở y tế" in li)
    assert line.split() == ["12", "Sở", "y", "tế", "729", "562", "77,1%", "492", "67,5%", "487", "242", "66,8%", "99,0%"]
    assert re.search(r"Tổng số +2\.716 +2\.287 +84,2% +2\.103 +77,4% +2\.072 +644 +76,3% +98,5%", text)
    assert "(*) Tiêu đề cột giữ như bản in" in text and "90,6%" in text
    assert "Ngoài danh sách: 3 người" in text
    english = database.aggregator("report", "appendix1", "--lang", "en").stdout
    assert "Figures as of 17:00 29/09/2023" in english and "2,716" in english and "84.2%" in english


def test_appendix2_equals_the_printed_table(database):
    report = json_of(database, "appendix2", "--wave", WAVE)
    assert len(report["rows"]) == 28
    for number, (ours, theirs) in enumerate(zip(report["rows"], PROVINCES), 1):
        assert ours["no"] == number == int(theirs["no"])
        assert ours["province_and_wave"] == theirs["province_and_wave"]
        assert ours["registered"] == int(theirs["registered"])
        assert ours["passed"] == (int(theirs["passed"]) if theirs["passed"] else None)
        assert ours["pass_rate_registered"] == rate(theirs["pass_rate_printed"])
        assert ours["source"] == ("counted" if ours["wave"] == WAVE else "published")
    assert report["as_of"] == "2023-09-29T10:00:00Z"
    assert "Hà Giang đứng thứ 4/27 về số đăng ký." in report["notes"]



def test_appendix2_of_days_when_little_was_published(database):
    """As it was before the totals came: no place among the only one, nothing called published that was not."""
    def notes(known, *words):
        database.query("UPDATE gen_1.totals SET in_force = wave = ANY(%s)", known)
        return [n for n in json_of(database, "appendix2", "--wave", WAVE, *words)["notes"]]
    try:
        assert notes([]) == ["27 dòng chưa có kết quả (để trống, không phải 0).", "27 dòng chưa có số tổng được công bố."]
        assert notes(["DA06-2023-KH", "DA06-2023-HP"]) == [
            "Hà Giang đứng thứ 2/3 về số đăng ký, trong các tỉnh đã có số liệu.", "26 dòng chưa có kết quả (để trống, không phải 0).",
            "2 dòng là số tổng được công bố; các dòng khác đếm từng người học.", "25 dòng chưa có số tổng được công bố."]
        database.query("CREATE TABLE public.kept AS SELECT * FROM gen_1.tallies; DELETE FROM gen_1.tallies")
        assert notes([]) == ["Chưa biết số liệu của tỉnh, thành nào."]
        assert notes([], "--lang", "en") == ["Nothing is known of any province yet."]
    finally:
        if database.query("SELECT to_regclass('public.kept')") != [(None,)]:
            database.query("INSERT INTO gen_1.tallies SELECT * FROM public.kept; DROP TABLE public.kept")
        database.query("UPDATE gen_1.totals SET in_force = true")
    assert "Hà Giang đứng thứ 4/27 về số đăng ký." in json_of(database, "appendix2", "--wave", WAVE)["notes"]


def test_groups_below_a_threshold(database):
    rows = csv_of(database, "groups")
    assert {(r["unit_name"], r["study_group"], float(r["participation_rate"])) for r in rows} == \
           {(g["unit"], g["group"], rate(g["participation_rate_printed"])) for g in GROUPS}
    assert len(csv_of(database, "groups", "--below", "1")) == 4
    notes = json_of(database, "groups")["notes"]
    assert re.fullmatch(r"\d+/43 Tổ chưa đạt 100%; 10 Tổ dưới 20%; 4 Tổ không có ai tham gia học\.", notes[0])
    whole = [json_of(database, "groups", "--below", "100", "--lang", lang)["notes"][0] for lang in ("vi", "en")]
    assert re.fullmatch(r"\d+/43 Tổ chưa đạt 100%; 4 Tổ không có ai tham gia học\.", whole[0]), "once is enough"
    assert re.fullmatch(r"\d+ of 43 groups below 100%; 4 without any participant\.", whole[1]), whole


def test_participation_has_every_measure(database):
    report = json_of(database, "participation", "--wave", WAVE)
    assert report["totals"]["certified"] == 2072
    assert report["totals"]["pass_rate_accounts"] == 90.6
    row = next(r for r in report["rows"] if r["unit"] == "HG-XINMAN")
    assert (row["pass_rate_participants"], row["pass_rate_accounts"], row["planned"]) == (92.4, 57.5, None)
    assert report["totals"]["planned"] is None, "nobody planned: that is no plan of zero people"
    assert report["totals"]["activated"] == 0, "nobody activated is a count"


def test_a_planned_unit_without_a_list_has_no_figures(database):
    database.query("""INSERT INTO pulse.targets (target, wave, training, unit, measure, planned)
                      VALUES ('plan', 'DA06-2023-HG', '', 'HG', 'registered', 40)""")
    database.query("SELECT pulse.rebuild_plans()")
    try:
        report = json_of(database, "participation", "--wave", WAVE)
        row = next(r for r in report["rows"] if r["unit"] == "HG")
        assert row.pop("planned") == 40 and row.pop("unit_name") == "Hà Giang" and row.pop("no") == 9
        assert {v for k, v in row.items() if k != "unit"} == {None}, "no list is not a list of nobody"
        assert report["totals"]["planned"] == 40 and report["totals"]["registered"] == 2716
        assert "Chưa gửi danh sách: 1 đơn vị." in report["notes"]
    finally:
        database.query("DELETE FROM pulse.targets")
        database.query("SELECT pulse.rebuild_plans()")


def test_workbook_prints_as_it_stands(database, tmp_path):
    path = tmp_path / "phu-luc-1.xlsx"
    database.aggregator("report", "appendix1", "--out", path)
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert book.sheetnames == ["Phụ lục 1", "Biểu đồ"] and len(book["Biểu đồ"]._charts) == 1
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0
    assert sheet.oddFooter.center.text == "Trang &P/&N" and sheet.print_title_rows == "$7:$8"
    assert sheet["A9"].font.name == "Times New Roman" and sheet["A9"].font.sz == 13
    assert sheet["A1"].value == "PHỤ LỤC" and sheet["A5"].value == "Số liệu tính đến 17:00 29/09/2023"
    assert {"C7:E7", "F7:G7", "H7:K7", "A7:A8", "B7:B8"} <= {str(r) for r in sheet.merged_cells.ranges}
    rows = [[c.value for c in r] for r in sheet.iter_rows(min_row=9, max_row=42)]
    for ours, theirs in zip(rows, UNITS):
        expected = [printed(theirs, c) / (100 if c.endswith("rate") or "rate_" in c else 1) for c in APPENDIX1]
        assert ours[1] == theirs["unit"]
        assert ours[2:] == pytest.approx(expected, abs=1e-9)
    assert rows[33][1:3] == ["Tổng số", 2716] and sheet["C42"].font.b
    assert sheet["E9"].number_format == "[$-42A]0.0%_)", "other programs than Excel take the separators from the format"
    assert {c.data_type for c in sheet[9]} == {"n", "s"} and {c.border.left.style for c in sheet[9]} == {"thin"}
    assert book.properties.created.isoformat() == "2023-09-29T10:00:00", "of the figures, not of the clock"
    assert not list(tmp_path.glob("*.part"))


def test_csv_file_opens_in_excel(database, tmp_path):
    path = tmp_path / "a.csv"
    database.aggregator("report", "appendix2", "--out", path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbfno,wave,")


def test_wrong_use_says_what_there_is(database):
    assert "appendix1, appendix2, groups, participation" in database.aggregator("report", "x", code=2).stderr
    for command in (["report", "appendix1"], ["issues"]):
        refused = database.aggregator(*command, "--wave", "NOPE", code=2).stderr
        assert f'there is no wave "NOPE"; waves whose learners are counted: {WAVE}; with published totals only: DA06' in refused
    for name in ("appendix1", "groups", "participation"):
        assert "only totals are published" in database.aggregator("report", name, "--wave", "DA06-2023-KH", code=2).stderr
    assert len(json_of(database, "appendix2", "--wave", "DA06-2023-KH")["rows"]) == 28
    assert 'there is no unit "HG-NOPE"' in database.aggregator("issues", "--unit", "HG-NOPE", code=2).stderr
    assert json.loads(database.aggregator("issues", "--unit", "HG-STP", "--format", "json").stdout)["rows"] == []
    assert "--out" in database.aggregator("report", "appendix1", "--format", "xlsx", code=2).stderr


def test_a_report_is_refused_in_the_language_that_it_is_printed_in(database):
    """Vietnamese unless another is asked for, also where the line itself cannot be read; other commands speak English."""
    def refused(*words):
        done = subprocess.run([BINARY, *words, "--database", database.writer], text=True, capture_output=True, timeout=60,
                              env={k: v for k, v in os.environ.items() if not k.startswith("MOOC_")})
        assert done.returncode == 2 and done.stdout == "", done
        return done.stderr

    assert 'không có đợt "NOPE"' in refused("report", "appendix1", "--wave", "NOPE")
    assert 'there is no wave "NOPE"' in refused("report", "appendix1", "--wave", "NOPE", "--lang", "en")
    assert 'không có đợt "NOPE"' in refused("issues", "--wave", "NOPE")
    assert "của kỳ nào?" in refused("report", "pack")
    assert "--nonsense" in (line := refused("report", "appendix1", "--nonsense")) and "không" in line
    assert "không" not in refused("report", "appendix1", "--nonsense", "--lang", "en")
    assert 'there is no unit "NOPE"' in refused("verify", "--unit", "NOPE")


def test_a_wave_with_published_totals_is_said_to_be_that(database):
    """Not that no wave is counted, nor that nobody counts; and faults of no wave are none of a wave without learners."""
    published = ("--wave", "DA06-2023-KH")
    for lang, said in (("vi", "Đợt này chỉ công bố số tổng, không đếm từng người học: `mooc-aggregator report appendix2` có đợt này."),
                       ("en", "Of this wave only totals are published, no learners are counted: `mooc-aggregator report appendix2` shows it.")):
        assert json_of(database, "waves", *published, "--lang", lang)["notes"] == [said]
    cell = ("report", "appendix2", "--why", "wave=DA06-2023-KH measure=passed")
    assert "Ô này là số tổng được công bố, không đếm từng người học" in " ".join(database.aggregator(*cell).stdout.split())
    assert "This is a published total, not counted by people" in " ".join(database.aggregator(*cell, "--lang", "en").stdout.split())
    without = [r for r in json_of(database, "issues", "--wave", WAVE)["rows"] if r["kind"] == "account_not_on_roster"]
    assert without, "a fault of no wave is told of a wave with learners"
    assert json_of(database, "issues", *published)["rows"] == []


def test_a_file_that_cannot_be_written_is_refused_before_anything_is_counted(database, tmp_path):
    away = PrivateDatabase("nowhere")  # none of these may get as far as asking it
    away.writer = "host=127.0.0.1 port=1 dbname=nowhere"
    for command in (["report", "appendix1"], ["issues"], ["replay", "compare"], ["replay", "start", "--dry-run"], ["verify"]):
        assert f"{tmp_path} is a folder" in away.aggregator(*command, "--out", tmp_path, code=2).stderr
        missing = tmp_path / "none" / "a.csv"
        assert "none/: make it first" in away.aggregator(*command, "--out", missing, code=2).stderr
    assert "make it first" in away.aggregator("issues", "--export", tmp_path / "none/forms", code=2).stderr
    for words in (("issues", "--export", "/proc/forms"), ("report", "pack", "--period", "2023-09", "--wave", "DA06-2023-HG", "--out", "/proc/forms")):
        said = database.aggregator(*words, code=2).stderr
        assert "/proc/forms" in said and "cannot be made (" in said and "name another, on a disk that keeps files" in said
    assert list(tmp_path.iterdir()) == []


def test_an_unread_stream_shows_in_the_heading(database):
    with database.owner() as connection:
        with connection.transaction(force_rollback=False):
            connection.execute("UPDATE gen_1.marks SET partition = 9 WHERE stream = 'grades' AND partition = 1")
            connection.execute("""INSERT INTO pulse.offsets (generation, topic, partition, next_offset, writer_epoch, config_version)
                                  VALUES (1, 'mooc.events.v1', 2, 0, 1, 1)""")
    try:
        assert "chưa đọc hết daotao enrollments, daotao grades" in database.aggregator("report", "appendix1").stdout
    finally:
        database.query("""DELETE FROM pulse.offsets WHERE partition = 2;
                          UPDATE gen_1.marks SET partition = 1 WHERE partition = 9""")


def test_accounts_on_no_list_are_told_from_people_on_none(database):
    """An account that is in no course is a fault of its own, and nobody whom the tables leave out."""
    report = json_of(database, "issues", "--training", "DA06-2023")
    assert [r["count"] for r in report["rows"] if r["kind"] == "account_not_on_roster"] == [1]
    assert report["notes"][-1] == (
        "Tài khoản không có trong danh sách: đếm mọi tài khoản, kể cả tài khoản chưa ghi danh hoặc đã rút khỏi khóa học; “Ngoài danh sách” ở các "
        "biểu khác chỉ đếm người có dữ liệu học của khóa học: 3.")
    assert "of the training alone: 3." in json_of(database, "issues", "--training", "DA06-2023", "--lang", "en")["notes"][-1]
    for words in (("issues",), ("report", "issues")):
        text = " ".join(database.aggregator(*words).stdout.split())
        assert "chỉ đếm người có dữ liệu học" in text, words
    assert not any("mọi tài khoản" in n for n in json_of(database, "issues", "--unit", "HG-SYTE")["notes"])


def test_issues_are_listed_with_what_to_do(database):
    text = database.aggregator("issues").stdout
    assert re.search(r"Sở Y tế +E-mail sai định dạng +so-y-te.xlsx +Danh sách +12", text)
    assert "Có thể đã lập tài khoản bằng e-mail khác: 1." in text
    rows = list(csv.DictReader(io.StringIO(database.aggregator("issues", "--format", "csv", "--unit", "HG-SYTE").stdout)))
    assert [(r["kind"], r["row"]) for r in rows] == [("email_malformed", "12"), ("email_missing", "15"), ("birth_date_malformed", "16")]
    for lang, detail in (("vi", 'đơn vị "Sở X" chưa có trong danh mục'), ("en", 'unit "Sở X" is not known')):
        listed = json.loads(database.aggregator("issues", "--format", "json", "--lang", lang).stdout)["rows"]
        assert [r["detail"] for r in listed if r["kind"] == "unit_unknown"] == [detail]


def test_units_get_forms_to_fill_in(database, tmp_path):
    database.aggregator("issues", "--export", tmp_path / "forms")
    assert sorted(p.name for p in (tmp_path / "forms").iterdir()) == ["HG-CAT.xlsx", "HG-SYTE.xlsx", "khong-ro-don-vi.xlsx"]
    rows = list(openpyxl.load_workbook(tmp_path / "forms/HG-SYTE.xlsx").active.iter_rows(values_only=True))
    head = rows.index(("File", "Sheet", "Dòng", "Lỗi", "Cần làm", "Sửa thành"))
    assert [r[:4] for r in rows[head + 1:head + 3]] == [
        ("so-y-te.xlsx", "Danh sách", 12, "email_malformed"), ("so-y-te.xlsx", "Danh sách", 15, "email_missing")]
    assert all(r[0] is None for r in rows[head + 3:]), "a birth date is put right in the next list"
    blank = openpyxl.load_workbook(tmp_path / "forms/HG-SYTE.xlsx").active.cell(head + 2, 6)
    assert (blank.value, blank.number_format) == (None, "@"), "a number typed there keeps the zeros in front"
    rows = list(openpyxl.load_workbook(tmp_path / "forms/HG-CAT.xlsx").active.iter_rows(values_only=True))
    assert ("cat.csv", None, 9, "account_under_other_email") in [r[:4] for r in rows]
    rows = list(openpyxl.load_workbook(tmp_path / "forms/khong-ro-don-vi.xlsx").active.iter_rows(values_only=True))
    assert any(str(r[4]).endswith('(đơn vị "Sở X" chưa có trong danh mục)') for r in rows), rows


def test_status_tells_and_check_fails_with_one_line(database):
    arguments = ["--brokers", "127.0.0.1:9"]
    status = json.loads(database.aggregator("status", "--format", "json", *arguments).stdout)
    assert status["well"] is False and status["instance"] is None
    assert [s["stream"] for s in status["streams"]] == ["roster", "enrollments", "grades"]
    assert len(status["late"]) == 1 and status["late"][0].startswith("daotao has not been read whole since "), status["late"]
    database.query("INSERT INTO pulse.courses SELECT (c).* FROM (SELECT jsonb_populate_record(c, '{\"source\": \"moodle\"}') AS c"
                   " FROM pulse.courses c LIMIT 1) x")
    status = json.loads(database.aggregator("status", "--format", "json", *arguments).stdout)
    assert "nothing of moodle has been read yet: see mooc-ingest status" in status["late"], "a platform that never answered"
    database.query("DELETE FROM pulse.courses WHERE source = 'moodle'")
    assert [p["next_offset"] for p in status["partitions"]] == [100, 100]
    assert status["partitions"][0]["lag"] is None
    done = database.aggregator("status", "--check", *arguments, code=1)
    assert done.stdout == "nobody is counting: start mooc-aggregator run\n"
    database.query("UPDATE pulse.writers SET instance = 'a1', heartbeat_at = now() - interval '2 s', backend_start = now()")
    silent = ("status", "--check", "--status-max-heartbeat-age", "1s", *arguments)
    assert "a1 counted last and has given no sign of life" in database.aggregator(*silent, code=1).stdout
    database.query("UPDATE pulse.writers SET heartbeat_at = pg_postmaster_start_time() - interval '1 hour'")
    assert "nobody is counting: a1 counted until the database was restarted at " in database.aggregator(*silent, code=1).stdout
    database.query("UPDATE pulse.writers SET heartbeat_at = now() + interval '1 minute'")
    assert "cannot see how far the log goes" in database.aggregator("status", "--check", *arguments, code=3).stdout


def test_status_of_a_database_that_is_away(database):
    away = type(database)(database.name)
    away.writer = "host=127.0.0.1 port=9 dbname=x user=mooc_writer"
    assert "Connection refused" in away.aggregator("status", code=3).stderr
    checked = away.aggregator("status", "--check", code=3)
    assert checked.stdout.count("\n") == 1 and "Connection refused" in checked.stdout and checked.stderr == ""
    assert away.aggregator("report", "appendix1", code=3).stdout == ""


TOLD_IN_VIETNAMESE = [
    (0, "phiên bản số liệu 1 (đang dùng): quy tắc đếm phiên bản", "replay", "status"),
    (1, "chưa có gì để so sánh: mooc-aggregator replay start", "replay", "compare"),
    (1, "chưa có phiên bản số liệu nào để chuyển sang", "replay", "promote"),
    (1, "không có phiên bản số liệu cũ nào để trở về", "replay", "rollback"),
    (1, "phiên bản số liệu 1 đang được dùng", "replay", "drop", "1"),
    (2, "không có phiên bản số liệu 7", "verify", "--generation", "7"),
    (0, "CÁC BẢN GHI KHÔNG DÙNG ĐƯỢC", "dead", "list"),
    (0, "1 unit_unknown (Tên đơn vị chưa có trong danh mục): Ghi tên đơn vị", "dead", "list"),
    (0, "NẾU THỬ LẠI THÌ SAO", "dead", "retry", "all"),
    (2, "dead drop cần --reason", "dead", "drop", "all"),
    (1, "không phải (hoặc không còn là) bản ghi bị loại", "dead", "show", "mooc.dead.v1/0/99"),
    (0, "60 đơn vị, 1 khóa", "config", "check", ROOT / "config/hagiang-2023"),
    (0, "không có gì khác", "config", "diff", ROOT / "config/hagiang-2023"),
    (0, "NHỮNG VIỆC ĐÃ LÀM VỚI SỐ LIỆU", "audit"),
    (2, "--since là một ngày như 2026-09-01", "audit", "--since", "hôm qua"),
    (2, "bi-user add cần --password-file", "bi-user", "add", "tableau"),
    (2, "chốt cho văn bản nào?", "close", "--wave", WAVE, "--at", "2023-09-29"),
    (1, "các nền tảng chưa được đọc đủ đến thời điểm đó, mới đọc đến: daotao", "close", "--wave", WAVE, "--at", "2023-10-02", "--doc", "1/X"),
    (2, 'không lấy dữ liệu từ nguồn nào là "daotoa"; các nguồn của khóa: daotao', "close", "--wave", WAVE, "--at", "2023-10-02", "--doc", "1/X",
     "--without", "daotoa"),
    (2, '"hôm qua" không phải là ngày giờ: hãy viết 2023-10-02', "close", "--wave", WAVE, "--at", "hôm qua", "--doc", "1/X"),
    (2, 'không có khóa "XYZ"; có: DA06-2023', "verify", "--training", "XYZ"),
    (2, 'không có đơn vị "SYTE"; có phải là HG-SYTE? Cả 60 có trong units.csv', "verify", "--unit", "SYTE"),
    (2, 'không có đơn vị "SYTE"; có phải là HG-SYTE?', "issues", "--unit", "SYTE"),
    (2, 'không có đợt "X"; các đợt đếm từng người học: ' + WAVE, "report", "appendix1", "--wave", "X"),
    (2, "DA06-2023-KH chỉ công bố số tổng", "report", "appendix1", "--wave", "DA06-2023-KH"),
    (2, 'không có báo cáo "appendix3"; có: appendix1, ', "report", "appendix3"),
    (2, "--place chỉ được in trong xlsx và html", "report", "issues", "--place", "Hà Giang"),
    (2, 'không có khóa "X"; có: DA06-2023', "report", "appendix1", "--why", "training=X measure=passed"),
    (2, "chưa chốt số liệu cho văn bản “9/X”", "report", "appendix1", "--closed", "9/X"),
    (2, "không đọc được tệp bí mật /nowhere/password", "bi-user", "add", "tableau", "--password-file", "/nowhere/password"),
    (2, "nobody không phải là tài khoản của công cụ BI. mooc-aggregator bi-user list", "bi-user", "drop", "nobody"),
    (2, "không mở được thư mục danh mục /nowhere", "config", "check", "/nowhere"),
    (2, "/nowhere: 1 lỗi, sửa xong mới nạp được", "config", "check", "/nowhere"),
]


def test_what_commands_tell_and_why_they_refuse_is_in_the_language_asked_for(database):
    for code, words, *command in TOLD_IN_VIETNAMESE:
        told = database.aggregator(*command, "--lang", "vi", code=code)
        assert words.lower() in (told.stdout + told.stderr).lower(), (command, told.stdout, told.stderr)
        told = database.aggregator(*command, code=code)
        assert words.lower() not in (told.stdout + told.stderr).lower(), ("English without --lang", command)


def test_a_bi_login_reads_the_same_figures_and_nothing_else(database):
    with database.owner() as c:
        c.execute("SET ROLE mooc_bi")
        assert c.execute("SELECT sum(registered), sum(passed) FROM bi.participation").fetchone() == (2716, 2073)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            c.execute("SELECT * FROM gen_1.tallies")


def test_the_database_may_be_busy_while_a_report_reads(database):
    """One snapshot: counts and rates of a report belong to one moment."""
    with psycopg.connect(database.writer) as writer:
        writer.execute("UPDATE gen_1.tallies SET passed = 0")
        rows = csv_of(database, "appendix1")
        writer.rollback()
    assert rows[33]["passed"] == "2072"


def test_help_names_every_report():
    from private_database import BINARY
    text = subprocess.run([BINARY, "report", "--help"], capture_output=True, text=True, check=True).stdout
    assert "--below" in text and "--lang" in text
