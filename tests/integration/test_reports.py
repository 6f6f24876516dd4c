"""What the reports say, against the documents themselves: sentences of 000, the plan of 002, the form of 004, and a few people by hand."""
import csv
import io
import json
import subprocess
import uuid

import psycopg
import pytest

import report_world as world
from private_database import ROOT, PrivateDatabase, private_database

WAVE, NA = world.WAVE, world.NA

# Document 000, sections II and III, as printed. Three slips of the pen are put right: "có kết Đạt", a missing comma between "Tổ 15 (10%)"
# and "Tổ 9", and the opinion "là tương đối lớn, " is left to whoever signs.
REGISTERED = ("Tính từ ngày 20/9 đến 29/9/2023, có tổng số 20 sở, ngành, 02 đoàn thể, 11 UBND các huyện, thành phố đăng ký tham gia học tập với "
              "2.716 học viên, chia thành 154 Tổ, trong đó các sở, ngành địa phương có số lượng đăng ký nhiều như: Sở Y tế (729), Sở Giáo dục và "
              "Đào tạo (151), huyện Đồng Văn (285), Bắc Quang (273), Yên Minh (261), Xín Mần (213).")
SECTION_II = (
    REGISTERED,
    "2. Kết quả tham gia học: Có 2.103/2.716 học viên tham gia học đạt tỷ lệ 77,4%. Cụ thể:",
    "- Có 19/22 sở, ngành, đoàn thể và 02 địa phương (Vị Xuyên, Thành phố) tham gia học đạt tỷ lệ 100%.",
    "- Có 03/22 sở và 09 huyện chưa đạt tỷ lệ 100% (một số đồng chí đăng ký nhưng không tham gia học), trong đó 02 huyện có tỷ lệ tham gia học "
    "thấp nhất gồm: Xín Mần (31,0%), Mèo Vạc (61,5%).",
    "- Có 85/154 Tổ tham gia học chưa đạt 100%, trong đó 10 Tổ đạt dưới 20%¹, cá biệt có 04 Tổ đăng ký danh sách nhưng không có đồng chí nào "
    "tham gia học (đạt 0%), bao gồm: Tổ 17 thuộc Sở Y tế; các Tổ 26, 27, 30 của huyện Xín Mần.",
    "- Tính theo danh sách các đơn vị, địa phương đăng ký học ban đầu: Có 2.072/2.716 học viên có kết quả Đạt bài thi, đạt tỷ lệ 76,3%.",
    "- Tính theo tổng số học viên tham gia học: 2.072/2.103 học viên có kết quả Đạt bài thi, đạt tỷ lệ 98,5%.")
SECTION_III = (
    "- Số lượng tham gia và đăng ký tài khoản học của CBCCVC tỉnh Hà Giang so với các địa phương đã và đang triển khai (tính đến cùng thời điểm "
    "với tỉnh Hà Giang có 27 tỉnh, thành) đứng thứ 4/27 sau Bắc Giang (3.235), Thái Bình (2.853), Hải Phòng (3.552).",
    "- Kết quả tham gia học tập đạt mức 77,4%; kết quả thi cuối khóa đạt mức 76,3% (tính theo tổng số lượng đăng ký ban đầu) và đạt mức 98,5% "
    "(tính theo số lượng đã tham gia khóa học).",
    "- Còn 429 (15,8%) CBCCVC các sở, ngành và địa phương đã gửi danh sách nhưng không đăng ký tài khoản để tham gia học tập, trong đó 10 Tổ đạt "
    "dưới 20%, 04 Tổ đăng ký danh sách nhưng không có đồng chí nào tham gia học (đạt 0%).")
FOOTNOTE = ("¹ Sở Y tế: Tổ 17 (0%), Tổ 153 (5,7%), Tổ 15 (10%), Tổ 9 (10,2%); huyện Xín Mần: các Tổ 26, 27, 30 (cùng đạt 0%), Tổ 28, 32 (cùng đạt "
            "12,5%), Tổ 31 (15,8%).")
PRINTED_HEADINGS = ("Số lượng CB, CC, NHDKCT được hướng dẫn, tập huấn", "Số lượng thành viên Tổ CNSCĐ xã được hướng dẫn, tập huấn",
                    "Số lượng người dân hưởng ứng và được tập huấn, hướng dẫn")


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    with private_database() as private:
        world.fill(private, tmp_path_factory.mktemp("reference"))
        yield private


def text_of(database, *arguments):
    return database.aggregator("report", *arguments, "--format", "text").stdout


def json_of(database, *arguments):
    return json.loads(database.aggregator("report", *arguments, "--format", "json").stdout)


def refused(database, *arguments):
    return database.aggregator("report", *arguments, code=2).stderr


def rows_by(report, *keys):
    rows = {tuple(r[k] for k in keys): r for r in report["rows"]}
    assert len(rows) == len(report["rows"])
    return {k[0] if len(k) == 1 else k: r for k, r in rows.items()}


def test_summary_writes_the_sentences_of_the_document(database):
    lines = text_of(database, "summary", "--wave", WAVE, "--lang", "vi").splitlines()
    for sentence in (*SECTION_II, *SECTION_III, FOOTNOTE):
        assert sentence in lines, sentence
    assert "Số liệu tính đến 17:00 29/09/2023" in lines
    assert "- Có 2.072 CBCCVC đã hoàn thành khóa học và nhận được chứng nhận do đơn vị đào tạo cấp." in lines


