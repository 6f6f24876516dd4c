"""Corrections of lists after a closing, by what an office types: a form of faults sent back, lists sent again, an import taken back, a
person erased. Each changed cell has its own cause, and no other."""
import csv
import io
import json
import re
import shutil
from datetime import datetime, timedelta, timezone

import openpyxl
import pytest
from confluent_kafka import Producer

from conftest import BINARIES
from harness import checks
from harness.hand_made import event
from harness.stack import REFERENCE, WAVE, Stack, wait_for

HEAD = "STT,Họ và tên,Số CCCD,Email,Đơn vị,Tổ\n"


class Office:
    def __init__(self, folder):
        self.stack = Stack(folder, BINARIES, events=2).open()
        key = {"hmac_key_file": str(self.stack.folder / "hmac-key"), "ingest_data_dir": str(self.stack.folder / "data")}
        self.stack.make_aggregator(**key)
        self.stack.make_ingest([self.stack.files_source(poll="200ms")])
        self.reference = self.stack.folder / "reference"
        shutil.copytree(REFERENCE, self.reference)
        (self.reference / "targets.csv").write_text(f"wave,unit,planned\n{WAVE},HG,10\n{WAVE},HG-SYTE,3\n")
        self.stack.command("mooc-aggregator", "config", "load", self.reference)
        self.stack.aggregator.start()
        self.stack.ingest.start()
        for service in (self.stack.aggregator, self.stack.ingest):
            wait_for(lambda s=service: s.port_file.exists() and s.get("/readyz")[0] == 200, 60, f"{service.binary.name} ready")

    def ingest(self, *words):
        said = self.stack.command("mooc-ingest", *words).stdout
        self.counted()
        return said

    def counted(self):
        ends = checks.log_ends(self.stack)

        def there():
            read = {(t, p): o for t, p, o in self.stack.query("SELECT topic, partition, next_offset FROM pulse.offsets")}
            return all(read.get(place, 0) >= end for place, end in ends.items())
        wait_for(there, 30, "all is counted", 0.05)

    def send(self, name, unit, people, received="2023-09-20"):
        """The unit's whole list: (name, citizen number, e-mail) each."""
        path = self.stack.folder / f"{name}.csv"
        path.write_text(HEAD + "".join(f"{n},{who},{number},{email},{unit},1\n" for n, (who, number, email) in enumerate(people, 1)))
        self.ingest("import", path, "--scope", "complete", "--received", received, "--yes")

    def tell(self, *values):
        producer = Producer({"bootstrap.servers": self.stack.brokers})
        for value in values:
            producer.produce(self.stack.topics["events"], value, b"told")
        assert producer.flush(60) == 0
        self.counted()

    def close(self, doc):
        """Without the platform, of which there is none, and the lists; gives where the archive ended."""
        words = ("close", "--wave", WAVE, "--at", "2023-09-30", "--doc", doc)
        refused = self.stack.command("mooc-aggregator", *words, code=1).stderr
        self.stack.command("mooc-aggregator", *words, "--without", ",".join(sorted(set(re.findall(r"(\w+)(?: \([^)]*\))? (?:never read|\d\d:\d\d)", refused)))))
        return self.mark()

    def import_of(self, ids):
        (found,), = self.stack.query("SELECT DISTINCT convert_from(value, 'UTF8')::jsonb ->> 'importid' FROM archive.events WHERE id = ANY(%s)",
                                     list(ids))
        return found

    def mark(self):
        """Where the archive ends now."""
        return dict(self.stack.query("SELECT partition, next_offset FROM archive.offsets"))

    def since(self, mark, *types, unit=None):
        """Ids of the events of these types, of that unit, that came after the mark."""
        rows = self.stack.query("SELECT partition, \"offset\", id, type, convert_from(value, 'UTF8') FROM archive.events WHERE value IS NOT NULL")
        return {i for p, o, i, kind, text in rows
                if o >= mark.get(p, 0) and kind in types and (unit is None or json.loads(text)["data"].get("unit") == unit)}

    def changes(self, doc):
        made = json.loads(self.stack.command("mooc-aggregator", "report", "changes", "--since", doc, "--format", "json", "--lang", "en").stdout)
        assert len({(r["report"], r["unit"], r["measure"], r["label"]) for r in made["rows"]}) == len(made["rows"])
        self.cells = len(made["rows"])
        return {(r["report"], r["unit"], r["measure"]): r for r in made["rows"]}, made["notes"]


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    made = Office(tmp_path_factory.mktemp("corrections"))
    yield made
    made.stack.close()


