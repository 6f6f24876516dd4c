"""Reports on paper: XLSX and HTML of the Hà Giang world turned into PDF by LibreOffice, HTML by Chromium too, and the pages read."""
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET

import pytest

import test_report
from private_database import private_database

pytestmark = pytest.mark.long

ATTACHED = "Báo cáo số 555/CAT-QLHC ngày 02/10/2023 của Công an tỉnh"
TABLES = ("appendix1", "appendix2", "groups", "participation")
REPORTS = (*TABLES, "waves", "monthly", "deadlines", "issues", "headcounts", "targets", "summary")
# By (format, program).
PRINTERS = [("xlsx", "soffice"), ("html", "soffice"), ("html", "chromium")]


def need(program):
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed: apt-get install libreoffice-calc libreoffice-writer chromium "
                    "poppler-utils fonts-liberation")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    with private_database() as database:
        test_report.fill(database)
        for name in REPORTS:
            for ending in ("xlsx", "html"):
                of = ["--training", "DA06-2023", "--month", "2023-09"] if name == "monthly" else ["--wave", test_report.WAVE]
                database.aggregator("report", name, *of, "--attached-to", ATTACHED, "--place", "Hà Giang",
                                    "--signer", "KT. GIÁM ĐỐC|PHÓ GIÁM ĐỐC", "--out", folder / f"{name}.{ending}")
    return folder


def print_by_soffice(files, ending, out, profile):
    subprocess.run(["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", "pdf", "--outdir", out,
                    *[files / f"{name}.{ending}" for name in REPORTS]], check=True, capture_output=True, timeout=180)


def print_by_chromium(files, ending, out, profile):
    for name in REPORTS:
        subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}",
                        "--no-pdf-header-footer", f"--print-to-pdf={out / (name + '.pdf')}", f"file://{files / name}.{ending}"],
                       check=True, capture_output=True, timeout=120)


class Printed:
    """A PDF: its pages as text, laid out as they stand."""

    def __init__(self, path):
        self.path = path
        info = subprocess.run(["pdfinfo", "-l", "-1", path], check=True, capture_output=True, text=True).stdout
        self.sizes = {(round(float(w)), round(float(h))) for w, h in re.findall(r"size: +([\d.]+) x ([\d.]+)", info)}
        count = int(re.search(r"Pages: +(\d+)", info)[1])
        self.pages = [subprocess.run(["pdftotext", "-layout", "-f", str(i), "-l", str(i), path, "-"], check=True,
                                     capture_output=True, text=True).stdout for i in range(1, count + 1)]

    def page_of(self, text):
        found = [i for i, page in enumerate(self.pages) if text in page]
        assert len(found) == 1, f"{text!r} stands on pages {found}"
        return found[0]

    def words(self, page):
        """(word, left, right, height) of a page, in points."""
        text = subprocess.run(["pdftotext", "-bbox", "-f", str(page + 1), "-l", str(page + 1), self.path, "-"], check=True,
                              capture_output=True, text=True).stdout
        root = ET.fromstring(text[text.index("<html"):])
        for word in root.iter("{http://www.w3.org/1999/xhtml}word"):
            left, top, right, bottom = (float(word.get(k)) for k in ("xMin", "yMin", "xMax", "yMax"))
            yield word.text, left, right, bottom - top


@pytest.fixture(scope="module", params=PRINTERS, ids=lambda p: f"{p[0]}-{p[1]}")
def printed(request, files, tmp_path_factory):
    ending, program = request.param
    need(program)
    need("pdftotext")
    out, profile = tmp_path_factory.mktemp(f"{ending}-{program}"), tmp_path_factory.mktemp("profile")
    {"soffice": print_by_soffice, "chromium": print_by_chromium}[program](files, ending, out, profile)
    printed = {name: Printed(out / f"{name}.pdf") for name in REPORTS}
    # LibreOffice numbers no pages of an HTML file: it knows no margin boxes.
    printed["numbered"] = request.param != ("html", "soffice")
    printed["browser"] = program == "chromium"
    return printed


@pytest.mark.parametrize("name", REPORTS)
def test_pages_are_a4_across_and_numbered(printed, name):
    paper = printed[name]
    assert {(842, 595)} == {(w, h) if h != 594 else (w, 595) for w, h in paper.sizes}
    for i, page in enumerate(paper.pages if printed["numbered"] else [], 1):
        assert f"Trang {i}/{len(paper.pages)}" in page