def test_summary_in_english_has_the_same_figures(database):
    text = text_of(database, "summary", "--wave", WAVE, "--lang", "en")
    for figure in ("2,103 of 2,716 learners took part, 77.4%", "19/22 departments", "2 localities (Vị Xuyên, Thành phố)", "10 of them are below 20%",
                   "group 17 of Sở Y tế; groups 26, 27, 30 of huyện Xín Mần", "429 (15.8%)", "place 4 of 27 after Bắc Giang (3,235)"):
        assert figure in text, figure
    assert "đạt" not in text


def test_summary_of_one_unit_counts_what_is_below_it(database):
    lines = text_of(database, "summary", "--wave", WAVE, "--unit", "HG-XINMAN").splitlines()
    assert "Đơn vị: Huyện Xín Mần" in lines
    assert "2. Kết quả tham gia học: Có 66/213 học viên tham gia học đạt tỷ lệ 31,0%. Cụ thể:" in lines
    assert not any("đứng thứ" in line for line in lines), "a district has no rank among provinces"
    whole = text_of(database, "summary", "--wave", WAVE, "--unit", "HG").splitlines()
    assert REGISTERED in whole and "Đơn vị: Hà Giang và các đơn vị trực thuộc" in whole


def test_summary_of_a_training_counts_each_person_once_over_its_waves(database):
    lines = text_of(database, "summary", "--training", NA).splitlines()
    assert ("Tính từ ngày 19/6 đến 05/8/2023, có 09 đợt với tổng số 02 sở, ngành đăng ký tham gia học tập với 260 học viên.") in lines
    assert "2. Kết quả tham gia học: Có 235/260 học viên tham gia học đạt tỷ lệ 90,4%. Cụ thể:" in lines, "of 265 listings"
    assert not any("Tổ" in line for line in lines), "each wave has groups of its own"
    assert REGISTERED in text_of(database, "summary", "--training", world.HG).splitlines(), "its only wave"
    assert "Chưa có danh sách nào của khóa học này" in text_of(database, "summary", "--training", world.QNG)


def test_summary_says_what_it_has_no_data_of(database):
    no_list = text_of(database, "summary", "--wave", "NA-2023-D3")
    assert "Chưa có danh sách nào của đợt này (không có dữ liệu, không phải 0)." in no_list and "0%" not in no_list
    no_exam = text_of(database, "summary", "--wave", "VP-KNS-2023-D1")
    assert "Chưa có kết quả thi" in no_exam and "CBCCVC" not in no_exam, "citizens are no officials"


def test_reports_of_a_unit_hold_that_unit_with_all_below(database):
    report = json_of(database, "appendix1", "--wave", WAVE, "--unit", "HG-SYTE")
    assert [r["unit"] for r in report["rows"]] == ["HG-SYTE"]
    assert (report["totals"]["registered"], report["totals"]["passed"], report["totals"]["pass_rate_registered"]) == (729, 487, 66.8)
    assert not any("Ngoài danh sách" in n for n in report["notes"]), "who is on no roster is of no unit"
    assert len(json_of(database, "participation", "--wave", WAVE, "--unit", "HG")["rows"]) == 33
    assert {r["unit_name"] for r in json_of(database, "groups", "--wave", WAVE, "--unit", "HG-XINMAN")["rows"]} == {"Huyện Xín Mần"}


def test_a_rate_of_what_is_not_known_is_left_empty(database):
    """A list has come, and no platform has told anything: that nobody took part is not known."""
    with database.owner() as c:
        world.tally(c, world.QNG, "QNG-2023-XA", "QNG-TINHCHAU", registered=5)
    try:
        report = json_of(database, "participation", "--wave", "QNG-2023-XA")
        rates = ("account_rate", "participation_rate", "completion_rate", "pass_rate_registered", "pass_rate_participants", "pass_rate_accounts")
        rows = {r["unit"]: r for r in report["rows"]}
        for row in (rows["QNG-TINHCHAU"], report["totals"]):
            assert row["registered"] == 5 and row["participated"] is None and [row[r] for r in rates] == [None] * 6
    finally:
        with database.owner() as c:
            c.execute("DELETE FROM gen_1.tallies WHERE training = %s", (world.QNG,))


def test_waves_of_the_plan_count_each_person_once_in_the_total(database):
    report = json_of(database, "waves", "--training", NA)
    rows = rows_by(report, "wave")
    assert list(rows) == ["NA-2023-TT"] + [f"NA-2023-D{n}" for n in range(1, 9)]
    assert [rows[f"NA-2023-D{n}"]["planned"] for n in range(1, 9)] == [4500] * 8, "8 waves of about 4,500"
    first = rows["NA-2023-D1"]
    assert [first[m] for m in ("registered", "accounts", "participated", "completed", "sat", "passed", "certified")] == [40, 38, 30, 20, 18, 16, 16]
    assert (first["participation_rate"], first["begins"], first["ends"]) == (75.0, "2023-07-17", "2023-07-31")
    assert {v for k, v in rows["NA-2023-D3"].items() if k in ("registered", "participated", "passed", "participation_rate")} == {None}
    assert report["totals"]["planned"] == 36000 and report["totals"]["registered"] == 260, "200 + 40 + 25 are 265 in waves"
    assert report["totals"]["passed"] == 21
    assert any("265 lượt đăng ký của 260 người" in n for n in report["notes"])
    assert "Chưa có danh sách: 6 đợt (để trống, không phải 0)." in report["notes"]
    one = json_of(database, "waves", "--training", NA, "--unit", "NA-SNV")
    assert one["totals"]["registered"] == 100 and rows_by(one, "wave")["NA-2023-D1"]["registered"] is None