def behind(row):
    return row["people"], set((row["events"] or "").split())


def test_each_correction_stands_behind_its_own_cells(office):
    tuphap = [("Lò Thị A", "002090000001", "a@x.vn"), ("Lò Thị B", "002090000002", ""), ("Lò Thị C", "002090000003", ""),
              ("Lò Thị D", "002090000004", "d@x.vn")]
    noivu = [("Vàng Văn E", "002090000005", "e@x.vn"), ("Vàng Văn F", "002090000006", "f@x.vn")]
    office.send("tu-phap", "Sở Tư pháp", tuphap)
    office.send("noi-vu", "Sở Nội vụ", noivu)
    closing = office.close("1/A")
    assert office.changes("1/A") == ({}, ["No figure has changed."])

    # A form of faults comes back with one answer; the same day another unit sends its list with two people more.
    fix = office.stack.folder / "fix.csv"
    fix.write_text("File,Sheet,Dòng,Lỗi,Cần làm,Sửa thành\ntu-phap.csv,,3,email_missing,,b@x.vn\n")
    assert "1 corrections applied" in office.ingest("correct", fix, "--received", "2023-09-25")
    corrected = office.since(closing, "roster.listed", "roster.removed")
    assert corrected, "the row came anew"
    more = [*noivu, ("Vàng Văn G", "002090000007", "g@x.vn"), ("Vàng Văn H", "002090000008", "h@x.vn")]
    imported = office.mark()
    office.send("noi-vu", "Sở Nội vụ", more, "2023-09-26")
    added = office.since(imported, "roster.listed", unit="HG-SNV")
    assert len(added) == 2

    def expect():
        found, said = office.changes("1/A")
        assert (found["issues", "HG-STP", "count"]["old"], found["issues", "HG-STP", "count"]["new"]) == (2, 1)
        for place in ("HG-STP", None):
            assert behind(found["issues", place, "count"]) == (1, corrected), found["issues", place, "count"]
            assert "(changed)" in found["issues", place, "count"]["cause"]
        for place, old, new in (("HG-SNV", 2, 4), (None, 6, 8)):
            row = found["participation", place, "registered"]
            assert (row["old"], row["new"], *behind(row)) == (old, new, 2, added), row
            assert row["cause"] == "came after the closing: 2 people (Listed: 2)"
            assert len(row["keys"].split()) == 2
        reached = found["targets", "HG", "actual"]  # of the province with all below it
        assert (reached["old"], reached["new"], *behind(reached)) == (6, 8, 2, added), reached
        assert ("targets", "HG-SYTE", "actual") not in found
        assert not [k for k in found if k[1] == "HG-STP" and k[0] != "issues"], "the corrected row counts as before"
        assert said == [f"{office.cells} cells have changed."]
    expect()

    # The unit sends its old list again: the correction stays in force, and so does what stands behind the cells.
    office.send("tu-phap", "Sở Tư pháp", tuphap, "2023-09-27")
    expect()

    # The other import is taken back: what should never have been there is in no figure, of that day neither.
    last = office.since(imported, "roster.listed", unit="HG-SNV")
    office.ingest("import", "revoke", office.import_of(last), "--yes")
    found, _ = office.changes("1/A")
    assert not [k for k in found if k[0] != "issues"] and found["issues", None, "count"]["new"] == 1, found


