"""The chasing list: a unit's own list back with where each person stands, for the lists of Hà Giang as the offices send them. What each
row must say is recomputed from the log by independent code, never by the program's."""
import csv
import datetime
import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections import Counter
from pathlib import Path

import openpyxl
import psycopg
import pytest
from conftest import BINARIES
from harness.recompute import measures
from harness.recompute.config import Config
from harness.recompute.deadlines import _issued
from harness.recompute.events import newest
from harness.recompute.facts import Known
from harness.recompute.people import people
from harness.stack import REFERENCE, ROOT, WAVE, Stack, wait_for
from simulator import Simulator

TRAINING = "DA06-2023"
OTHER = "DA06-2023-HG-2"  # a second wave, of which no list was sent
STATUS = {"no_account": "Chưa có tài khoản", "not_activated": "Chưa kích hoạt tài khoản", "not_started": "Chưa tham gia học",
          "learning": "Đang học", "not_sat": "Học xong, chưa thi", "failed": "Thi không đạt", "passed": "Đạt",
          "certified": "Đã được cấp giấy chứng nhận"}
ADDED = ["Tình trạng", "Hạn hoàn thành", "Lỗi của dòng", "Lý do"]
NOT_LISTED = "Không có trong danh sách đã nhận của đợt này"
GROUPS = "Theo Tổ"


class Site:
    """Both services, and the lists of 33 units in them, faults and all; the training has a deadline here."""

    def __init__(self, stack, platform):
        self.stack = stack
        self.world = stack.folder / "world"
        subprocess.run([sys.executable, "-m", "world", "hagiang", "--seed", "1", "--out", self.world], check=True,
                       stdout=subprocess.DEVNULL, cwd=ROOT / "tests")
        self.truth = json.loads((self.world / "truth.json").read_text())
        self.lists = sorted((self.world / "rosters").glob("*.xlsx"))
        reference = shutil.copytree(REFERENCE, stack.folder / "reference")
        with (reference / "trainings.yaml").open("a") as file:
            file.write("  deadline: {working_days: 3}\n")
        with (reference / "waves.csv").open("a") as file:
            file.write(f"{OTHER},{TRAINING},HG,Hà Giang đợt 2,Hà Giang đợt 2,2023-11-01,2023-11-10,counted,99\n")
        stack.make_aggregator(hmac_key_file=str(stack.folder / "hmac-key"))
        stack.make_ingest([stack.openedx_source(platform.url, accounts_by_email=True), stack.files_source(poll="200ms")],
                          reference=str(reference))
        stack.command("mooc-aggregator", "config", "load", reference)
        stack.aggregator.start()
        stack.ingest.start()
        for path in self.lists:
            hidden = stack.folder / "inbox" / f".{path.name}"
            shutil.copy(path, hidden)
            hidden.rename(stack.folder / "inbox" / path.name)
        self.books = {}
        self.settle("before")

    def settle(self, when):
        wanted = {m: self.truth[when]["total"][m] for m in ("registered", "accounts", "participated", "passed", "certified")}

        def figures():
            row, = self.stack.query(f"SELECT {', '.join(f'coalesce(sum({m}), 0)::int' for m in wanted)} FROM bi.participation"
                                    " WHERE wave = %s", WAVE)
            return dict(zip(wanted, row)) == wanted
        wait_for(figures, 90, f"the figures are those {when} the corrections", every=0.5)
        self.known = self.recompute()

    def recompute(self):
        """(file, sheet, row) -> (person, its listing) of every row that is in force."""
        query = self.stack.query
        (version,), = query("SELECT config_version FROM pulse.generations JOIN pulse.live USING (generation)")
        self.config = Config.read(query, version)
        events = newest([bytes(v) for (v,) in query("SELECT value FROM archive.events WHERE type IS NOT NULL")])
        sets, shared = people(events, self.config)
        persons = {}
        for subjects in sets:
            known = Known(self.config, subjects, shared)
            persons |= dict.fromkeys(subjects, known)
        self.shows_activation = any(a.activated for p in persons.values() for a in p.open_accounts)
        return {(*e.origin, e.row): (persons[e.subject], e) for e in events if e.type == "roster.listed"}

    def status(self, person):
        of = measures.of_training(self.config.trainings[TRAINING], [f for f in person.facts if f.wave == WAVE])
        for measure, status in (("certified", "certified"), ("passed", "passed"), ("sat", "failed"), ("completed", "not_sat"),
                                ("participated", "learning")):
            if of[measure]:
                return status
        if not person.open_accounts:
            return "no_account"
        return "not_started" if any(a.activated for a in person.open_accounts) else "not_activated"

    def due(self, person):
        """The third working day: weekends and the national day of 2023 counted by hand."""
        facts = [f for f in person.facts if f.wave == WAVE]
        issued = _issued(self.config.trainings[TRAINING], TRAINING, person)
        if issued is None:
            return None
        enrolled = min((f.day for f in facts if f.kind == "enrollment"), default=None)
        day = max(d for d in (issued, enrolled, self.config.waves[WAVE].begins) if d is not None)
        off = {datetime.date(2023, 9, 1).toordinal(), datetime.date(2023, 9, 4).toordinal()}
        left = 3
        while left:
            day += 1
            left -= datetime.date.fromordinal(day).weekday() < 5 and day not in off
        return datetime.date.fromordinal(day).strftime("%d/%m/%Y")

    def book(self, path):
        """The list given back as it was before the corrections, asked for once."""
        if path not in self.books:
            listed = any(file == path.name for file, _, _ in self.known)  # not so of the unit that nobody knows
            self.books[path], _ = self.ask(path, *(() if listed else ("--wave", WAVE)))
        return self.books[path]

    def ask(self, path, *arguments, out="out.xlsx", keep=False, **how):
        out = self.stack.folder / out
        if not keep:
            out.unlink(missing_ok=True)
        done = self.stack.command("mooc-aggregator", "report", "follow-up", "--roster", path, "--out", out, *arguments, **how)
        return (openpyxl.load_workbook(out), done) if done.returncode == 0 else (None, done)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with Stack(tmp_path_factory.mktemp("follow_up"), BINARIES) as stack, Simulator(
            world="hagiang", seed=1, start="end", speed=0,
            rate=["enrollment=60000/minute", "default=60000/minute"]) as platform:
        yield Site(stack, platform)


