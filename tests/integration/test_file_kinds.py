"""One mooc-ingest, every kind of file: results, attendance, head counts, old encodings; taken back, tried again, dropped."""
import hashlib
import json
import re
import resource
import subprocess
import time

import openpyxl
import pytest
from harness.kafka_proxy import KafkaProxy
from test_lists import INGEST, WAVE, Lists

COURSE = "course-v1:DEAN06+CDS01+2023"


@pytest.fixture
def lists(brokers, prefix, tmp_path):
    running = Lists(brokers, prefix, tmp_path)
    courses = running.reference / "courses.csv"
    courses.write_text(courses.read_text() + f"lists,{COURSE},DA06-2023,\n")
    running.start()
    yield running
    if running.process.poll() is None:
        running.stop()


def write(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


def of(lists, kind):
    return list(lists.last()[kind].values())


def counts(said):
    words = said.splitlines()[0].rsplit(": ", 1)[1].removeprefix("would be ").split(", ")
    return {word.split()[1]: int(word.split()[0]) for word in words}


def test_only_the_final_exam_counts_where_it_is_named(lists, tmp_path):
    courses = lists.reference / "courses.csv"
    courses.write_text(courses.read_text() + "lists,QUIZ-2023,DA06-2023,Thi cuối khóa\n")
    rows = [("Cường", ""), ("An", "THI CUỐI  KHÓA"), ("Bình", "Kiểm tra bài 1")]
    path = write(tmp_path / "ket-qua.csv", "Họ và tên,Email,Mã khóa học,Bài thi,Kết quả\n" + "".join(
        f"{who},p{n}@example.vn,QUIZ-2023,{exam},Đạt\n" for n, (who, exam) in enumerate(rows)))
    lists.wait_for(lambda: "course_unknown" not in lists.run("import", path, "--kind", "results", "--preview").stdout)
    said = lists.command("import", path, "--kind", "results", "--lang", "vi", code=1)
    assert "2 thêm mới" in said and "không phải bài thi cuối khóa" in said, said
    assert sorted(e["importrow"] for e in of(lists, "exam.graded")) == [2, 3]
    assert '"Kiểm tra bài 1" không phải là bài thi cuối khóa ghi trong courses.csv: "Thi cuối khóa"' in lists.command("dead", "list", "--lang", "vi")
    courses.write_text(courses.read_text().replace("QUIZ-2023,DA06-2023,Thi cuối khóa", "QUIZ-2023,DA06-2023,"))
    lists.wait_for(lambda: len(of(lists, "exam.graded")) == 3)


def test_every_kind(lists, tmp_path):
    # Results, in UTF-16 as Excel's "Unicode Text": an account and a graded attempt each; the second version corrects a score.
    head = "Họ và tên\tEmail\tMã khóa học\tLần thi\tĐiểm\tĐiểm tối đa\tKết quả\tNgày thi\n"
    rows = ["Nguyễn Văn An\tan@example.vn\t%s\t1\t9\t20\tKhông đạt\t28/09/2023\n" % COURSE,
            "Trần Thị Bình\tbinh@example.vn\t%s\t1\t18\t20\tĐạt\t28/09/2023\n" % COURSE,
            "Lê Cường\tcuong@example.vn\tKHAC-2023\t1\t18\t20\tĐạt\t28/09/2023\n"]
    results = write(tmp_path / "ket-qua.txt", head + "".join(rows), "utf-16")
    said = lists.command("import", results, "--kind", "results", "--preview", code=1)
    assert "read as: UTF-16 LE" in said and counts(said)["added"] == 2 and counts(said)["rejected"] == 1
    said = lists.command("import", results, "--kind", "results", "--received", "2023-09-29", code=1)
    assert counts(said) == {"added": 2, "removed": 0, "changed": 0, "unchanged": 0, "rejected": 1}
    assert "course_unknown" in said
    exams, accounts = of(lists, "exam.graded"), of(lists, "account.created")
    assert sorted((e["data"]["score"], e["data"]["passed"]) for e in exams) == [(9, False), (18, True)]
    assert {e["subject"] for e in exams} == {e["subject"] for e in accounts}
    assert all(e["time"] == "2023-09-27T17:00:00.000000Z" and e["timebasis"] == "platform" for e in exams)
    assert all(e["subject"].startswith("account@lists:") and e["importrow"] in (2, 3) for e in exams)
    write(results, head + rows[0].replace("\t9\t20\tKhông đạt", "\t12\t20\tĐạt") + "".join(rows[1:]), "utf-16")
    assert counts(lists.command("import", results, "--kind", "results", code=1))["changed"] == 1

    # The rejected row becomes good when its course is known: by itself, or by `dead retry`; what is hopeless is dropped.
    listed = [json.loads(line) for line in lists.command("dead", "list", "--format", "json").splitlines()]
    assert [(letter["reason"], letter["file"], letter["row"]) for letter in listed] == [
        ("course_unknown", "ket-qua.txt", 4)]
    courses = lists.reference / "courses.csv"
    courses.write_text(courses.read_text() + "lists,KHAC-2023,DA06-2023,\n")
    lists.wait_for(lambda: len(of(lists, "exam.graded")) == 3)
    assert {e["time"] for e in of(lists, "account.created")} == {"2023-09-28T17:00:00.000000Z"}, "the day of their list"
    lists.command("dead", "retry")
    assert "no rejected record" in lists.command("dead", "list")

    # Attendance of a class: days as columns, names in TCVN3; a complete list sent again withdraws who is no longer in it.
    table = ("STT,Hä vµ tªn,Email,§¬n vÞ,Líp,20/6/2023,21/6/2023\n"
             "1,NguyÔn V¨n An,an@example.vn,Së Y tÕ,Líp 1,x,x\n"
             "2,TrÇn ThÞ B×nh,binh@example.vn,,Líp 1,x,v\n")
    classes = write(tmp_path / "diem-danh.csv", table, "latin-1")
    said = lists.command("import", classes, "--kind", "attendance", "--scope", "complete", "--wave", WAVE)
    assert counts(said)["added"] == 3 and "read as: TCVN3" in said
    days = of(lists, "attendance.recorded")
    assert sorted(e["data"]["day"] for e in days) == ["2023-06-20", "2023-06-20", "2023-06-21"]
    assert {e["data"]["class"] for e in days} == {"Lớp 1"} and {e["data"]["unit"] for e in days} == {"HG-SYTE"}
    assert {e["data"]["identifiers"][0] for e in days} < {a["data"]["identifiers"][0] for a in of(lists, "account.created")}
    write(classes, table.replace("Líp 1,x,x", "Líp 1,,x"), "latin-1")
    said = lists.command("import", classes, "--kind", "attendance", "--scope", "complete", "--wave", WAVE)
    assert counts(said) == {"added": 0, "removed": 1, "changed": 0, "unchanged": 2, "rejected": 0}
    assert of(lists, "attendance.withdrawn")[0]["data"] == {
        "class": "Lớp 1", "day": "2023-06-20", "unit": "HG-SYTE", "wave": WAVE}

    # A form of head counts sent again replaces the earlier one of the same activity, and only that.
    form = ("Stt,Tên hoạt động,Số lượng cán bộ,Số lượng người dân\n"
            "1,Ra quân,29,203\n2,Tập huấn,29,2400\nTổng cộng,,58,2603\n")
    heads = write(tmp_path / "phu-luc-2.csv", form)
    options = ("--kind", "headcount", "--wave", WAVE, "--unit", "HG-XINMAN")
    assert counts(lists.command("import", heads, *options))["added"] == 4
    write(heads, "Stt,Tên hoạt động,Số lượng cán bộ,Số lượng người dân\n1,Ra quân,,210\n")
    said = lists.command("import", heads, *options)
    assert counts(said) == {"added": 0, "removed": 1, "changed": 1, "unchanged": 0, "rejected": 0}
    forms = [e for e in of(lists, "attendance.recorded") if "count" in e["data"]]
    assert sorted((e["data"]["class"], e["data"]["audience"], e["data"]["count"]) for e in forms) == [
        ("Ra quân", ["nguoi-dan"], 210), ("Tập huấn", ["cbccvc"], 29), ("Tập huấn", ["nguoi-dan"], 2400)]
    assert all("subject" not in e for e in forms)


def test_an_activity_counts_for_the_rows_it_is_merged_over(lists, tmp_path):
    """Appendix II of several units: what is merged is handed down, an empty cell is a fault of its row, a formula without value, too."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["STT", "Đơn vị", "Tên hoạt động", "Số lượng cán bộ", "Số lượng người dân"],
                [1, "Huyện Xín Mần", "Ra quân", 29, 203],
                [2, "Sở Y tế", None, 5, 40],      # merged with the row above
                [3, "Sở Tư pháp", None, 7, 60],   # empty, and merged with nothing
                [4, "Sở Tư pháp", "=Z9", 8, None],
                [5, "Sở Tư pháp", None, 9, None],
                [6, "Sở Nội vụ", "Tập huấn", "hai", None],
                [7, "Sở Nội vụ", None, 3, None]):  # merged with a row that is refused for its number
        sheet.append(row)
    sheet.merge_cells("C2:C3")
    sheet.merge_cells("C7:C8")
    book.save(tmp_path / "phu-luc.xlsx")
    said = lists.command("import", tmp_path / "phu-luc.xlsx", "--kind", "headcount", "--wave", WAVE, code=1)
    assert counts(said) == {"added": 5, "removed": 0, "changed": 0, "unchanged": 0, "rejected": 4}, said
    assert sorted((e["data"]["unit"], e["data"]["class"], e["data"]["audience"], e["data"]["count"]) for e in of(lists, "attendance.recorded")) == [
        ("HG-SNV", "Tập huấn", ["cbccvc"], 3), ("HG-SYTE", "Ra quân", ["cbccvc"], 5), ("HG-SYTE", "Ra quân", ["nguoi-dan"], 40),
        ("HG-XINMAN", "Ra quân", ["cbccvc"], 29), ("HG-XINMAN", "Ra quân", ["nguoi-dan"], 203)]
    assert re.search(r"activity_missing +3 +sheet Sheet: row 4, 5, 6\n +what to do: not taken: name the activity", said), said
    assert re.search(r"count_malformed +1 +sheet Sheet: row 7\n +what to do: not taken: put the count right and send the form again", said), said
    told = lists.command("import", tmp_path / "phu-luc.xlsx", "--kind", "headcount", "--wave", WAVE, "--lang", "vi", code=1)
    assert "ô \"Tên hoạt động\" để trống" in told and "chưa nhận: sửa số lượt rồi gửi lại biểu" in told, told


def test_watched_folder_with_headings_that_are_said(brokers, prefix, tmp_path):
    """A workbook typed in VNI, headings of its own, a course taken because it is the only one."""
    lists = Lists(brokers, prefix, tmp_path, holds="results", scope="complete", platform="onetouch",
                  columns={"score": "Tổng kết", "account": "Mã số"})
    (lists.reference / "courses.csv").write_text("source,course,training,exam\nlists,KH-01,DA06-2023,\n")
    totals = write(tmp_path / "tong.csv", "Đợt,Số đăng ký,Số đạt\nLA-GI,20,10\n")
    lists.start()
    book = openpyxl.Workbook()
    for row in (["Mã số", "Hoï vaø teân", "Tổng kết"], ["an.nguyen", "Nguyeãn Vaên An", "17/20"], ["binh", "Traàn Thò Bình", "20/20"]):
        book.active.append(row)
    for turn, removed in ((1, 0), (2, 1)):
        book.save(tmp_path / "kq.xlsx")
        lists.drop(tmp_path / "kq.xlsx")
        lists.wait_for(lambda: lists.inbox_is_empty() and len(list((lists.inbox / "done").glob("*.txt"))) == turn)
        assert len(of(lists, "exam.annulled")) == removed
        book.active.delete_rows(3)
    exam, = of(lists, "exam.graded")
    account = next(e for e in of(lists, "account.created") if e["subject"] == exam["subject"])
    assert exam["subject"].startswith("account@onetouch:") and exam["source"] == "lists"
    assert exam["data"] == {"course": "KH-01", "exam": "course", "max_score": 20, "sat": True, "score": 17}
    assert "identifiers" not in account["data"] and account["data"]["name"].startswith("name:")
    assert "from VNI" in next((lists.inbox / "done").glob("*.txt")).read_text()
    assert '"grades"' in lists.command("status", "--format", "json")

    # A total of an unknown wave waits for the reference folder like everything else.
    lists.command("import", totals, "--kind", "totals", code=1)
    letter = json.loads(lists.command("dead", "list", "--format", "json"))
    assert (letter["kind"], letter["reason"], letter["row"]) == ("totals", "wave_unknown", 2)
    waves = lists.reference / "waves.csv"
    waves.write_text(waves.read_text() + "LA-GI,DA06-2023,T-KH,Lạ,Lạ,,,totals,99\n")
    lists.wait_for(lambda: of(lists, "totals.published"))
    assert "no rejected record" in lists.command("dead", "list")
    lists.stop()


def test_taken_back_and_dropped(lists, tmp_path):
    head = "Họ và tên,Email,Đơn vị\n"
    first = write(tmp_path / "dot-1.csv", head + "Nguyễn Văn An,an@example.vn,Sở Y tế\nLê Cường,c@example.vn,Sở Y tế\n")
    second = write(tmp_path / "dot-2.csv", head + "Lê Cường,c@example.vn,Sở Y tế\nTrần Bình,b@example.vn,Sở Y tế\n"
                                                  "Vũ Dung,d@example.vn,Sở Không Có\n")
    lists.importing(first, scope="supplement")
    lists.importing(second, scope="supplement")
    assert len(lists.listed()) == 3
    wrong = next(e["importid"] for e in of(lists, "roster.listed") if e["importfile"] == "dot-2.csv")
    assert wrong in lists.command("import", "list")
    assert "no import of source" in lists.command("import", "revoke", "20200101T000000000000-0000", "--yes", code=2)
    said = lists.command("import", "revoke", wrong, code=2)
    assert "would be 1 taken back, 1 stay as another import says, 1 rejections withdrawn" in said and "--yes" in said
    assert len(lists.listed()) == 3
    said = lists.command("import", "revoke", wrong, "--yes")
    assert "dot-2.csv: 1 taken back" in said
    assert sorted(e["importrow"] for e in of(lists, "roster.listed")) == [2, 3]
    assert of(lists, "import.revoked")[0]["data"] == {"import": wrong, "records": 1}
    assert "no rejected record" in lists.command("dead", "list")
    assert "no import of source" in lists.command("import", "revoke", wrong, "--yes", code=2)

    lists.importing(second, scope="supplement")
    letter = json.loads(lists.command("dead", "list", "--format", "json"))
    assert letter["reason"] == "unit_unknown" and "d***@e***.vn" in letter["detail"] and letter["row"] == 4
    lists.command("dead", "drop", "nothing", code=2)
    assert "1 dropped" in lists.command("dead", "drop", letter["id"])
    assert "no rejected record" in lists.command("dead", "list")
    assert "no rejected record is kept here" in lists.command("dead", "drop", "all")  # given again, there is nothing left to do

    # Rows of results are counted alike when they come and when they go: the account beside each is no row of its own.
    results = write(tmp_path / "ket-qua.csv", "Họ và tên,Email,Mã khóa học,Điểm,Điểm tối đa\n" + "".join(
        f"Nguyễn Văn An,{who}@example.vn,{COURSE},9,10\n" for who in "an"))
    assert counts(lists.command("import", results, "--kind", "results"))["added"] == 2
    wrong = of(lists, "exam.graded")[0]["importid"]
    assert "would be 2 taken back, 0 stay" in lists.command("import", "revoke", wrong, code=2)
    assert "ket-qua.csv: 2 taken back, 0 stay" in lists.command("import", "revoke", wrong, "--yes")
    assert len(of(lists, "exam.annulled")) == len(of(lists, "account.closed")) == 2


def test_a_kept_list_that_cannot_be_read(lists, tmp_path):
    """Nobody is taken back who may stand in it, and nobody who is erased stays in it."""
    head = "Họ và tên,Email,Đơn vị\n"
    first = write(tmp_path / "dot-1.csv", head + "Nguyễn Văn An,an@example.vn,Sở Y tế\nLê Cường,c@example.vn,Sở Y tế\n")
    second = write(tmp_path / "dot-2.csv", head + "Lê Cường,c@example.vn,Sở Y tế\nTrần Bình,b@example.vn,Sở Y tế\n")
    lists.importing(first, scope="supplement")
    lists.importing(second, scope="supplement")
    kept = {json.loads((folder / "import.json").read_text())["file"]: folder for folder in (tmp_path / "data/imports").iterdir()}
    (kept["dot-1.csv"] / "list.csv").write_bytes(b"PK\3\4" + b"damaged" * 100)
    for more in ((), ("--yes",)):
        said = lists.command("import", "revoke", kept["dot-2.csv"].name, *more, code=1)
        assert (f"import {kept['dot-1.csv'].name} (dot-1.csv) cannot be read again, so nothing is taken back: " in said
                and f"move imports/{kept['dot-1.csv'].name} out of data_dir" in said), said
    assert "không đọc lại được nên không rút lại gì: " in lists.command("import", "revoke", kept["dot-2.csv"].name, "--lang", "vi", code=1)
    assert len(lists.listed()) == 3

    key = lambda text: hashlib.sha256(text.encode()).hexdigest()[:32]
    an = next(e for e in lists.listed().values() if e["importfile"] == "dot-1.csv" and e["importrow"] == 2)
    job = write(tmp_path / "job.txt", "mooc-pulse erasure 1\n" + "".join(
        f"{kind} {key(name)}\n" for kind, name in [("learner", an["subject"]), *(("identifier", i) for i in an["data"]["identifiers"])]))
    assert "1 learner keys are erased; 1 records of the state were forgotten, 1 kept files cleared" in lists.command("erase", job)
    assert not kept["dot-1.csv"].exists() and kept["dot-2.csv"].exists()
    assert "2 taken back" in lists.command("import", "revoke", kept["dot-2.csv"].name, "--yes")


def test_all_kept_imports_are_told(tmp_path, brokers, prefix):
    """However many: what is not counted among them would be taken back with another one, and would keep who was erased."""
    lists = Lists(brokers, prefix, tmp_path)
    record = {"command": "import", "file": "a.csv", "path": "lists", "kind": "roster", "scope": "supplement", "wave": WAVE, "unit": ""}
    ids = [f"20230901T081500{number:06d}-1a2b" for number in range(4100)]
    for name in ids:
        (tmp_path / "data/imports" / name).mkdir(parents=True)
        (tmp_path / "data/imports" / name / "import.json").write_text(json.dumps(record))
    assert [line.split()[0] for line in lists.command("import", "list").splitlines()] == ids


def test_what_is_rejected_while_it_is_dropped_stays_known(brokers, prefix, tmp_path):
    """A letter that is in force again without its file could be neither listed nor tried again nor dropped."""
    wrong = write(tmp_path / "sai.csv", "Họ và tên,Email,Đơn vị\nVũ Dung,d@example.vn,Sở Không Có\n")
    with KafkaProxy(brokers) as proxy:
        lists = Lists(proxy.address, prefix, tmp_path)
        lists.start()
        lists.importing(wrong, scope="supplement")
        kept, = (tmp_path / "data/quarantine/lists").iterdir()
        before = kept.stat().st_mtime_ns
        proxy.cut()
        command = lambda *words: subprocess.Popen([INGEST, *words, "--timeout", "60s", "--config", lists.config], text=True,
                                                  stdout=subprocess.PIPE)
        drop = command("dead", "drop", "all")
        time.sleep(1)  # it is withdrawn, which cannot be committed yet
        again = command("import", wrong, "--scope", "supplement")
        lists.wait_for(lambda: kept.stat().st_mtime_ns > before)
        proxy.heal()
        assert (drop.communicate(timeout=60)[0], again.communicate(timeout=60)[0].splitlines()[0]) == (
            "lists: 1 dropped\n", "sai.csv: 0 added, 0 removed, 0 changed, 0 unchanged, 1 rejected")
        letter = json.loads(lists.command("dead", "list", "--format", "json"))
        assert (letter["reason"], letter["row"]) == ("unit_unknown", 2)
        lists.stop()


@pytest.mark.parametrize("kind", ["roster", "results", "attendance", "headcount", "totals"])
def test_templates_have_what_offices_need(lists, tmp_path, kind):
    out = tmp_path / f"{kind}.xlsx"
    lists.command("template", kind, "--out", out)
    book = openpyxl.load_workbook(out)
    sheet = book.worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    assert book.worksheets[1].title == "Giải thích" and book.worksheets[2].sheet_state == "hidden"
    assert [row[0].value for row in book.worksheets[1].iter_rows(min_row=2, max_row=1 + len(headings))] == headings
    if "Số CCCD" in headings:
        column = headings.index("Số CCCD") + 1
        assert sheet.cell(2, column).value == "012345678901" and sheet.cell(2, column).number_format == "@"
        assert sheet.column_dimensions[openpyxl.utils.get_column_letter(column)].number_format == "@"
    if kind == "headcount":
        assert "Số lượng CB, CC, NHDKCT được hướng dẫn, tập huấn" in headings, "as Appendix II prints it"
    assert len(sheet.data_validations.dataValidation) >= 1
    told = lists.command("check", "lists", "--lang", "vi")
    assert told == (f"danh mục: 60 đơn vị, 28 đợt\nđợt: Đào tạo trực tuyến MOOC Đề án 06, Hà Giang\ne-mail của người trong danh sách: giữ trong một tệp "
                    f"mã hóa, để hỏi nền tảng về tài khoản\n"
                    f"thư mục theo dõi: {lists.inbox} (roster, đầy đủ)\n"), told


def test_a_template_overwrites_nothing(lists, tmp_path):
    """Under its name may stand the list that somebody has filled in: also under the name that it gets without --out."""
    filled = tmp_path / "roster.xlsx"
    filled.write_bytes(b"filled in")
    for language, words in (("vi", "đã có và có thể đã điền: hãy nêu tên khác ở --out, hoặc chuyển tệp đó đi"),
                            ("en", "is there already, and may be filled in: give another name with --out, or move it away")):
        for name, arguments in ((filled, ("--out", filled)), ("roster.xlsx", ())):
            done = subprocess.run([INGEST, "template", "roster", *arguments, "--lang", language, "--config", lists.config], check=False, cwd=tmp_path,
                                  text=True, capture_output=True)
            assert (done.returncode, done.stderr) == (2, f"mooc-ingest: {name} {words}\n")
    assert filled.read_bytes() == b"filled in"
    for language, words in (("vi", "không phải là tệp thường mà sẽ bị thay bằng tệp thường: hãy nêu tên khác"),
                            ("en", "is no plain file, and would be replaced by one: name another")):
        done = subprocess.run([INGEST, "template", "roster", "--out", "/dev/stdout", "--lang", language, "--config", lists.config], check=False,
                              text=True, capture_output=True)
        assert (done.returncode, done.stdout, done.stderr) == (2, "", f"mooc-ingest: /dev/stdout {words}\n")


def test_a_template_that_cannot_be_written_leaves_nothing(lists, tmp_path):
    """On a full disk: what is left under its name would be taken for a list that is filled in."""
    (tmp_path / "here").mkdir()
    command = [INGEST, "template", "roster", "--config", lists.config]
    done = subprocess.run(command, check=False, cwd=tmp_path / "here", text=True, capture_output=True, restore_signals=False,  # no SIGXFSZ
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)))
    assert done.returncode == 1 and "mooc-ingest: roster.xlsx: cannot be written" in done.stderr, done
    assert list((tmp_path / "here").iterdir()) == []
    subprocess.run(command, check=True, cwd=tmp_path / "here")
    assert [path.name for path in (tmp_path / "here").iterdir()] == ["roster.xlsx"]


@pytest.mark.parametrize("kind", ["roster", "results", "attendance", "headcount", "totals"])
@pytest.mark.parametrize("known", [True, False], ids=["with the folder", "without"])
def test_an_example_row_is_no_data(lists, tmp_path, kind, known):
    """Untouched it is refused; beside data it is left out and told; what only resembles it is data."""
    out = tmp_path / f"{kind}.xlsx"
    if known:
        lists.command("template", kind, "--out", out)
    else:
        bare = tmp_path / "bare.yaml"
        bare.write_text(json.dumps({k: v for k, v in json.loads(lists.config.read_text()).items() if k != "reference"}))
        done = subprocess.run([INGEST, "template", kind, "--out", out, "--config", bare], check=False)
        assert done.returncode == 0
    options = ("--kind", kind, "--scope", "supplement", "--wave", WAVE, "--unit", "HG-XINMAN")
    said = lists.command("import", out, *options, code=1)
    assert "nothing but the example row of the template" in said and "send it again" in said
    said = lists.command("import", out, *options, "--lang", "vi", code=1)
    assert "tệp chỉ có dòng ví dụ của biểu mẫu" in said and "gửi lại" in said
    assert not lists.last()

    book = openpyxl.load_workbook(out)
    sheet = book.worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    place = {"roster": "Họ và tên", "results": "Họ và tên", "attendance": "Họ và tên", "headcount": "Tên hoạt động",
             "totals": "Số đăng ký"}[kind]
    for column, cell in enumerate(sheet[2], start=1):
        sheet.cell(3, column).value = cell.value
    # The one cell in which the third row differs from the example.
    sheet.cell(3, headings.index(place) + 1).value = 2853 if kind == "totals" else "Nguyễn Văn Ánh"
    for heading, value in (("Mã khóa học", COURSE), ("Đơn vị", "Sở Y tế"), ("Đợt", "DA06-2023-TB" if kind == "totals" else WAVE)):
        if heading in headings and not known:
            sheet.cell(3, headings.index(heading) + 1).value = value
    book.save(out)
    said = lists.command("import", out, *options)
    assert "1 example row of the template was left out" in said
    assert counts(said) == {"added": 3 if kind == "headcount" else 1, "removed": 0, "changed": 0, "unchanged": 0, "rejected": 0}
    assert {e["importrow"] for events in lists.last().values() for e in events.values() if "importrow" in e} == {3}
    said = lists.command("import", out, *options, "--lang", "vi")
    assert "đã bỏ qua 1 dòng ví dụ của biểu mẫu" in said