def test_who_was_erased_is_told_as_that(office):
    """A person of the closed figures: nothing of hers is left to be counted again, and it is no matter of names."""
    office.send("ngoai-vu", "Sở Ngoại vụ", [("Sùng Thị K", "002090000011", "k@x.vn")])
    closing = office.close("2/A")
    who = office.stack.folder / "who.txt"
    who.touch(mode=0o600)
    who.write_text("002090000011\n")
    office.stack.command("mooc-aggregator", "erase", "--yes", "--identifier-file", who, "--receipt", office.stack.folder / "receipt")
    office.counted()
    found, _ = office.changes("2/A")
    erased = office.since(closing, "learner.erased")
    assert erased
    for place, old, new in (("HG-SNGV", 1, None), (None, 7, 6)):
        row = found["participation", place, "registered"]
        assert (row["old"], row["cause"]) == (old, "somebody was erased after the closing"), row
        assert behind(row) == (None, erased) and (new is None or row["new"] == new), row
    # Names stand beside figures here, and whether they changed as well nobody can tell any more.
    waves = [row for (report, _, measure), row in found.items() if (report, measure) == ("waves", "registered")]
    assert waves and {row["cause"] for row in waves} == {
        "somebody was erased after the closing; names, targets or the unit tree may have changed as well"}, waves


def test_a_report_that_had_nothing_to_tell_is_named(office):
    """No form had come, so the document has no table of them: that there is one now is told, with the command that prints it."""
    office.send("tu-phap", "Sở Tư pháp", [("Lò Thị A", "002090000001", "a@x.vn")])
    office.close("3/A")
    assert office.changes("3/A") == ({}, ["No figure has changed."])
    office.tell(event(
        "attendance.recorded", "form:1", time="2023-09-25T08:00:00+07:00", source="lists", wave=WAVE, unit="HG-STP", audience=["nguoi-dan"],
        count=40, **{"class": "Ra quân"}))
    found, notes = office.changes("3/A")
    assert found == {} and notes[0] == "No figure has changed."
    assert notes[1].startswith("Had nothing to tell at the closing and is not in the document, has now: Appendix II (headcounts) (`mooc-aggregator report NAME")
    words = re.search("`mooc-aggregator (report) NAME (.*)`", notes[1])
    printed = office.stack.command("mooc-aggregator", words[1], "headcounts", *words[2].split()).stdout
    assert "Ra quân" in printed and "40" in printed


def totals(name, passed, revision, wave="DA06-2023-KH", registered=947):
    return json.dumps(json.loads(event("totals.published", f"totals:{wave}", time="2023-09-28T08:00:00+07:00", source="lists", revision=revision,
                                       wave=wave, registered=registered, passed=passed)) | {"id": name, "previous": str(revision - 1)}).encode()


def test_totals_published_again_and_names_changed(office):
    """Behind another province's figure stands what was published, behind a name the reference data: nobody's events."""
    office.send("tu-phap", "Sở Tư pháp", [("Lò Thị A", "002090000001", "a@x.vn")])
    office.tell(totals("t1", 900, 1), totals("t2", 100, 1, "DA06-2023-TB"))
    office.close("4/A")
    folder = office.stack.folder / "renamed"
    shutil.copytree(office.reference, folder)
    text = (folder / "units.csv").read_text()
    assert "HG-STP,Sở Tư pháp,Sở Tư pháp," in text
    (folder / "units.csv").write_text(text.replace("HG-STP,Sở Tư pháp,Sở Tư pháp,", "HG-STP,Sở Tư pháp,Sở Tư pháp tỉnh,"))
    office.stack.command("mooc-aggregator", "config", "load", folder)
    office.tell(totals("t3", 923, 2))
    made = json.loads(office.stack.command("mooc-aggregator", "report", "changes", "--since", "4/A", "--format", "json", "--lang", "en").stdout)
    found = {(r["report"], r["label"], r["measure"]): (r["old"], r["new"], r["cause"], r["events"], r["people"]) for r in made["rows"]}
    renamed = ("Sở Tư pháp", "Sở Tư pháp tỉnh", "names, targets or the unit tree changed", None, None)
    assert found.pop(("appendix2", "Khánh Hòa", "passed")) == (
        900, 923, "came after the closing (Totals published (changed): 1)", "t3", None)
    assert found.pop(("appendix2", "Khánh Hòa", "pass_rate_registered"))[2:] == (
        "came after the closing (Totals published (changed): 1)", "t3", None)
    assert set(found.values()) == {renamed} and {k[2] for k in found} == {"unit_name"}, found