def added(sheet):
    """row -> (status, due, fault, reason) of the columns that were added, and where they begin."""
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value == ADDED[0]:
                at = cell.column
                assert [sheet.cell(cell.row, at + i).value for i in range(4)] == ADDED
                return at, {r: tuple(sheet.cell(r, at + i).value for i in range(4))
                            for r in range(cell.row + 1, sheet.max_row + 1) if sheet.cell(r, at).value}
    return None, {}


def check_list(site, path, book):
    """Every person of the list in the recomputation's words. Gives how many of each status, persons counted once."""
    before, seen, statuses = openpyxl.load_workbook(path), set(), Counter()
    for name in before.sheetnames:
        at, rows = added(book[name])
        for number, (status, due, fault, reason) in rows.items():
            assert reason is None
            found = site.known.get((path.name, name, number))
            if found is None:
                continue  # rows that became no event: looked at by whoever calls
            person, event = found
            assert (status, due) == (STATUS[site.status(person)], site.due(person)), (path.name, name, number)
            assert NOT_LISTED not in (fault or "")
            seen.add((name, number))
            statuses[status] += 1
    wanted = {(sheet, row) for file, sheet, row in site.known if file == path.name}
    assert seen == wanted, f"{path.name}: rows without a status: {sorted(wanted - seen)[:5]}"
    return statuses


def some(site):
    """A few lists: the longest, and every eighth of the others."""
    return [p for i, p in enumerate(site.lists) if i % 8 == 0 or p.name.startswith("so_y_te")]


def check_size(sheet):
    """All columns fit on A4 landscape at 9 of a size of 11, a digit of which is 5.6 points wide."""
    letters = [openpyxl.utils.get_column_letter(c) for c in range(1, sheet.max_column + 1)]
    width = sum(sheet.column_dimensions[c].width for c in letters if not sheet.column_dimensions[c].hidden) * 5.6
    assert (842 - 2 * 0.3 * 72) / width >= 9 / 11, (sheet.title, [sheet.column_dimensions[c].width for c in letters])


def check_page(before, after, widened):
    """One page wide, A4 and landscape where columns were added, the headings on each page; the unit's own paper and headings stay."""
    assert after.oddFooter.center.text == before.oddFooter.center.text
    page = after.page_setup
    if widened:
        assert str(page.paperSize) == str(before.page_setup.paperSize or 9) and after.page_margins.left <= 0.3
        assert after.print_title_rows == before.print_title_rows if before.print_title_rows else after.print_title_rows
        check_size(after)
    else:
        assert (page.paperSize, after.page_margins, after.print_title_rows) == (
            before.page_setup.paperSize, before.page_margins, before.print_title_rows)
    shown = (page.orientation, page.fitToWidth, page.fitToHeight, after.sheet_properties.pageSetUpPr and after.sheet_properties.pageSetUpPr.fitToPage)
    if widened:
        assert shown == ("landscape", 1, 0, True)
    else:
        assert shown[0] == before.page_setup.orientation


def look_at_lists(site, lists):
    every = Counter()
    for path in lists:
        book = site.book(path)
        before = openpyxl.load_workbook(path)
        assert book.sheetnames == [*before.sheetnames, GROUPS]
        for sheet in before:
            after = book[sheet.title]
            assert after.merged_cells.ranges == sheet.merged_cells.ranges
            at, _ = added(after)
            check_page(sheet, after, at is not None)
            for row in sheet.iter_rows():
                for cell in row:
                    same = after[cell.coordinate]
                    if cell.value is not None:
                        assert (same.value, same.data_type, same.number_format) == (cell.value, cell.data_type, cell.number_format)
                        assert at is None or cell.column < at
        every += check_list(site, path, book)
    return every


def test_lists_come_back_as_they_were_with_the_recomputed_status(site):
    every = look_at_lists(site, some(site))
    assert min(every[STATUS[s]] for s in ("no_account", "not_activated", "not_started", "learning", "failed", "certified")) > 0


@pytest.mark.long
def test_every_list_comes_back_and_together_they_are_the_figures(site):
    every = look_at_lists(site, site.lists)
    total, = site.stack.query("SELECT sum(certified)::int, sum(failed)::int, sum(registered - accounts)::int FROM bi.participation"
                              " WHERE wave = %s", WAVE)
    # Nobody learns without an account here.
    assert (every[STATUS["certified"]], every[STATUS["failed"]], every[STATUS["no_account"]]) == total