def test_the_plans_of_some_units_are_no_plan_of_all(database):
    """With targets of 2 of 33 units neither sum nor rate stands; a note says of how many there are. A target of the whole holds."""
    add = "INSERT INTO pulse.targets (target, wave, training, unit, measure, planned) VALUES (%s, %s, '', %s, 'registered', %s)"
    with database.owner() as c:
        for unit, planned in (("HG-SYTE", 800), ("HG-CAT", 200)):
            c.execute(add, (unit, world.WAVE, unit, planned))
        c.execute("SELECT pulse.rebuild_plans()")
    try:
        waves, english = (json_of(database, "waves", "--training", world.HG, "--lang", lang) for lang in ("vi", "en"))
        monthly = parts_of(database, "monthly", "--training", world.HG, "--month", "2023-08")
        for row in (waves["rows"][0], waves["totals"], monthly["monthly"]["rows"][0], monthly["monthly"]["totals"], monthly["units"]["totals"]):
            assert (row["planned"], row["registered"], row["plan_rate"]) == (None, 2716, None), row
        assert [r["planned"] for r in monthly["units"]["rows"] if r["unit"] in ("HG-SYTE", "HG-CAT")] == [800, 200]
        note = "Kế hoạch và tỷ lệ so với kế hoạch để trống (không phải 0), vì mới có kế hoạch của một số đơn vị: "
        for part, said in ((waves, f"{waves['rows'][0]['wave_name']} (2/33 đơn vị), cả khóa học (2/33 đơn vị)."),
                           (monthly["monthly"], f"{waves['rows'][0]['wave_name']} (2/33 đơn vị), cả khóa học (2/33 đơn vị)."),
                           (monthly["units"], "cả khóa học (2/33 đơn vị).")):
            assert note + said in part["notes"], part["notes"]
        assert any("the training (2 of 33 units)." in n for n in english["notes"]), english["notes"]
        units, units_en = (json_of(database, "participation", "--wave", world.WAVE, "--lang", lang) for lang in ("vi", "en"))
        assert (units["totals"]["planned"], units["totals"]["registered"]) == (None, 2716)
        assert [r["planned"] for r in units["rows"] if r["unit"] in ("HG-SYTE", "HG-CAT")] == [800, 200]
        assert "Tổng kế hoạch để trống (không phải 0), vì mới có kế hoạch của 2/33 đơn vị." in units["notes"], units["notes"]
        assert "The total of the plans is empty (not zero), for only 2 of 33 units have a plan." in units_en["notes"], units_en["notes"]
        unit = json_of(database, "participation", "--wave", world.WAVE, "--unit", "HG-SYTE")
        assert unit["totals"]["planned"] == 800 and not any("để trống (không phải 0)" in n for n in unit["notes"])
        of_one = json_of(database, "waves", "--training", world.HG, "--unit", "HG-SYTE")
        assert of_one["totals"]["planned"] == 800 and not any(note in n for n in of_one["notes"])
        with database.owner() as c:
            c.execute(add, ("HG", world.WAVE, "HG", 3000))
            c.execute("SELECT pulse.rebuild_plans()")
        waves = json_of(database, "waves", "--training", world.HG)
        for row in (waves["rows"][0], waves["totals"]):
            assert (row["planned"], row["plan_rate"]) == (3000, 90.5), row
        assert not any(note in n for n in waves["notes"])
        units = json_of(database, "participation", "--wave", world.WAVE)
        assert units["totals"]["planned"] == 3000, "the units' plans are parts of the province's"
        assert not any("để trống (không phải 0)" in n for n in units["notes"])
    finally:
        with database.owner() as c:
            c.execute("DELETE FROM pulse.targets WHERE target IN ('HG-SYTE', 'HG-CAT', 'HG')")
            c.execute("SELECT pulse.rebuild_plans()")


def parts_of(database, *arguments):
    report = json_of(database, *arguments)
    return {p["report"]: p for p in report}