def test_what_reads_as_it_was_sent_is_no_correction(office, tmp_path):
    """An office sends what is printed otherwise, under the name of its table: of a rate that reads as before, its counts."""
    office.send("tu-phap", "Sở Tư pháp", [("Lò Thị A", "002090000001", "a@x.vn")])
    office.tell(totals("u1", 77400, 1, "DA06-2023-BG", 100000))
    office.close("5/A")
    office.tell(totals("u2", 77405, 2, "DA06-2023-BG", 100010))
    command = ("report", "changes", "--since", "5/A")
    made = json.loads(office.stack.command("mooc-aggregator", *command, "--format", "json").stdout)
    assert [(r["report"], r["table"], r["measure"], r["old"], r["new"]) for r in made["rows"]] == [
        ("appendix2", "Phụ lục 2", "registered", 100000, 100010), ("appendix2", "Phụ lục 2", "passed", 77400, 77405)]
    assert made["notes"] == ["2 ô thay đổi.", "1 tỷ lệ thay đổi nhưng làm tròn vẫn như đã in, không liệt kê."]
    rows = list(csv.DictReader(io.StringIO(office.stack.command("mooc-aggregator", *command, "--format", "csv").stdout)))
    assert [(r["old"], r["new"]) for r in rows] == [("100000", "100010"), ("77400", "77405")], "numbers, as programs read them"
    book = tmp_path / "numbers.xlsx"
    office.stack.command("mooc-aggregator", *command, "--out", book)
    cells = [c for row in openpyxl.load_workbook(book).worksheets[0].iter_rows() for c in row if c.value in (100000, 100010, 77400, 77405)]
    assert [(c.value, c.data_type) for c in cells] == [(100000, "n"), (100010, "n"), (77400, "n"), (77405, "n")]
    text = office.stack.command("mooc-aggregator", *command, "--format", "text").stdout
    assert "1. Phụ lục 2, Bắc Giang, Số đăng ký: Đã chốt 100.000; Nay là 100.010; Nguyên nhân dữ liệu đến sau khi chốt" in text, text
    listed = office.stack.command("mooc-aggregator", "report", "closed", "--format", "text").stdout
    assert re.search(r"5/A, DA06-2023-HG: Số liệu tính đến \d\d:\d\d \S+; Chốt lúc \d\d:\d\d \S+; Người chốt \S+; ", listed), listed
    table = office.stack.command("mooc-aggregator", *command).stdout
    assert "100.000" in table and "77.405" in table, "people read them as they were printed"
    assert "Phụ lục 2" in table and "appendix2" not in table and "77,4%" not in table
    for language, name in (("vi", "Đính chính"), ("en", "Corrections")):
        path = tmp_path / f"{language}.xlsx"
        office.stack.command("mooc-aggregator", *command, "--lang", language, "--out", path)
        assert openpyxl.load_workbook(path).sheetnames == [name]