def test_groups_are_counted_as_the_view_counts_them(site):
    path = next(p for p in site.lists if p.name.startswith("so_y_te"))
    book = site.book(path)
    rows = list(book[GROUPS].iter_rows(values_only=True))
    head = next(i for i, r in enumerate(rows) if r[:3] == ("Đơn vị", "Tổ", "Số người"))
    assert rows[head][3:11] == tuple(STATUS.values())
    end = next(i for i, r in enumerate(rows) if r[0] == "Tổng số")
    # No platform here tells progress: who has learnt all is not known, which is not nobody.
    unknown = 3 + list(STATUS).index("not_sat")
    assert {r[unknown] for r in rows[head + 1:end + 1]} == {None}
    assert any(r[0] and r[0].startswith("Học xong, chưa thi: không có dữ liệu (để trống, không phải 0)") for r in rows[end:])
    _, done = site.ask(path, out="groups.xlsx")
    assert "  Học xong, chưa thi: chưa có dữ liệu\n" in done.stdout and "  Đang học: " in done.stdout
    _, done = site.ask(path, "--lang", "en", out="groups.xlsx")
    assert "  Not sat the exam: no data\n" in done.stdout
    by_group = {r[1]: tuple(n or 0 for n in r[2:11]) for r in rows[head + 1:end]}
    wanted = {g: (n, certified, failed) for g, n, certified, failed in site.stack.query(
        "SELECT study_group, registered::int, certified::int, failed::int FROM pulse.live_tallies WHERE scope = 'wave' AND unit = 'HG-SYTE'")}
    assert {g: (r[0], r[8], r[6]) for g, r in by_group.items()} == wanted and len(wanted) > 30
    assert all(sum(r[1:]) == r[0] for r in by_group.values())
    assert tuple(n or 0 for n in rows[end][2:11]) == tuple(map(sum, zip(*by_group.values())))


def look_at_faults(site, lists):
    """Where the very list was sent in, what bi.data_issues says of the row. How many second rows of one person were told to be that."""
    words = dict(site.stack.query("SELECT kind, label_vi FROM pulse.issue_kinds"))
    names, wanted = {p.name for p in lists}, {}
    for file, sheet, row, kind in site.stack.query(
            "SELECT file, coalesce(sheet, ''), \"row\"::int, kind FROM bi.data_issues WHERE file IS NOT NULL AND kind <> 'unit_unknown'"):
        if file in names:
            wanted.setdefault((file, sheet, row), set()).add(words[kind])
    assert wanted
    told, second = {}, 0
    for path in lists:
        book = site.book(path)
        for sheet in book.worksheets[:-1]:
            for row, (_, _, fault, _) in added(sheet)[1].items():
                if not fault:
                    continue
                if (path.name, sheet.title, row) in site.known:
                    told[path.name, sheet.title, row] = set(fault.split("; "))
                elif words["listed_twice"] in fault:
                    second += 1
                else:
                    assert words["unit_unknown"] in fault and NOT_LISTED in fault, (path.name, row, fault)
    assert told == wanted
    return second


def test_faults_are_told_in_the_words_of_the_issues(site):
    twice = {f["file"] for f in site.truth["fault_rows"] if f["fault"] == "listed_twice"}
    lists = [*some(site), next(p for p in site.lists if p.name in twice)]
    assert look_at_faults(site, lists) == sum(f["fault"] == "listed_twice" and f["file"] in {p.name for p in lists}
                                              for f in site.truth["fault_rows"]) > 0


@pytest.mark.long
def test_every_fault_is_told(site):
    assert look_at_faults(site, site.lists) == 7


def as_rows(path):
    sheet = openpyxl.load_workbook(path).worksheets[0]
    return [["" if c is None else str(c) for c in row] for row in sheet.iter_rows(values_only=True)]