def test_monthly_report_has_the_new_and_the_cumulative_figures(database):
    parts = parts_of(database, "monthly", "--training", NA, "--month", "2023-07")
    assert list(parts) == ["monthly", "units", "targets", "deadlines", "classes"], "no page of a heading alone"
    assert "Không có biểu lượt người nào trong tháng." in parts["monthly"]["notes"]
    assert parts["monthly"]["title"] == "BÁO CÁO KẾT QUẢ THÁNG 7/2023"
    figures = ("new_participants", "newly_passed", "participated", "passed")
    waves = rows_by(parts["monthly"], "wave")
    assert [waves["NA-2023-D1"][f] for f in figures] == [20, 6, 20, 6]
    assert [waves["NA-2023-TT"][f] for f in figures] == [0, 0, 198, 0], "in June they learned: nobody is new in July"
    assert [waves["NA-2023-D2"][f] for f in figures] == [0, 0, 0, 0], "listed, and nobody had learned: that is known"
    assert [waves["NA-2023-D5"][f] for f in figures] == [None] * 4, "no list: that is not known"
    total = parts["monthly"]["totals"]
    assert [total[f] for f in figures] == [17, 6, 215, 6] and (total["planned"], total["registered"]) == (36000, 260)
    units = rows_by(parts["units"], "unit")
    assert [units["NA-STP"][f] for f in figures] == [17, 6, 115, 6] and units["NA-STP"]["registered"] == 160
    assert [units["NA-SNV"][f] for f in figures] == [0, 0, 100, 0]
    assert parts["units"]["totals"] == {k: total.get(k, v) for k, v in parts["units"]["totals"].items() if k != "wave_name"}
    august = parts_of(database, "monthly", "--training", NA)
    assert [august["monthly"]["totals"][f] for f in figures] == [20, 15, 235, 21] and august["monthly"]["title"].endswith("THÁNG 8/2023")
    assert [(r["wave"], r["learners"], r["overdue"], r["next_due"]) for r in august["deadlines"]["rows"]] == [
        ("NA-2023-D1", 40, 18, None), ("NA-2023-D2", 19, 0, "2023-08-07")]
    assert rows_by(august["classes"], "class")["Lớp 01"]["participated"] == 98
    assert [c["registered"] for c in august["classes"]["rows"]] == [100, 100], "classes of 100"
    plain = parts_of(database, "monthly", "--training", world.HG)
    assert list(plain) == ["monthly", "units"] and {"Không có chỉ tiêu kế hoạch nào.", "Khóa học không quy định thời hạn hoàn thành.",
                                                    "Không có số liệu lớp trực tiếp."} <= set(plain["monthly"]["notes"])
    assert "Lũy kế đến ngày 05/08/2023" in database.aggregator("report", "monthly", "--training", NA).stdout
    assert "Số liệu tính đến 00:00 06/08/2023" in database.aggregator("report", "monthly", "--training", NA).stdout
    assert "tháng gần nhất" not in text_of(database, "monthly", "--training", NA), "it is August, and something was in it"
    english = text_of(database, "monthly", "--training", NA, "--month", "2023-07", "--lang", "en")
    assert "MONTHLY REPORT, 7/2023" in english and "CLASSES IN PERSON" in english
    assert not any(vi in english for vi in ("BÁO CÁO", "Bồi dưỡng, tập huấn về", "Chưa gửi danh sách"))


def test_monthly_report_without_a_month_is_of_the_latest_that_has_data(database):
    """In November nothing has happened since August: a report of November would be of zeros."""
    with database.owner() as c:
        [(day,)] = c.execute("SELECT today FROM pulse.today").fetchall()
        c.execute("CREATE OR REPLACE VIEW pulse.today AS SELECT date '2023-11-15' AS today")
        try:
            report = parts_of(database, "monthly", "--training", NA)["monthly"]
            said = text_of(database, "monthly", "--training", NA) + text_of(database, "monthly", "--training", NA, "--lang", "en")
            named = parts_of(database, "monthly", "--training", NA, "--month", "2023-11")["monthly"]
        finally:
            c.execute(f"CREATE OR REPLACE VIEW pulse.today AS SELECT date '{day}' AS today")
    assert report["title"] == "BÁO CÁO KẾT QUẢ THÁNG 8/2023" and report["totals"]["new_participants"] == 20
    assert "Tháng 8/2023 là tháng gần nhất có số liệu\n" in said
    assert "8/2023 is the latest month of which there is anything" in said
    assert named["title"] == "BÁO CÁO KẾT QUẢ THÁNG 11/2023"


def test_deadlines_in_working_days(database):
    report = json_of(database, "deadlines", "--training", NA)
    rows = rows_by(report, "unit", "wave")
    states = ("learners", "on_time", "late", "overdue", "at_risk", "in_time", "not_begun")
    assert [rows["NA-STP", "NA-2023-D1"][s] for s in states] == [40, 15, 5, 18, 0, 0, 2], "due on 31 July, the tenth working day after the 17th"
    assert [rows["NA-STP", "NA-2023-D2"][s] for s in states] == [12, 0, 0, 0, 12, 0, 0], "2 lectures in 9 working days"
    assert (rows["NA-STP", "NA-2023-D2"]["next_due"], rows["NA-SNV", "NA-2023-D2"]["next_due"]) == ("2023-08-07", "2023-08-11")
    assert [report["totals"][s] for s in states] == [59, 15, 5, 18, 12, 7, 2]
    assert [r["unit"] for r in json_of(database, "deadlines", "--wave", "NA-2023-D2", "--unit", "NA-SNV")["rows"]] == ["NA-SNV"]
    none = json_of(database, "deadlines", "--training", world.HG)
    assert none["rows"] == [] and "Khóa học không quy định thời hạn hoàn thành." in none["notes"]
    assert "Overdue" in text_of(database, "deadlines", "--training", NA, "--lang", "en")