def test_a_corrected_list_comes_back_without_its_faults(office, tmp_path):
    """A row under another key since, and a row twice that was confirmed to be one person; the audit counts people, not rows."""
    people = [("Sùng Thị M", "", "m@@x"), ("Sùng Thị N", "002090000021", "n@x.vn"), ("Sùng Thị N", "002090000021", "n@x.vn"),
              ("Sùng Thị O", "002090000022", "o@x.vn")]
    office.send("xay-dung", "Sở Xây dựng", people)

    def asked(name):
        out = tmp_path / name
        office.stack.command("mooc-aggregator", "report", "follow-up", "--roster", office.stack.folder / "xay-dung.csv", "--wave", WAVE,
                             "--out", out)
        rows = list(openpyxl.load_workbook(out).worksheets[0].iter_rows(values_only=True))
        at = rows[0].index("Lỗi của dòng")
        return [r[at] for r in rows[1:]]
    assert asked("before.xlsx") == ["E-mail sai định dạng", "Trùng trong danh sách", "Trùng trong danh sách", None]
    fix = office.stack.folder / "fix-xay-dung.csv"
    fix.write_text("File,Sheet,Dòng,Lỗi,Cần làm,Sửa thành\nxay-dung.csv,,3,listed_twice,,\"KHÔNG, là hai người\"\n")
    assert "0 corrections applied, 0 already in force, 1 refused" in office.stack.command("mooc-ingest", "correct", fix, code=1).stdout
    fix.write_text("File,Sheet,Dòng,Lỗi,Cần làm,Sửa thành\nxay-dung.csv,,2,email_malformed,,m@x.vn\nxay-dung.csv,,3,listed_twice,,\n")
    assert "2 corrections applied" in office.ingest("correct", fix, "--received", "2023-09-28")
    assert asked("after.xlsx") == [None] * 4
    (detail,), = office.stack.query("SELECT detail FROM pulse.audit WHERE action = 'report follow-up' ORDER BY entry DESC LIMIT 1")
    assert (detail["rows"], detail["people"], detail["people_on_lists"]) == (4, 3, 3)
    said = office.stack.command("mooc-aggregator", "audit", "--lang", "vi").stdout
    assert "số người 3, trong đó có trong danh sách của đợt 3, số dòng 4" in " ".join(said.split())


def test_a_list_sent_again_is_not_told_its_mended_faults(office):
    """Faults that corrections in force have put right are none of the list any more: only what nobody has mended is told again."""
    people = [("Hoàng Thị A", "002090000051", "a@@x", "Sở Giao thông vận tải"), ("Hoàng Thị B", "002090000052", "", "Sở Giao thông vận tải"),
              ("Hoàng Thị C", "12", "htc@x.vn", "Sở Giao thông vận tải"), ("Hoàng Thị D", "002090000054", "chung@x.vn", "Sở Giao thông vận tải"),
              ("Hoàng Thị E", "002090000055", "chung@x.vn", "Sở Giao thông vận tải"), ("Hoàng Thị F", "002090000056", "f@x.vn", "Sở Giao thông vận tải"),
              ("Hoàng Thị F", "002090000056", "f@x.vn", "Sở Giao thông vận tải"), ("Hoàng Thị G", "002090000057", "g@@x", "Sở Giao thông vận tải"),
              ("Hoàng Thị H", "002090000058", "hth@x.vn", "Sở Lạ")]
    path = office.stack.folder / "giao-thong.csv"
    path.write_text(HEAD + "".join(f"{n},{who},{number},{email},{unit},1\n" for n, (who, number, email, unit) in enumerate(people, 1)))

    def told(code, *preview):
        said = office.stack.command("mooc-ingest", "import", path, "--scope", "supplement", "--received", "2023-09-20", *preview, code=code).stdout
        office.counted()
        return {fault: rows for fault, rows in re.findall(r"fault +(\w+) +\d+ +row ([\d, ]+)", said)}
    all_of_them = {"email_malformed": "2, 9", "email_missing": "3", "citizen_malformed": "4", "email_shared": "5, 6", "listed_twice": "8",
                   "unit_unknown": "10"}
    assert told(1) == all_of_them
    correct(office, "giao-thong", (2, "email_malformed", "hta@x.vn"), (3, "email_missing", "htb@x.vn"), (4, "citizen_malformed", "002090000053"),
            (5, "email_shared", "htd@x.vn"), (8, "listed_twice", ""), (10, "unit_unknown", "Sở Giao thông vận tải"))
    assert told(0, "--preview") == told(0) == {"email_malformed": "9"}