def test_a_list_in_an_old_encoding_with_strangers_blank_lines_and_a_row_twice(site):
    """The same people from a CSV file of another name: found by their keys; who is on no list is told so, and counted."""
    faulty = {f["file"] for f in site.truth["fault_rows"]}
    listed = next(f for f in site.truth["files"] if len(f["sheets"]) == 1 and f["file"] not in faulty
                  and 10 < sum(s["rows"] for s in f["sheets"].values()) < 80)
    path = site.world / "rosters" / listed["file"]
    book = site.book(path)
    (sheet,) = book.worksheets[:-1]
    _, expected = added(sheet)
    rows = as_rows(path)
    first = min(expected) - 1
    people_rows = [rows[n - 1] for n in sorted(expected)]
    columns = {c.lower(): i for i, c in enumerate(rows[first - 1])}
    name = next(i for c, i in columns.items() if "tên" in c)
    email = next(i for c, i in columns.items() if "mail" in c)
    stranger = list(people_rows[0])
    stranger[name], stranger[email] = "Người Không Ai Biết", "khong.ai.biet@nowhere.example"
    for i, cell in enumerate(people_rows[0]):
        if cell.replace(" ", "").isdigit() and len(cell) >= 9:
            stranger[i] = ""
    text = [["DANH SÁCH HỌC VIÊN"], [], rows[first - 1], *people_rows[:5], [], stranger, *people_rows[5:], people_rows[2]]
    there = site.stack.folder / "list.csv"
    with there.open("w", encoding="cp1258", errors="strict", newline="") as file:
        csv.writer(file, delimiter=";").writerows([[decomposed(c) for c in row] for row in text])
    book, done = site.ask(there, "--unit", listed["unit"])
    sheet = book.worksheets[0]
    at, told = added(sheet)
    assert book.sheetnames[-1] == GROUPS and len(told) == len(people_rows) + 2
    for number, cells in enumerate(text, start=1):
        assert [sheet.cell(number, i + 1).value or "" for i in range(len(cells))] == cells, number
        assert all(c.data_type in "sn" for c in sheet[number] if c.value is not None)
    order = [told[n][:2] for n in sorted(told)]
    wanted = [expected[n][:2] for n in sorted(expected)]
    assert order == [*wanted[:5], (STATUS["no_account"], None), *wanted[5:], wanted[2]]
    faults = [told[n][2] or "" for n in sorted(told)]
    assert NOT_LISTED in faults[5] and sum(NOT_LISTED in f for f in faults) == 1
    assert "Trùng trong danh sách" in faults[-1] and "Trùng trong danh sách" in faults[2]
    total = next(r for r in book[GROUPS].iter_rows(values_only=True) if r[0] == "Tổng số")
    assert total[2] == len(people_rows) + 1, "the person who stands twice counts once"


def decomposed(text):
    """As Windows-1258 writes Vietnamese: the tone behind its vowel."""
    import unicodedata
    out = ""
    for c in unicodedata.normalize("NFC", text):
        try:
            c.encode("cp1258")
            out += c
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", c)
            tone = next(p for p in parts if p in "\u0300\u0301\u0303\u0309\u0323")
            out += unicodedata.normalize("NFC", parts.replace(tone, "")) + tone
    return out


NAMES = "Họ tên khác với danh sách đã nhận"
SAME = "Có CCCD, e-mail hoặc số điện thoại của người khác tên trong danh sách đã nhận"
UNCLEAR = "Không xác định được"


def without_accents(text):
    import unicodedata
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)).replace("đ", "d").replace("Đ", "D")


def one_letter(text):
    """The last vowel becomes another."""
    at = max(i for i, c in enumerate(text) if without_accents(c).lower() in "aeiouy")
    return text[:at] + ("ẩ" if text[at] != "ẩ" else "ấ") + text[at + 1:]


class Copy:
    """A list of one sheet without faults, to be changed and asked for under another name."""

    def __init__(self, site, unit):
        listed = next(f for f in site.truth["files"] if f["unit"] == unit)
        assert len(listed["sheets"]) == 1 and listed["file"] not in {f["file"] for f in site.truth["fault_rows"]}
        self.site, self.unit, self.path = site, unit, site.world / "rosters" / listed["file"]
        self.expected = added(site.book(self.path).worksheets[0])[1]
        rows = as_rows(self.path)
        self.head = rows[min(self.expected) - 2]
        self.rows = [rows[n - 1] for n in sorted(self.expected)]
        self.statuses = [self.expected[n][0] for n in sorted(self.expected)]
        self.name, self.email = self.column("tên"), self.column("mail", "thư")
        self.phone, self.citizen = self.column("đt", "điện thoại"), self.column("cccd", "định danh")

    def column(self, *words):
        return next((i for i, c in enumerate(self.head) if any(w in c.lower() for w in words)), None)

    def ask(self, rows, *arguments):
        path = self.site.stack.folder / "copy.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([self.head, *rows])
        book, done = self.site.ask(path, "--unit", self.unit, "--wave", WAVE, *arguments)
        self.book, self.done = book, done
        return [tuple(c.value for c in book.worksheets[0][n][-4:]) for n in range(2, len(rows) + 2)]

    def counted(self):
        head, total = (next(r for r in self.book[GROUPS].iter_rows(values_only=True) if r[0] == w) for w in ("Đơn vị", "Tổng số"))
        return {h: n for h, n in zip(head[2:], total[2:]) if n}


def changed(rows, column, value):
    return [[value(c) if i == column else c for i, c in enumerate(row)] for row in rows]


@pytest.mark.parametrize("unit", ["HG-BHXH", "HG-TINHDOAN"])  # with citizen numbers, and without
@pytest.mark.parametrize("spelling", [without_accents, one_letter])
def test_a_name_spelt_otherwise_is_found_by_its_identifiers(site, unit, spelling):
    copy = Copy(site, unit)
    rows = copy.ask(changed(copy.rows, copy.name, spelling))
    assert [s for s, *_ in rows] == copy.statuses
    assert all(NAMES in fault and NOT_LISTED not in fault for _, _, fault, _ in rows)
    assert copy.counted() == {"Số người": len(rows)} | Counter(copy.statuses)
    detail, = site.stack.query("SELECT detail FROM pulse.audit WHERE action = 'report follow-up' ORDER BY entry DESC LIMIT 1")[0]
    assert detail["people"] == detail["people_on_lists"] == len(rows) and detail["unclear"] == 0