def test_issues_are_counted_by_unit_and_kind(database):
    counts = {k: r["count"] for k, r in rows_by(json_of(database, "issues"), "unit", "kind").items()}
    assert counts == {("HG-SYTE", "email_malformed"): 2, ("HG-CAT", "listed_twice"): 1, ("NA-STP", "email_malformed"): 1}
    report = json_of(database, "issues", "--wave", WAVE)
    assert report["totals"]["count"] == 3
    row = rows_by(report, "unit")["HG-SYTE"]
    assert (row["issue"], row["who"]) == ("E-mail sai định dạng", "Đơn vị") and "Sửa thành" in row["what_to_do"]
    assert json_of(database, "issues", "--unit", "HG-SYTE", "--lang", "en")["rows"][0]["issue"] == "Malformed e-mail"
    assert json_of(database, "issues", "--unit", "HG-STP")["notes"] == ["Không có lỗi dữ liệu nào."]


def test_what_is_printed_names_no_command(database, tmp_path):
    """An office prints it; who sits at a terminal is told how to go on."""
    for f in ("html", "json", "text", "csv", "csv-excel"):
        assert "mooc-" not in database.aggregator("report", "issues", "--format", f).stdout
        assert "mooc-" not in database.aggregator("issues", "--format", f).stdout
    assert "`mooc-aggregator issues --export DIR`" in database.aggregator("report", "issues").stdout
    assert "`mooc-aggregator config load DIR`" in database.aggregator("report", "issues", "--lang", "en").stdout
    texts = database.query("SELECT to_do_vi || to_do_en FROM pulse.issue_kinds")
    assert len(texts) > 25 and not any("mooc-" in t for t, in texts)


def test_groups_in_text_are_called_groups(database):
    lines = text_of(database, "groups", "--wave", WAVE).splitlines()
    assert any(". Sở y tế, Tổ 17: Đăng ký 18; Tham gia học 0; " in line for line in lines), lines[6:]


def test_the_monthly_report_in_text_has_a_line_for_each_heading(database):
    lines = text_of(database, "monthly", "--training", NA, "--month", "2023-07").splitlines()
    at = lines.index("2. Đợt 1:")
    assert lines[at:at + 6] == [
        "2. Đợt 1:", "   - Kế hoạch 4.500; Đăng ký 40", "   - Trong tháng: Mới tham gia học 20; Mới đạt 6",
        "   - Lũy kế đến hết tháng 7/2023: Tham gia học 20; Đạt 6", "   - Đến thời điểm báo cáo: Hoàn thành 20; Được cấp chứng nhận 16",
        "   - Tỷ lệ: Đăng ký / kế hoạch 0,9%; Tham gia / đăng ký 50,0%; Đạt / đăng ký 15,0%"]
    assert "4. Đợt 3: Kế hoạch 4.500" in lines


def test_completion_that_nobody_tells_is_no_zero(database):
    """Of a training without a rule, and where certificates are known and nobody's progress is: in every view that counts completion."""
    def counted(c, training):
        asked = {"participation": "unit IS NOT NULL", "participation_training": "unit IS NOT NULL", "unit_rollup": "true", "unit_rollup_training": "true",
                 "group_status": "true"}
        return {known for view, where in asked.items() for (known,) in c.execute(
            f"SELECT completed IS NOT NULL FROM bi.{view} WHERE registered > 0 AND training = %s AND {where}", (training,))}
    with database.owner() as c, c.transaction(force_rollback=True):
        assert counted(c, world.HG) == {True} and counted(c, world.NA) == {True}
        c.execute("UPDATE gen_1.tallies SET completed = 0 WHERE training = %s", (world.HG,))
        assert counted(c, world.HG) == {False}, "2,072 certificates, and nobody completed"
        assert counted(c, world.NA) == {True}
        c.execute("UPDATE gen_1.tallies SET certified = 0 WHERE training = %s", (world.HG,))
        assert counted(c, world.HG) == {True}, "nobody has finished yet"
        overdue = "SELECT sum(overdue), sum(not_computable) FROM bi.deadline_status WHERE training = %s"
        assert c.execute(overdue, (world.NA,)).fetchone()[1] == 0
        c.execute("UPDATE pulse.trainings SET completion_min_progress = NULL, completion_by = NULL, completion_min_attendance = NULL")
        c.execute("UPDATE gen_1.tallies SET completed = 0, certified = 0")
        assert counted(c, world.HG) == counted(c, world.NA) == {False}
        learners, begun = c.execute("SELECT sum(learners), sum(learners) FILTER (WHERE isfinite(day_0)) FROM gen_1.deadlines").fetchone()
        assert learners > begun, "some have not begun"
        assert c.execute(overdue, (world.NA,)).fetchone() == (0, begun), "whether a day was kept is not known either"


