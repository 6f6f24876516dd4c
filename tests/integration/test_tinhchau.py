"""Tịnh Châu, September 2023: Appendix II counts attendances by activity and audience. They come as a form, are corrected by a form sent
again, stay apart from people, and are held against quotas per helper; a commune that sent none is shown as such."""
import csv

import openpyxl
import pytest

from harness.stack import ROOT
from scenario_site import Cells, Site, table

pytestmark = pytest.mark.scenario
REFERENCE = ROOT / "config/tinhchau-2023"
OFFICIALS, TEAM, CITIZENS = AUDIENCES = ("cbccvc", "to-cong-nghe-so", "nguoi-dan")
HEAD = ("Stt", "Tên hoạt động", "Số lượng CB, CC, NHDKCT được hướng dẫn, tập huấn",
        "Số lượng thành viên Tổ CNSCĐ xã được hướng dẫn, tập huấn",
        "Số lượng người dân hưởng ứng và được tập huấn, hướng dẫn", "Đợt", "Ghi chú")
ACTIVITIES = ("Tổ Công nghệ số cộng đồng các cấp trên địa bàn xã ra quân hướng cho người dân về kỹ năng khai thác và sử dụng các nền tảng số",
              "Tập huấn chuyển đổi số trên địa bàn xã",
              "Tham gia chương trình tập huấn Tổ Công nghệ số cộng đồng các địa phương do Sở Thông tin và Truyền thông tổ chức")
WAVES = ("QNG-2023-RAQUAN", "QNG-2023-XA", "QNG-2023-STTTT")
PRINTED = ((29, 19, 203), (29, 19, 2400), (10, 19, 228))  # Appendix II
TOTALS = (68, 57, 2831)


def form(path, commune, numbers, totals):
    """The appendix with its heading and its sum, as a workbook or as CSV."""
    rows = [("PHỤ LỤC II",), ("SỐ LƯỢNG NGƯỜI THAM GIA CÁC HOẠT ĐỘNG TẬP HUẤN, HƯỚNG DẪN VỀ CHUYỂN ĐỔI SỐ",),
            (f"(Kèm theo Báo cáo của UBND {commune})",), (), HEAD]
    rows += [(n, *row) for n, row in enumerate(zip(ACTIVITIES, *zip(*numbers), WAVES, ("",) * 3), 1)]
    rows += [("Tổng Cộng", "", *totals)]
    if path.suffix == ".csv":
        with open(path, "w", encoding="utf-8", newline="") as f:
            csv.writer(f).writerows(rows)
    else:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(path)
    return path


def counted(site, unit):
    """{(activity, audience): attendances}"""
    return table(site.query("SELECT activity, audience, sum(attendances)::int FROM bi.headcounts WHERE unit = %s GROUP BY 1, 2", unit), 2,
                 ("attendances",))


def expected(numbers):
    return {(a, audience): {"attendances": n} for a, row in zip(ACTIVITIES, numbers) for audience, n in zip(AUDIENCES, row)
            if n is not None}


def targets(site):
    return {row[0]: row[1:] for row in site.query(
        "SELECT target, planned_low::int, actual::int, state, status FROM bi.target_progress ORDER BY target")}


@pytest.fixture
def site(stack):
    inboxes = {u: stack.folder / f"inbox-{u}" for u in ("QNG-TINHCHAU", "QNG-TINHKHE")}
    sources = [{"name": f"bieu-{n}", "kind": "files", "holds": "headcount", "unit": u, "inbox": str(inbox), "poll": "200ms"}
               for n, (u, inbox) in enumerate(inboxes.items(), 1)]
    for inbox in inboxes.values():
        inbox.mkdir()
    made = Site(stack, REFERENCE, sources)
    made.inboxes = inboxes
    return made


def test_appendix_2(site, tmp_path):
    def settles(unit, numbers):
        def compare():
            cells = Cells()
            cells.equal("bi.headcounts", expected(numbers), counted(site, unit), ("attendances",))
            return cells
        site.settles(compare, 20)

    nothing = {"TC-CBCC": (29, None, "no_form", "Chưa nộp biểu"), "TC-RAQUAN": (196, None, "no_form", "Chưa nộp biểu"),
               "TK-RAQUAN": (210, None, "no_form", "Chưa nộp biểu")}
    assert targets(site) == nothing

    # Sent in a hurry: one number wrong, one not known, which is not zero.
    wrong = ((28, 19, 203), (29, 19, 2300), (10, None, 228))
    site.drop({site.inboxes["QNG-TINHCHAU"]: [form(tmp_path / "bieu.xlsx", "xã Tịnh Châu", wrong, TOTALS)]})
    settles("QNG-TINHCHAU", wrong)
    assert targets(site) == nothing | {"TC-CBCC": (29, 28, "not_reached", "Chưa đạt"), "TC-RAQUAN": (196, 203, "exceeded", "Vượt")}

    # Sent again, corrected: every cell of the table, and its sums.
    site.drop({site.inboxes["QNG-TINHCHAU"]: [form(tmp_path / "bieu-sua.csv", "xã Tịnh Châu", PRINTED, TOTALS)]})
    settles("QNG-TINHCHAU", PRINTED)
    sums = dict(site.query("SELECT audience, sum(attendances)::int FROM bi.headcounts WHERE unit = 'QNG-TINHCHAU' GROUP BY 1"))
    assert sums == dict(zip(AUDIENCES, TOTALS))
    assert targets(site) == nothing | {"TC-CBCC": (29, 29, "reached", "Đạt"), "TC-RAQUAN": (196, 203, "exceeded", "Vượt")}

    # Attendances are not people.
    assert site.query("SELECT count(*) FROM gen_1.tallies") == [(0,)]
    assert site.query("SELECT coalesce(sum(registered), 0), coalesce(sum(participated), 0) FROM bi.participation_all") == [(0, 0)]

    # The other commune's form comes at last.
    late = ((12, 30, 150), (12, 30, 900), (12, 30, 0))
    site.drop({site.inboxes["QNG-TINHKHE"]: [form(tmp_path / "tinh-khe.xlsx", "xã Tịnh Khê", late, (36, 90, 1050))]})
    settles("QNG-TINHKHE", late)
    settles("QNG-TINHCHAU", PRINTED)
    assert targets(site)["TK-RAQUAN"] == (210, 150, "not_reached", "Chưa đạt")
    assert not site.query("SELECT * FROM bi.data_issues")
    site.stop()