def test_who_shares_an_identifier_with_another_name_is_not_told_to_be_without_an_account(site):
    """A family's phone, an office's address, a number dragged down one row: nobody's status is told, and no account is claimed."""
    copy = Copy(site, "HG-BHXH")
    name, email, phone, citizen = copy.name, copy.email, copy.phone, copy.citizen

    def row(like, **cells):
        at = {"name": name, "email": email, "phone": phone, "citizen": citizen}
        return [cells.get(next((k for k, v in at.items() if v == i), ""), c) for i, c in enumerate(copy.rows[like])]
    rows = copy.ask([
        row(0), row(0, name="Người Cùng Số", email="", citizen=""),  # whose person is in the list
        row(1, name="Người Cùng Số", email="khac@nowhere.example", citizen=""),  # an address of its own
        row(2, name="Người Nhà A", citizen=""), row(2, name="Người Nhà B", citizen=""),  # both cannot be
        row(3, name="Người Khác Số", citizen="001099012345"),  # another citizen number
        row(5, name="Người Chép Nhầm", email=copy.rows[4][email], phone=copy.rows[4][phone]),  # number and address of two
        row(6, name="Người Không Ai Biết", email="khong.ai.biet@nowhere.example", phone="", citizen=""),
        row(7, name="Tên Khác Hẳn", email="moi@nowhere.example", phone=""),  # the same number
    ])
    assert [s for s, *_ in rows] == [copy.statuses[0], *[UNCLEAR] * 6, STATUS["no_account"], copy.statuses[7]]
    assert all(SAME in fault and NOT_LISTED not in fault for _, _, fault, _ in rows[1:7])
    assert rows[7][2] == NOT_LISTED and NAMES in rows[8][2]
    assert copy.counted()[UNCLEAR] == 6 and f"  {UNCLEAR}: 6\n" in copy.done.stdout
    rows = copy.ask([row(1, name="Ai Đó", email="khac@nowhere.example", citizen="")], "--lang", "en")
    assert rows == [("Cannot be told", None, "Has the citizen number, e-mail or phone of somebody of another name on the lists received", None)]


def test_with_another_key_nobody_is_told_to_be_without_an_account(site):
    """Of ten and more it is refused; of fewer it is said that nobody is known, and nothing of anybody."""
    wrong = site.stack.folder / "wrong-key"
    wrong.write_text("another key, as long as it need be, for nobody at all")
    wrong.chmod(0o600)
    copy = Copy(site, "HG-STP")
    for language, status, fault, words in (
            ("vi", UNCLEAR, "Không nhận ra ai trong danh sách này", "Không nhận ra ai trong 4 dòng của danh sách"),
            ("en", "Cannot be told", "Nobody of this list is recognised", "None of the list's 4 rows is recognised")):
        rows = copy.ask(copy.rows, "--lang", language, "--hmac-key-file", wrong)
        assert [(s, f) for s, _, f, _ in rows] == [(status, fault)] * 4
        assert words in copy.done.stderr and "hmac_key_file" in copy.done.stderr
        assert any(words in str(r[0]) and "hmac_key_file" in r[0] for r in copy.book.worksheets[-1].iter_rows(values_only=True, max_row=5))
        assert f"  {status}: 4\n" in copy.done.stdout
    _, done = site.ask(Copy(site, "HG-BHXH").path, "--wave", WAVE, "--hmac-key-file", wrong, code=1)
    assert "hmac_key_file" in done.stderr
    # Without the wave it cannot be found out either; the reason is the same.
    _, done = site.ask(Copy(site, "HG-BHXH").path, "--hmac-key-file", wrong, "--lang", "vi", code=2)
    assert "không biết là của đợt nào" in done.stderr and "hmac_key_file" in done.stderr and f"ở --wave: {WAVE}, {OTHER}" in done.stderr
    assert copy.ask(copy.rows) and "hmac_key_file" not in copy.done.stderr


def test_rows_of_other_units_than_the_one_named_are_counted(site):
    copy = Copy(site, "HG-BHXH")
    other = Copy(site, "HG-TINHDOAN")
    copy.ask(copy.rows)
    assert "đơn vị khác" not in copy.done.stderr
    said = "11 trong 11 dòng là người của đơn vị khác, không phải của Sở Y tế"
    book, done = site.ask(other.path, "--unit", "HG-SYTE")
    assert said in done.stderr and any(said in str(r[0]) for r in book[GROUPS].iter_rows(values_only=True, max_row=5))
    _, done = site.ask(other.path, "--unit", "HG-SYTE", "--lang", "en")
    assert "11 of 11 rows are of other units, not of Sở Y tế" in done.stderr
    # Strangers' rows say themselves whose they are; those of the unit's own are its own.
    stranger = [("Người Nào Đó" if i == copy.name else "BHXH tỉnh" if "Đơn vị" in h else "khong.co@nowhere.example" if i == copy.email else "")
                for i, h in enumerate(copy.head)]
    copy.unit = "HG-SYTE"
    copy.ask([stranger, ["Sở Y tế" if c == "BHXH tỉnh" else c for c in stranger]])
    assert "1 trong 2 dòng là người của đơn vị khác" in copy.done.stderr


@pytest.mark.parametrize("area, widened", [
    ("A1:I12", "'Sheet1'!$A$1:$M$12"), ("A1:I12,A14:C15", "'Sheet1'!$A$1:$M$12,'Sheet1'!$A$14:$C$15")])