def test_headcounts_are_appendix_ii_as_printed(database):
    done = database.aggregator("report", "headcounts", "--unit", "QNG-TINHCHAU", "--format", "csv").stdout
    rows = list(csv.DictReader(io.StringIO(done)))
    assert [(r["no"], r["activity"]) for r in rows[:3]] == [(str(n), a) for n, a in enumerate(world.ACTIVITIES, 1)]
    assert [tuple(int(r[a]) for a in ("cbccvc", "to-cong-nghe-so", "nguoi-dan")) for r in rows] == [*world.APPENDIX_II, (68, 57, 2831)]
    assert rows[3]["activity"] == "Tổng Cộng"
    report = json_of(database, "headcounts", "--training", world.QNG)
    assert tuple(c["label"] for c in report["columns"][2:5]) == PRINTED_HEADINGS
    assert any("lượt người, không phải số người" in n for n in report["notes"]) and "Chưa nộp biểu: Xã Tịnh Khê." in report["notes"]
    text = text_of(database, "headcounts", "--training", world.QNG)
    assert "Đơn vị tính: lượt người" in text and "Hoạt động gần nhất: ngày 21/09/2023\n" in text and "09:00" not in text
    empty = json_of(database, "headcounts", "--unit", "QNG-TINHKHE")
    assert empty["rows"] == [] and "totals" not in {k for k, v in empty.items() if v}
    assert "Chưa nộp biểu: không có dữ liệu, không phải 0." in empty["notes"]
    assert "These are attendances, not people." in text_of(database, "headcounts", "--training", world.QNG, "--lang", "en")


def test_audiences_are_anybodys_words(database):
    """Also those by which the form calls its own columns, and the one for forms that tell none."""
    codes = {"no": 1, "activity": 2, "remarks": 4, "unknown": 8, None: 16, "nguoi-dan": 32}
    for row, (code, people) in enumerate(codes.items()):
        database.query("""INSERT INTO gen_1.headcounts VALUES (gen_random_uuid(), true, 'QNG-2023-XA', 'QNG-TINHKHE', 'Chợ quê', NULL, %s, %s,
                       'bieu', '2023-09-21 02:00:00Z', 'moi.xlsx', 'A', %s, 1, 1)""", [code] if code else [], people, row)
    try:
        for report in (json_of(database, "headcounts", "--unit", "QNG-TINHKHE"),
                       json_of(database, "headcounts", "--unit", "QNG-TINHKHE", "--lang", "en")):
            row, = report["rows"]
            assert row | {"remarks": None} == {
                "no": 1, "activity": "Chợ quê", "cbccvc": None, "to-cong-nghe-so": None, "nguoi-dan": 32, "audience:activity": 2,
                "audience:no": 1, "audience:remarks": 4, "audience:unknown": 8, "unknown": 16, "remarks": None}
    finally:
        database.query("DELETE FROM gen_1.headcounts WHERE file = 'moi.xlsx'")


def test_targets_show_every_planned_unit(database):
    rows = rows_by(json_of(database, "targets", "--training", world.VP), "target")
    say = lambda r: (r["planned"], r["actual"], r["state"], r["status"])
    assert say(rows["VP-NGUOI-DAN"]) == ("khoảng 10.000", 13, "not_reached", "Chưa đạt")
    assert say(rows["VP-DAOTRU-T1"]) == ("3–5", 4, "reached", "Đạt"), "three to five of each village"
    assert say(rows["VP-DAOTRU-T2"]) == ("3–5", 7, "exceeded", "Vượt")
    assert say(rows["VP-DAOTRU-T4"]) == ("3–5", None, "no_list", "Chưa gửi danh sách")
    forms = rows_by(json_of(database, "targets", "--training", world.QNG), "target")
    assert say(forms["TC-RAQUAN"]) == ("196 (7 người × 28)", 203, "exceeded", "Vượt"), "seven citizens for each of 28 members"
    assert say(forms["TC-CBCC"]) == ("29 (100% của 29)", 29, "reached", "Đạt")
    assert say(forms["TK-RAQUAN"])[1:] == (None, "no_form", "Chưa nộp biểu")
    plan = rows_by(json_of(database, "targets", "--training", NA), "target")
    assert (plan["NA-TRUC-TUYEN"]["planned_low"], plan["NA-TRUC-TUYEN"]["actual"]) == (36000, 260)
    assert (plan["NA-TRUC-TIEP"]["planned"], plan["NA-TRUC-TIEP"]["actual"], plan["NA-TRUC-TIEP"]["until"]) == ("1.000", 198, "2023-09-14")
    assert len(plan) == 60, "every line of the plan"
    english = rows_by(json_of(database, "targets", "--training", world.VP, "--lang", "en"), "target")
    assert (english["VP-NGUOI-DAN"]["planned"], english["VP-DAOTRU-T4"]["status"]) == ("about 10,000", "No list received")