@pytest.mark.parametrize("name", REPORTS)
def test_everything_is_inside_the_page(printed, name):
    for page in range(len(printed[name].pages)):
        for word, left, right, _ in printed[name].words(page):
            assert 30 < left < right < 842 - 30, word


@pytest.mark.parametrize("name", TABLES)
def test_type_is_of_thirteen_points(printed, name):
    # A letter of another font begins a new word. Ascent and descent of Liberation Serif take 1.107 of its size.
    sizes = [w[3] / 1.107 for w in printed[name].words(0) if w[0].startswith(("Huy", "Khá"))]
    assert sizes, "the table begins on page 1"
    assert min(sizes) >= (9.5 if name == "participation" else 12.6), "nineteen columns are the only ones that shrink"


def test_appendix1_has_whole_rows_under_repeated_headings(printed):
    paper = printed["appendix1"]
    tables = [page for page in paper.pages if re.search(r"^ *\d+ +(Huyện|Sở|Cục|Công an)", page, re.M)]
    assert len(tables) >= 2
    for page in tables:
        assert "TT." in page and "Kết quả thi cuối khóa" in page and "(*)" in page, "headings of both levels on every page"
    whole = "\n".join(paper.pages)
    assert re.search(r"12 +Sở y tế +729 +562 +77,1% +492 +67,5% +487 +242 +66,8% +99,0%", whole)
    assert len(re.findall(r"^ *\d+ +[^%\n]* \d+ +\d+ +\d+,\d% +\d+ +\d+,\d% +\d+ +\d+ +\d+,\d% +\d+,\d%$", whole, re.M)) >= 30
    assert re.search(r"Tổng số +2\.716 +2\.287 +84,2% +2\.103 +77,4% +2\.072 +644 +76,3% +98,5%", whole)


def test_appendix1_says_what_it_is_and_is_signed(printed):
    paper = printed["appendix1"]
    first = paper.pages[0]
    assert first.index("PHỤ LỤC") < first.index("SỐ LIỆU THỐNG KÊ") < first.index(f"(Phụ lục kèm theo {ATTACHED})")
    assert "Số liệu tính đến 17:00 29/09/2023" in first
    signed = paper.page_of("PHÓ GIÁM ĐỐC")
    assert re.search(r"Hà Giang, ngày …+ tháng …+ năm …+\s+KT\. GIÁM ĐỐC\s+PHÓ GIÁM ĐỐC", paper.pages[signed])
    if not printed["browser"]:  # browsers do not keep the end of a table with what follows on a later page
        assert "Tổng số" in paper.pages[signed], "no signature stands on a page of its own"


def test_appendix2_and_groups(printed):
    paper = printed["appendix2"]
    assert re.search(r"Hà Giang +2\.716 +2\.072 +76,3%", "\n".join(paper.pages))
    assert re.search(r"16 +Hải Phòng +3\.552\n", "\n".join(paper.pages)), "no result is not zero"
    assert sum("Số đăng ký" in page for page in paper.pages) >= 2
    paper = printed["groups"]
    assert re.search(r"Sở y tế +153 +35 +2 +5,7%", paper.pages[0]) and "PHÓ GIÁM ĐỐC" in paper.pages[-1]


def squeezed(text):
    """Without blanks: where a letter comes from another font, the reader of PDF sees some."""
    return re.sub(r"\s", "", text)


def test_a_chart_stands_on_its_own_page(printed):
    for name, title, bar in (("appendix1", "Tỷ lệ học viên tham gia học theo đơn vị", "Huyện Xín Mần 31,0%"),
                             ("appendix2", "Tỷ lệ đạt theo số đăng ký của các tỉnh, thành", "Khánh Hòa 97,5%")):
        last = squeezed(printed[name].pages[-1])
        assert squeezed(title) in last and squeezed(bar) in last and "TT." not in last


def test_running_text_is_whole_and_signed(printed):
    whole = squeezed("".join(printed["summary"].pages))
    assert squeezed("Có 2.103/2.716 học viên tham gia học đạt tỷ lệ 77,4%") in whole
    assert "PHÓGIÁMĐỐC" in whole
    pages = [squeezed(re.sub(r"Trang \d+/\d+", "", page)) for page in printed["summary"].pages]
    heading = squeezed("2. Tồn tại, hạn chế")
    assert not any(page.endswith(heading) for page in pages), "a heading stands over what it leads"
    signed = next(page for page in pages if "PHÓGIÁMĐỐC" in page)
    assert heading in signed and "thamgiahọc(đạt0%)" in signed, "no signature stands on a page of its own"