def test_added_columns_are_printed_and_reasons_can_be_filled_in(site, area, widened):
    """Of a list with a print area and a protected sheet."""
    copy = Copy(site, "HG-BHXH")
    given = openpyxl.load_workbook(copy.path)
    sheet = given.worksheets[0]
    sheet.print_area = area
    sheet.protection.set_password("khoa")
    sheet.protection.enable()
    path = site.stack.folder / "protected.xlsx"
    given.save(path)
    book, _ = site.ask(path)
    after = book.worksheets[0]
    at, rows = added(after)
    assert at == 10 and after.print_area == widened
    assert after.protection.sheet and after.protection.password == sheet.protection.password
    for row in rows:
        assert [after.cell(row, c).protection.locked for c in range(1, at + 4)] == [True] * (at + 2) + [False]
        assert after.cell(row, at + 3).alignment.wrap_text and repr(after.cell(row, at + 3).border) == repr(after.cell(row, at + 2).border)
    assert after.cell(min(rows) - 1, at + 3).protection.locked
    # It comes back with reasons, and is given again: they can still be changed.
    after.cell(min(rows), at + 3).value = "Đi công tác"
    back = site.stack.folder / "protected-back.xlsx"
    book.save(back)
    again = site.ask(back)[0].worksheets[0]
    assert again.print_area == widened and again.cell(min(rows), at + 3).value == "Đi công tác"
    assert not again.cell(min(rows), at + 3).protection.locked and again.protection.sheet


def test_out_is_private_and_whole_and_the_list_stays(site):
    path = site.lists[0]
    bytes_before, out = path.read_bytes(), site.stack.folder / "out.xlsx"
    site.ask(path)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    kept = out.read_bytes()
    for wrong, why in ((("--wave", "NO-SUCH"), f'there is no wave "NO-SUCH" whose people are counted one by one; there are: {WAVE}, {OTHER}'), (("--unit", "NO-SUCH"), "NO-SUCH"), (("--encoding", "x"), "--encoding"),
                       (("--format", "csv"), "xlsx only"), (("--month", "2023-09"), "month")):
        _, done = site.ask(path, *wrong, out="new.xlsx", code=2)
        assert why in done.stderr and not (site.stack.folder / "new.xlsx").exists()
    none = site.stack.folder / "none.csv"
    for there, why in ((False, "cannot be opened: No such file or directory"), (True, "it is no regular file")):
        if there:
            none.mkdir()
        assert f"mooc-aggregator: {none}: {why}\n" in site.ask(none, out="new.xlsx", code=1)[1].stderr
    # What people wrote into it would be gone.
    _, done = site.ask(path, keep=True, code=2)
    assert "may hold answers" in done.stderr and out.read_bytes() == kept
    done = site.stack.command("mooc-aggregator", "report", "follow-up", "--roster", path, "--out", path, code=2)
    assert "stays as it is" in done.stderr
    link = site.stack.folder / "link.xlsx"
    link.symlink_to(path)
    site.stack.command("mooc-aggregator", "report", "follow-up", "--roster", path, "--out", link, code=2)
    site.stack.command("mooc-aggregator", "report", "follow-up", "--roster", path, "--out", site.stack.folder / "no/out.xlsx", code=2)
    assert path.read_bytes() == bytes_before and not list(site.stack.folder.glob("*.part"))


def test_a_list_that_came_back_with_reasons_keeps_them(site):
    path = site.lists[0]
    book, _ = site.ask(path, out="first.xlsx")
    sheet = book.worksheets[0]
    at, rows = added(sheet)
    row = min(rows)
    sheet.cell(row, at + 3).value, sheet.cell(row, at).value = "Đi công tác", "?"
    back = site.stack.folder / "back.xlsx"
    book.save(back)
    again, _ = site.ask(back, "--lang", "en")
    assert again.sheetnames == book.sheetnames
    sheet = again.worksheets[0]
    assert [c.value for c in sheet[row][at - 1:]] == ["Certified", rows[row][1] and "-".join(rows[row][1].split("/")[::-1]), None, "Đi công tác"]
    assert (sheet.cell(row + 1, at).value, sheet.max_column) == ("Certified", at + 3)
    assert [r[2] for r in again.worksheets[-1].iter_rows(values_only=True) if r[0] == "Total"] == [len(rows)]


def test_the_wave_is_the_one_that_lists_them_or_the_one_named(site):
    """Every other test leaves the wave to be found. Of another one the results are told, and that the list was not sent for it."""
    path = site.lists[0]
    book, done = site.ask(path, "--wave", OTHER)
    sheet = book.worksheets[0]
    here, there = added(site.book(path).worksheets[0])[1], added(sheet)[1]
    assert [s for s, *_ in there.values()] == [s for s, *_ in here.values()]
    assert all(due is None and NOT_LISTED in fault for _, due, fault, _ in there.values()) and OTHER in done.stdout
    strangers = site.stack.folder / "strangers.csv"
    strangers.write_text("STT,Họ và tên,Email\n1,Người Nào Đó,nguoi.nao.do@nowhere.example\n")
    _, done = site.ask(strangers, code=2)
    assert "no wave lists anybody" in done.stderr and f"{WAVE}, {OTHER}" in done.stderr and "hmac_key_file" in done.stderr
    book, _ = site.ask(strangers, "--wave", WAVE, "--lang", "en")
    assert [c.value for c in book.worksheets[0][2]][3:] == ["Cannot be told", None, "Unknown unit; Nobody of this list is recognised", None]