def test_what_is_not_there_is_refused_with_what_there_is(database):
    assert all(name in refused(database, "x") for name in ("appendix1", "waves", "monthly", "deadlines", "issues", "headcounts", "targets", "summary"))
    asked = refused(database, "appendix1")
    assert "which wave? --wave takes one of: " in asked and asked.index("DA06-2023-HG") < asked.index("NA-2023-D8") < asked.index("NA-2023-D1"), "latest first"
    assert 'there is no wave "X"' in refused(database, "summary", "--wave", "X")
    assert f"which training? --training takes one of: {world.HG}, {NA}" in refused(database, "waves")
    assert f'there is no training "X"; there are: {world.HG}' in refused(database, "monthly", "--training", "X")
    assert 'training NA-2023 has no wave "DA06-2023-HG"' in refused(database, "deadlines", "--training", NA, "--wave", WAVE)
    assert 'there is no unit "X"; there are: NA, QNG, ' in refused(database, "targets", "--unit", "X")
    for month in ("2023-13", "2023-09", "july", "2022-01"):
        assert f'there is no month "{month}" to report; --month takes 2023-06 to 2023-08' in refused(
            database, "monthly", "--training", NA, "--month", month)
    assert "--month is no option of report waves, but of: report (headcounts, monthly)" in refused(database, "waves", "--training", NA, "--month", "2023-07")
    assert "--unit is no option of report appendix2" in refused(database, "appendix2", "--training", world.HG, "--unit", "HG")


def test_why_refuses_a_cell_that_there_is_not(database):
    """An empty list would say that nobody counts there."""
    def why(cell, *more):
        return refused(database, "appendix1", "--wave", WAVE, "--why", cell, *more)
    assert 'there is no unit "HG-SYT"; there are: NA, QNG, ' in why("unit=HG-SYT measure=passed")
    assert "bi.units has all" in why("unit=HG-SYT measure=passed")
    assert f'there is no training "DA06"; there are: {world.HG}, {NA}' in why("training=DA06 measure=passed")
    assert 'there is no wave "DA06-2023-HH"; there are: DA06-2023-BD' in why("wave=DA06-2023-HH measure=passed")
    assert f'training {NA} has no wave "{WAVE}"; it has: NA-2023-D1, ' in why(f"training={NA} measure=passed wave={WAVE}")
    assert 'there is no group "9999" in it; there are: 9, 15, 17, ' in why("unit=HG-SYTE group=9999 measure=passed")
    assert "of no unit, group or wave" in why("unit=HG-SYTE measure=not_registered")
    # What there is may be empty: then that is said.
    nobody = database.aggregator("report", "appendix1", "--wave", WAVE, "--why", "unit=HG-SYTE group=17 measure=not_passed", "--lang", "en").stdout
    assert "Nobody counts in this cell." in nobody and "0 people" not in nobody
    unknown = database.aggregator("report", "appendix1", "--wave", WAVE, "--why", "unit=HG-SYTE group=17 measure=completed", "--lang", "en").stdout
    assert "it is not known who completed" in unknown and "it is not known" not in nobody
    outside = database.aggregator("report", "appendix1", "--wave", WAVE, "--why", "measure=not_registered").stdout
    assert "Không có ai ngoài danh sách: ai có dữ liệu học đều có tên trong danh sách." in outside
    assert f"measure=not_registered training={world.HG}" in outside, "of no wave"


def test_explain_tells_the_origin_and_the_statements_run_as_they_are(database, tmp_path):
    told = database.aggregator("report", "appendix1", "--wave", WAVE, "--unit", "HG-SYTE", "--explain").stdout
    assert told.startswith("-- SỐ LIỆU THỐNG KÊ") and "-- Phiên bản số liệu: 1," in told and "-- Danh mục: phiên bản 1," in told
    assert "-- Thời gian: giờ Việt Nam (Asia/Ho_Chi_Minh, UTC+7)" in told
    assert "-- Đầy đủ đến: daotao grades: 2023-09-29 17:00:00 +07:00" in told and "onetouch" not in told, "what feeds another training is left out"
    out = tmp_path / "script.sql"
    out.write_text(told, encoding="utf-8")
    rows = subprocess.run(["psql", "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-f", out, database.writer], capture_output=True, text=True, check=True)
    assert rows.stdout.splitlines()[0].startswith("HG-SYTE|Sở y tế||729|562|"), "the row of the printed table"
    path = tmp_path / "waves.json"
    beside = database.aggregator("report", "waves", "--training", NA, "--explain", "--lang", "en", "--out", path).stdout
    assert json.loads(path.read_text())["totals"]["registered"] == 260 and "-- Complete through: onetouch progress: 2023-08-06 00:00:00 +07:00" in beside
    for name, *arguments in (("summary", "--wave", WAVE), ("monthly", "--training", NA), ("targets",), ("issues",), ("deadlines", "--training", NA),
                             ("headcounts", "--unit", "QNG-TINHCHAU"), ("appendix2", "--training", world.HG), ("groups", "--wave", WAVE)):
        out.write_text(database.aggregator("report", name, *arguments, "--explain").stdout, encoding="utf-8")
        subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", out, database.writer], capture_output=True, check=True)


def test_an_unknown_name_is_told_before_another_is_asked_for(database):
    """Of several waves none is named: that the training, or the unit, is not there comes first."""
    for report in ("appendix1", "groups", "participation", "summary", "waves", "monthly", "deadlines", "issues", "headcounts", "targets"):
        said = refused(database, report, "--training", "XYZ")
        assert 'there is no training "XYZ"; there are: ' in said and world.NA in said, said
        said = refused(database, report, "--unit", "hg-syte")
        assert 'there is no unit "hg-syte"; did you mean HG-SYTE? All ' in said and "are in units.csv" in said, said
    for report in ("appendix1", "appendix2", "groups", "summary", "deadlines", "issues", "headcounts", "targets"):
        assert f'there is no wave "{WAVE}G"; did you mean {WAVE}' in refused(database, report, "--wave", WAVE + "G")
        assert f'training {NA} has no wave "{WAVE}"' in refused(database, report, "--wave", WAVE, "--training", NA)
    assert "which wave? --wave takes one of: " in refused(database, "appendix1")
    assert 'there is no unit "Sở Y tế"; did you mean HG-SYTE' in refused(database, "appendix1", "--unit", "Sở Y tế")