def test_a_row_that_came_is_told_by_its_figures(office):
    """Its name stands beside each of them, and is no correction of its own; nor is what is to be done about a fault, and by whom."""
    office.send("ngoai-vu", "Sở Ngoại vụ", [("Sùng Thị P", "002090000030", "p@x.vn")])
    office.close("6/A")
    office.send("noi-vu", "Sở Nội vụ", [("Vàng Văn Q", "002090000031", "")])
    found, _ = office.changes("6/A")
    came = {k for k in found if found[k]["old"] == "—"}
    assert {k[2] for k in came if k[:2] == ("issues", "HG-SNV")} == {"count"}, came


FORM = "File,Sheet,Dòng,Lỗi,Cần làm,Sửa thành\n"


def correct(office, name, *fixes, received=None):
    """(row, fault, put right) each; counted from the list's day unless another one is given."""
    path = office.stack.folder / "form.csv"
    path.write_text(FORM + "".join(f"{name}.csv,,{row},{fault},,{value}\n" for row, fault, value in fixes))
    said = office.ingest("correct", path, *(("--received", received) if received else ()))
    assert f"{len(fixes)} corrections applied" in said, said


def facts(office, unit):
    """(entity, revision, time, listed?) of all that was ever said of the unit's rows."""
    rows = office.stack.query("SELECT convert_from(value, 'UTF8')::jsonb FROM archive.events WHERE type IN ('roster.listed', 'roster.removed')")
    return [(e["entity"], int(e["revision"]), datetime.fromisoformat(e["time"]), e["type"] == "roster.listed", e["data"].get("identifiers"))
            for e, in rows if e["data"].get("unit") == unit]


def in_force(said, at):
    """Of each row the newest of what is timed by then, as figures as of an instant are counted."""
    newest = {}
    for entity, revision, time, listed, who in said:
        if time <= at:
            newest[entity] = max(newest.get(entity, (0, False, None)), (revision, listed, who), key=lambda n: n[0])
    return [(entity, who) for entity, (_, listed, who) in newest.items() if listed]


def day(n):
    return datetime(2023, 9, n, 12, tzinfo=timezone(timedelta(hours=7)))


def registered(office, unit, at):
    made = json.loads(office.stack.command("mooc-aggregator", "report", "participation", "--wave", WAVE, "--at", at, "--format", "json", "--lang", "en").stdout)
    return next((r["registered"] for r in made["rows"] if r["unit"] == unit), None)


def test_corrections_of_one_form_count_from_their_lists_day(office):
    """One row keeps its key when it is corrected, one changes it, one goes to another unit: all of them correct what was closed."""
    office.send("hoang-su-phi", "Huyện Hoàng Su Phì", [("Hầu Thị A", "002090000101", "a@@x"), ("Hầu Thị B", "", "b@@x"), ("Hầu Thị C", "002090000103", "c@x.vn")])
    closing = office.close("7/A")
    correct(office, "hoang-su-phi", (2, "email_malformed", "ha@x.vn"), (3, "email_malformed", "hb@x.vn"), (4, "unit_unknown", "Văn phòng UBND tỉnh"))
    said = facts(office, "HG-HOANGSUPHI") + facts(office, "HG-VPUBND")
    assert {(listed, time) for _, _, time, listed, _ in said} == {(kind, datetime(2023, 9, 19, 17, tzinfo=timezone.utc)) for kind in (True, False)}
    found, _ = office.changes("7/A")
    faults = found["issues", "HG-HOANGSUPHI", "count"]
    came = office.since(closing, "roster.listed", "roster.removed", unit="HG-HOANGSUPHI")
    assert len(came) == 4, "one anew, one anew under another key, two taken back"
    assert (faults["old"], faults["new"], faults["people"]) == (2, "—", 2) and set(faults["events"].split()) < came, faults
    for place, old, new, people in (("HG-HOANGSUPHI", 3, 2, 3), ("HG-VPUBND", None, 1, 1)):  # of three keys, one new
        row = found["participation", place, "registered"]
        assert (old is None or row["old"] == old) and (row["new"], row["people"]) == (new, people), row
    assert ("participation", None, "registered") not in found, "nobody came and nobody left"