def test_who_may_ask_and_that_it_is_noted(site):
    """A login with the role sees what it needs; one without it, and one without the key, are told what is missing."""
    name = f"t_chaser_{os.getpid()}"
    site.stack.query(f"CREATE ROLE {name} LOGIN")
    config = json.loads(Path(site.stack.aggregator.config).read_text()) | {"database": site.stack.conninfo(name)}
    theirs = site.stack.folder / "theirs.yaml"
    command = [BINARIES / "mooc-aggregator", "report", "follow-up", "--roster", site.lists[0], "--out",
               site.stack.folder / "theirs.xlsx", "--config", theirs]
    try:
        theirs.write_text(json.dumps(config))
        refused = subprocess.run(command, capture_output=True, text=True)
        assert refused.returncode == 2 and f"GRANT mooc_follow_up TO {name}" in refused.stderr
        site.stack.query(f"GRANT mooc_follow_up TO {name}")
        theirs.write_text(json.dumps({k: v for k, v in config.items() if k != "hmac_key_file"}))
        refused = subprocess.run(command, capture_output=True, text=True)
        assert refused.returncode == 2 and "hmac_key_file" in refused.stderr
        assert not (site.stack.folder / "theirs.xlsx").exists()
        theirs.write_text(json.dumps(config))
        before, = site.stack.query("SELECT count(*) FROM pulse.audit WHERE action = 'report follow-up'")[0]
        done = subprocess.run([*command, "--reason", "nhắc lần 1"], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        (login, reason, detail), = site.stack.query(
            "SELECT login, reason, detail FROM pulse.audit WHERE action = 'report follow-up' ORDER BY entry DESC LIMIT 1")
        assert (login, reason) == (name, "nhắc lần 1") and before + 1 == site.stack.query(
            "SELECT count(*) FROM pulse.audit WHERE action = 'report follow-up'")[0][0]
        assert detail["file"] == site.lists[0].name and detail["wave"] == WAVE and detail["rows"] > 0
        assert detail["people_on_lists"] == detail["people"] == sum(detail[s] or 0 for s in STATUS) and detail["not_sat"] is None
        with psycopg.connect(site.stack.conninfo(name), autocommit=True) as theirs:
            for sql in ("SELECT 1 FROM gen_1.states", "SELECT 1 FROM archive.events", "SELECT 1 FROM pulse.audit",
                        "SELECT 1 FROM bi.participation"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    theirs.execute(sql)
    finally:
        site.stack.query(f"DROP ROLE {name}")


def test_no_name_is_left_anywhere(site):
    """After all that was asked: not in the database, not in a log, not in a folder for temporary files."""
    temporary = site.stack.folder / "tmp"
    temporary.mkdir()
    path = site.lists[0]
    done = subprocess.run([BINARIES / "mooc-aggregator", "report", "follow-up", "--roster", path, "--out", site.stack.folder / "nobody.xlsx",
                           "--config", site.stack.aggregator.config], capture_output=True, text=True,
                          env=os.environ | {"TMPDIR": str(temporary)})
    assert done.returncode == 0 and not list(temporary.iterdir())
    words = set()
    for listed in some(site):
        for sheet in openpyxl.load_workbook(listed):
            for row in sheet.iter_rows(values_only=True):
                words |= {w.lower() for c in row for w in str(c or "").split() if "@" in w and w[0] != "@"}
    names = {p[name] for p in map(as_rows, site.lists[:3]) for p in p for name in range(len(p)) if len(p[name].split()) >= 3}
    assert len(words) > 500
    texts = [done.stdout + done.stderr, site.stack.aggregator.log_text(), site.stack.ingest.log_text()]
    for schema, table in site.stack.query(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'sqitch')"
            " AND schemaname || '.' || tablename NOT IN ('pulse.units', 'pulse.unit_aliases', 'pulse.unit_path_names')"):
        texts.append("\n".join(t for (t,) in site.stack.query(f'SELECT t::text FROM "{schema}"."{table}" t')))
    values = b"\n".join(bytes(v) for (v,) in site.stack.query("SELECT value FROM archive.events")).decode()
    for text in (*texts, values):
        assert not words & {part for part in re.split("[^a-z0-9@._+-]+", text.lower()) if "@" in part}
    units = {n.lower() for (n,) in site.stack.query("SELECT name FROM pulse.units UNION SELECT printed_name FROM pulse.units")}
    persons = {n for n in names if n.lower() not in units and n.istitle() and not any(c.isdigit() for c in n)}
    audit = "\n".join(t for (t,) in site.stack.query("SELECT a::text FROM pulse.audit a"))
    assert persons and not [n for n in persons if n in audit or n in values]


HEAD = ("File", "Sheet", "Dòng", "Lỗi", "Cần làm", "Sửa thành")


def form_rows(sheet):
    """row number -> cells of the form's table."""
    head = next(r for r in range(1, 20) if tuple(c.value for c in sheet[r][:6]) == HEAD)
    return {r: [c.value for c in sheet[r][:6]] for r in range(head + 1, sheet.max_row + 1) if sheet.cell(r, 1).value}


def told(said):
    """code -> rows, of the corrections that were not taken."""
    found = re.findall(r"correction +(\w+) +\d+   (?:sheet [^:]*: )?row ([\d, ]+)", said)
    return {code: [int(n) for n in rows.split(",")] for code, rows in found}


@pytest.mark.long
def test_forms_go_out_to_the_units_and_are_what_correct_takes(site):
    """Exported, filled in with what is right, sent: half filled ones first, then whole ones, then once more. Then the list as it was
    first sent is asked for again: another address since, or the unit's right name, and the person is found all the same."""
    folder = site.stack.folder / "forms"
    site.stack.command("mooc-aggregator", "issues", "--export", folder)
    right = {}
    book = openpyxl.load_workbook(site.world / "corrections.xlsx")
    for file, sheet, row, fault, _, value in book.active.iter_rows(min_row=2, values_only=True):
        right[file, sheet, row, fault.replace("email_shared", "identifier_shared")] = value
    groups = {k: e.data.get("group", "") for k, (_, e) in site.known.items()}
    asked, forms = set(), sorted(folder.iterdir())
    assert len({p.stem for p in forms} - {u for (u,) in site.stack.query("SELECT unit FROM pulse.units")}) == 1
    for path in forms:
        book = openpyxl.load_workbook(path)
        assert book.sheetnames[1] == "Hướng dẫn"
        sheet, order = book.worksheets[0], []
        assert (sheet.page_setup.orientation, sheet.cell(1, 1).font.name) == ("landscape", "Times New Roman")
        for number, (file, name, row, fault, to_do, answer) in form_rows(sheet).items():
            assert answer is None and sheet.cell(number, 6).number_format == "@" and to_do
            assert (file, name, row, fault) not in asked, "a fault stands once"
            asked.add((file, name, row, fault))
            group = groups.get((file, name, row), "")
            order.append((not group, int(group or 0), file, name, row))
            assert not group or to_do.startswith(f"Tổ {group} - ")
        assert order == sorted(order), path.name
    shown = {k for k in right if k[3] != "listed_twice" and k[3] != "account_under_other_email"}
    assert shown <= asked and len([k for k in right if k[3] == "account_under_other_email" and k in asked]) == 11

    # One row left empty, one with nonsense, one of a kind that nobody knows: told by their rows, the others are taken.
    path = max(forms, key=lambda p: len(form_rows(openpyxl.load_workbook(p).worksheets[0])))
    book = openpyxl.load_workbook(path)
    rows = form_rows(book.worksheets[0])
    emails = [r for r, cells in rows.items() if cells[3].startswith("email_m")][:3]
    book.worksheets[0].cell(emails[1], 6).value = "no address"
    book.worksheets[0].cell(emails[2], 6).value, book.worksheets[0].cell(emails[2], 4).value = "a@b.example", "email_odd"
    half = site.stack.folder / "half.xlsx"
    book.save(half)
    taken = sum(cells[3] == "listed_twice" for cells in rows.values())
    said = site.stack.command("mooc-ingest", "correct", half, code=1).stdout
    first, = [line for line in said.splitlines() if line.startswith(half.name)]
    assert first.endswith(f"{taken} corrections applied, 0 already in force, 2 refused"), said
    assert told(said)["value_malformed"] == [emails[1]] and told(said)["fault_unknown"] == [emails[2]]
    assert emails[0] in told(said)["not_filled_in"]
    assert sorted(n for rows_ in told(said).values() for n in rows_) == sorted(
        n for n, cells in rows.items() if cells[3] != "listed_twice"), "each row that was not taken is named"

    applied = 0
    for path in forms:
        book = openpyxl.load_workbook(path)
        for number, (file, name, row, fault, _, _) in form_rows(book.worksheets[0]).items():
            book.worksheets[0].cell(number, 6).value = right.get((file, name, row, fault))
        book.save(path)
        said = site.stack.command("mooc-ingest", "correct", path).stdout
        first = re.search(r"(\d+) corrections applied, (\d+) already", said)
        applied += int(first[1]) + int(first[2])
        again = site.stack.command("mooc-ingest", "correct", path).stdout
        assert f" 0 corrections applied, {int(first[1]) + int(first[2])} already" in again, again
    assert applied == len([k for k in asked if k in right or k[3] == "listed_twice"])
    done = site.stack.command("mooc-aggregator", "issues", "--export", folder, code=1)
    assert "is filled in" in done.stderr, "answers are not written over"
    site.stack.command("mooc-ingest", "correct", site.world / "corrections.xlsx")  # the one that nothing shows
    site.settle("after")

    corrected = {(f["file"], f["sheet"], f["row"]) for f in site.truth["fault_rows"] if f["corrected"]
                 and f["fault"] in ("email_malformed", "email_missing", "email_shared", "account_under_other_email", "listed_twice")}
    checked = 0
    for path in site.lists:
        book, _ = site.ask(path)
        check_list(site, path, book)
        for sheet in book.worksheets[:-1]:
            rows = added(sheet)[1]
            here = {row for file, name, row in corrected if (file, name) == (path.name, sheet.title)}
            assert here <= set(rows) and not [r for r in here if rows[r][2]], "a corrected row has no fault left"
            checked += len(here)
    assert checked == len(corrected) > 50