def test_names_of_other_commands_are_told_the_same_way(database):
    assert "did you mean HG-SYTE?" in database.aggregator("verify", "--unit", "SYTE", code=2).stderr
    assert 'there is no training "XYZ"; there are: ' in database.aggregator("verify", "--training", "XYZ", code=2).stderr
    assert "did you mean HG-SYTE?" in database.aggregator("issues", "--unit", "SYTE", code=2).stderr
    said = database.aggregator("close", "--wave", WAVE, "--at", "2023-10-02", "--doc", "1", "--without", "daotoa", code=2).stderr
    assert f'--without: no source "daotoa" feeds the training of wave {WAVE}; there are: ' in said


@pytest.fixture(scope="module")
def as_login(database, tmp_path_factory):
    """The program as a BI tool's login of these units (none: of all) runs it."""
    password, made = tmp_path_factory.mktemp("login") / "password", []
    password.write_text("correct horse battery\n")
    password.chmod(0o600)

    def login(*units):
        made.append(f"bi_{uuid.uuid4().hex[:10]}")
        database.aggregator("bi-user", "add", made[-1], "--password-file", password, *(("--unit", ",".join(units)) if units else ()))
        reader = PrivateDatabase(database.name)
        reader.writer = database.writer.replace("user=mooc_writer", f"user={made[-1]}")
        return reader
    yield login
    for name in made:
        database.aggregator("bi-user", "drop", name)


EVERY_REPORT = (("appendix1", "--wave", WAVE), ("groups", "--wave", WAVE), ("participation", "--wave", WAVE), ("waves", "--training", world.HG),
                ("monthly", "--training", world.HG, "--month", "2023-08"), ("deadlines", "--training", world.HG), ("issues",), ("headcounts",),
                ("targets",), ("summary", "--wave", WAVE))


def test_a_bi_login_prints_the_same_reports(database, as_login):
    """Reports read the views of schema bi alone, and so does it."""
    reader = as_login()
    for arguments in (*EVERY_REPORT, ("appendix2", "--training", world.HG), ("summary", "--training", NA), ("monthly", "--training", NA)):
        assert text_of(reader, *arguments) == text_of(database, *arguments), arguments
    assert "FROM bi." in reader.aggregator("report", "waves", "--training", NA, "--explain").stdout
    with psycopg.connect(reader.writer) as c, pytest.raises(psycopg.errors.InsufficientPrivilege):
        c.execute("SELECT * FROM pulse.today")


def test_a_login_of_a_unit_prints_the_reports_of_that_unit(database, as_login):
    """Row security leaves the others out: a total over the rest must not pass for the province's."""
    reader = as_login("HG-SYTE")
    for arguments in EVERY_REPORT:
        assert text_of(reader, *arguments) == text_of(database, *arguments, "--unit", "HG-SYTE"), arguments
    for language, said in (("vi", "việc nạp lại danh mục: đề nghị người quản trị"), ("en", "loading the reference data again: ask the operator")):
        told = reader.aggregator("report", "issues", "--lang", language).stdout
        assert said in told and "bi.data_issues" in told and "mooc-aggregator" not in told, "no command that this login may not give"
    assert '"HG-XINMAN" is not there' in refused(reader, "appendix1", "--wave", WAVE, "--unit", "HG-XINMAN")
    assert '"HG" is not there' in refused(reader, "appendix1", "--wave", WAVE, "--unit", "HG")
    lines = text_of(reader, "appendix2", "--training", world.HG).splitlines()
    assert "Chỉ gồm số liệu được xem của: HG-SYTE" in lines
    assert not any("Thái Bình" in line for line in lines)
    two = as_login("HG-SYTE", "HG-XINMAN")
    assert "which unit? this login sees, with those below: HG-SYTE,HG-XINMAN" in refused(two, "appendix1", "--wave", WAVE)
    assert text_of(two, "appendix1", "--wave", WAVE, "--unit", "HG-XINMAN") == text_of(database, "appendix1", "--wave", WAVE, "--unit", "HG-XINMAN")
    province = as_login("HG")
    assert text_of(province, "summary", "--wave", WAVE) == text_of(database, "summary", "--wave", WAVE, "--unit", "HG")


def test_what_more_than_the_views_is_needed_for_is_refused_to_a_bi_login(as_login, tmp_path):
    reader = as_login()
    for arguments in (("appendix1", "--wave", WAVE, "--at", "2023-10-02"), ("appendix1", "--wave", WAVE, "--why", "measure=passed"), ("closed",),
                      ("appendix1", "--closed", "1"), ("changes", "--since", "1"), ("pack", "--period", "2023-09", "--out", tmp_path / "pack")):
        assert "is for BI tools" in refused(reader, *arguments), arguments