SEQUENCES = {  # corrections of the row's address, each with the day it is to count from; then from which day on who stands there
    "once": ([("b1@x.vn", None)], {20: 1, 25: 1, 29: 1}),
    "once, from a day": ([("b1@x.vn", "2023-09-25")], {20: 0, 24: 0, 25: 1, 29: 1}),
    "once, from before the list": ([("b1@x.vn", "2023-09-15")], {15: 1, 20: 1, 29: 1}),
    "twice": ([("b1@x.vn", None), ("b2@x.vn", None)], {20: 2, 29: 2}),
    "the second from a day": ([("b1@x.vn", None), ("b2@x.vn", "2023-09-25")], {20: 1, 24: 1, 25: 2, 29: 2}),
    "the first from a day": ([("b1@x.vn", "2023-09-25"), ("b2@x.vn", None)], {20: 2, 24: 2, 25: 2, 29: 2}),
    "the second from before the first": ([("b1@x.vn", "2023-09-27"), ("b2@x.vn", "2023-09-23")], {20: 0, 22: 0, 23: 2, 26: 2, 27: 2, 29: 2}),
    "the third from before the second": (
        [("b1@x.vn", "2023-09-22"), ("b2@x.vn", "2023-09-27"), ("b3@x.vn", "2023-09-24")], {20: 0, 22: 1, 23: 1, 24: 3, 27: 3, 29: 3}),
    "there and back": ([("b1@x.vn", None), ("b2@x.vn", None), ("b1@x.vn", None)], {20: 1, 29: 1}),
    "there and back, from a day": ([("b1@x.vn", None), ("b2@x.vn", "2023-09-23"), ("b1@x.vn", "2023-09-26")], {20: 1, 22: 1, 23: 2, 25: 2, 26: 1, 29: 1}),
}
PLACES = [("HG-HAIQUAN", "Cục Hải quan tỉnh Hà Giang"), ("HG-BACME", "Huyện Bắc Mê"), ("HG-VIXUYEN", "Huyện Vị Xuyên"), ("HG-QUANBA", "Huyện Quản Bạ"),
          ("HG-DONGVAN", "Huyện Đồng Văn"), ("HG-YENMINH", "Huyện Yên Minh"), ("HG-MEOVAC", "Huyện Mèo Vạc"), ("HG-BACQUANG", "Huyện Bắc Quang"),
          ("HG-XINMAN", "Huyện Xín Mần"), ("HG-QUANGBINH", "Huyện Quang Bình")]


@pytest.mark.parametrize("sequence,place", list(zip(SEQUENCES, PLACES, strict=True)), ids=SEQUENCES)
def test_a_corrected_row_stands_once_at_every_instant(office, sequence, place):
    """Two rows of a list, one keyed by its citizen number, one by its e-mail and name, corrected alike: one of each, at every instant."""
    code, unit = place
    number = f"0020900{list(SEQUENCES).index(sequence):05}"
    fixes, expected = SEQUENCES[sequence]
    office.send(code, unit, [("Giàng Thị A", number, ""), ("Giàng Thị B", "", "b@@x")])
    for address, received in fixes:
        correct(office, code, (2, "email_missing", "a" + address), (3, "email_malformed", address), received=received)
    said = facts(office, code)
    instants = sorted({t for _, _, t, _, _ in said if t >= day(20) - timedelta(hours=12)} | {day(n) for n in expected if n >= 20} | {datetime.now(timezone.utc)})
    for at in instants:
        there = in_force(said, at)
        assert len(there) == 2, (sequence, at, there)
    keys = {}  # by the address: of both rows, learnt from who stands where only one can
    for n, which in expected.items():
        there = in_force(said, day(n))
        assert len(there) == 2, (sequence, n, there)
        for entity, who in there:
            kind = "citizen" if "citizen:" in entity else "email"
            assert keys.setdefault((kind, which), who) == who, (sequence, n)
    assert len({str(who) for who in keys.values()}) == len(keys), "every address is another"


def test_figures_as_of_an_instant_count_a_corrected_row_once(office):
    office.send("tp-ha-giang", "Thành phố Hà Giang", [("Tráng Thị A", "002090000201", ""), ("Tráng Thị B", "", "b@@x")])
    for fixes in (("b1@x.vn", None), ("b2@x.vn", "2023-09-25")):
        correct(office, "tp-ha-giang", (2, "email_missing", "a" + fixes[0]), (3, "email_malformed", fixes[0]), received=fixes[1])
        for at in ("2023-09-20", "2023-09-24", "2023-09-25", "2023-09-30", "2024-02-01"):
            assert registered(office, "HG-TPHAGIANG", at) == 2, (fixes, at)
    office.stack.command("mooc-aggregator", "verify")  # what was taken back twice is no break of its chain


def test_a_new_list_and_a_list_taken_back_end_a_corrected_row(office):
    """A later whole list ends it on its own day, one without the row and one with the office's own mending; taken back, it never was."""
    people = [("Phàn Thị A", "002090000301", ""), ("Phàn Thị B", "", "b@@x")]
    office.send("y-te", "Sở Y tế", people)
    correct(office, "y-te", (3, "email_malformed", "pb@x.vn"))
    office.send("y-te", "Sở Y tế", [people[0], ("Phàn Thị B", "", "mended@x.vn")], "2023-09-27")
    said = facts(office, "HG-SYTE")
    for n in (20, 26, 27, 29):
        assert len(in_force(said, day(n))) == 2, n
    assert in_force(said, day(26)) != in_force(said, day(27))
    last = office.mark()
    office.send("y-te-2", "Sở Giáo dục và Đào tạo", [("Phàn Thị C", "", "c@@x")])
    new, = office.since(last, "roster.listed", unit="HG-SGDDT")
    correct(office, "y-te-2", (2, "email_malformed", "pc@x.vn"))
    office.ingest("import", "revoke", office.import_of([new]), "--yes")
    said = facts(office, "HG-SGDDT")
    assert [len(in_force(said, at)) for at in (day(20), day(29), datetime.now(timezone.utc))] == [0, 0, 0]


def test_two_rows_that_were_one_entity_are_corrected_together(office):
    """Two people of one name without an identifier: what the one was once is taken back from its day on, though it is taken back for the other
    one, from a later day, in the same transaction."""
    office.send("mot", "Sở Ngoại vụ", [("Lù Thị A", "", "a@@x")])
    correct(office, "mot", (2, "email_malformed", "mot1@x.vn"))
    path = office.stack.folder / "hai.csv"
    path.write_text(HEAD + "1,Lù Thị A,,a@@x,Sở Ngoại vụ,1\n2,Lù Thị A,,a@@y,Huyện Hoàng Su Phì,1\n")
    office.ingest("import", path, "--scope", "supplement", "--received", "2023-09-25")
    correct(office, "hai", (3, "unit_unknown", "Sở Ngoại vụ"))
    assert any(":row:" in e for e, _ in in_force(facts(office, "HG-SNGV"), day(26))), "the second is what the first one was"
    before = office.mark()
    correct(office, "hai", (3, "email_malformed", "hai@x.vn"), (2, "email_malformed", "mot2@x.vn"))
    assert len(office.since(before, "roster.removed", unit="HG-SNGV")) == 2, "one each"
    said = facts(office, "HG-SNGV")
    first, both = (in_force(said, day(n)) for n in (24, 26))
    assert len(first) == 1 and len(both) == 2 and first[0] in both, (first, both)
    assert not [e for e, _ in both if ":row:" in e], "nobody stands without an address"
