"""The lists as the offices send them: one workbook per unit, every office in its own style."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from .mess import UNKNOWN_NAME, UNKNOWN_UNIT, NO_CITIZEN_COLUMN, Listing, Mess
from .model import Person, World
from .names import FAMILY, GIVEN_M, MIDDLE_M, unaccented

HEADERS = {
    "no": ("TT", "STT", "Số TT"),
    "name": ("Họ và tên", "Họ tên", "HỌ VÀ TÊN", "Họ và tên học viên"),
    "born": ("Ngày sinh", "Ngày, tháng, năm sinh", "Ngày tháng năm sinh"),
    "citizen": ("Số CCCD", "CMND/CCCD", "Số CCCD/CMND", "Số\nCCCD", "Số định danh cá nhân"),
    "email": ("Email", "Thư điện tử", "Địa chỉ email", "E-mail"),
    "phone": ("Số điện thoại", "SĐT", "Điện thoại", "Số ĐT"),
    "unit": ("Đơn vị", "Đơn vị công tác", "Cơ quan, đơn vị"),
    "group": ("Tổ", "Tổ học tập", "Tổ số"),
    "post": ("Chức vụ", "Chức danh"),
    "note": ("Ghi chú",),
}
ORDERS = (
    ("no", "name", "born", "citizen", "email", "phone", "unit", "group"),
    ("no", "name", "born", "citizen", "phone", "email", "unit", "group", "note"),
    ("no", "group", "unit", "name", "born", "post", "citizen", "email", "phone"),
    ("no", "name", "post", "unit", "born", "citizen", "phone", "email", "group"),
)
POSTS = (
    "Chuyên viên",
    "Công chức",
    "Viên chức",
    "Phó Trưởng phòng",
    "Văn thư",
    "Giáo viên",
    "Y sĩ",
    "Cán bộ",
    "Kế toán",
)
# Spellings that differ from unit to unit and are all covered by names, aliases or folding.
SPELLINGS = {
    "HG-SYTE": ("Sở y tế", "Sở Y tế", "SỞ Y TẾ", "Sở  Y tế "),
    "HG-XINMAN": ("UBND huyện Xín Mần", "Huyện Xín Mần", "H. Xín Mần", "HUYỆN XÍN MẦN"),
    "HG-BACQUANG": ("UBND huyện Bắc Quang", "huyện Bắc Quang"),
    "HG-SGDDT": ("Sở GD&ĐT", "Sở Giáo dục và Đào tạo", "Sở GD & ĐT"),
    "HG-TPHAGIANG": ("TP. Hà Giang", "UBND thành phố Hà Giang"),
    "HG-TINHDOAN": ("Tỉnh đoàn",),
    "HG-STTTT": ("Sở TT&TT",),
    "HG-CCB": ("Hội Cựu chiến binh tỉnh",),
    "HG-SLDTBXH": ("Sở LĐTBXH",),
    "HG-BHXH": ("BHXH tỉnh",),
    UNKNOWN_UNIT: (UNKNOWN_NAME,),
}
DECOMPOSED = (
    "HG-MEOVAC",
    "HG-SXD",
)  # text typed on a machine that writes accents as combining marks


@dataclass
class Written:
    """A row as it stands in a file (row numbers as the spreadsheet program shows them)."""

    file: str
    sheet: str
    row: int
    person: int
    fault: str
    replacement: str


class Office:
    """The habits of one office."""

    def __init__(self, rng: random.Random, code: str, printed: str, number: int):
        self.rng = rng
        self.code = code
        self.printed = printed
        self.order = [
            c
            for c in ORDERS[number % len(ORDERS)]
            if not (c == "citizen" and code == NO_CITIZEN_COLUMN)
        ]
        self.titles = {k: v[number % len(v)] for k, v in HEADERS.items()}
        self.numeric_citizen = number % 3 != 1
        self.born_style = ("date", "text", "short")[number % 3]
        self.group_style = ("Tổ {}", "{}", "Tổ số {}")[number % 3]
        self.merge = number % 4 != 3
        self.lead = number % 3
        self.spellings = SPELLINGS.get(code, (printed,))
        plain = unaccented(printed).replace(" - ", " ")
        self.file = (
            f"DS dang ky MOOC - {plain.title()}.xlsx",
            f"Danh sách học viên ĐA06 - {printed}.xlsx",
            f"{plain.replace(' ', '_')}_ds_dao_tao(1).xlsx",
        )[number % 3]
        self.sheet = ("Sheet1", "Danh sách", "DS hoc vien")[number % 3]

    def unit_text(self, n: int) -> str:
        text = self.spellings[n % len(self.spellings)]
        return unicodedata.normalize("NFD", text) if self.code in DECOMPOSED else text

    def group_text(self, number: int):
        text = self.group_style.format(number)
        return int(text) if text.isdigit() else text

    def born(self, p: Person):
        if self.born_style == "date":
            return p.born
        if self.born_style == "text":
            return f"{p.born:%d/%m/%Y}"
        return f"{p.born.day}/{p.born.month}/{p.born.year}"

    def citizen(self, p: Person, listing: Listing):
        if not listing.citizen:
            return None
        if listing.old_citizen:
            return listing.old_citizen
        if self.numeric_citizen:
            return int(p.citizen)  # what a spreadsheet makes of it: leading zeros are gone
        if self.rng.random() < 0.05:
            return f"{p.citizen[:3]} {p.citizen[3:6]} {p.citizen[6:]}"
        return p.citizen

    def phone(self, p: Person):
        n = p.phone
        return self.rng.choice(
            (
                n,
                n,
                f"{n[:4]}.{n[4:7]}.{n[7:]}",
                f"{n[:4]} {n[4:7]} {n[7:]}",
                f"+84{n[1:]}",
                f"+84 {n[1:4]} {n[4:7]} {n[7:]}",
                f"84{n[1:]}",
                int(n),
                f"{n[:3]}-{n[3:6]}-{n[6:]}",
            )
        )

    def email(self, listing: Listing):
        text = listing.email
        if text and not listing.fault and self.rng.random() < 0.05:
            text = self.rng.choice((f" {text}", f"{text} ", text.upper(), f"{text}\u00a0"))
        return text or None


def _letterhead(ws, office: Office, width: int) -> int:
    """Fills the top of the sheet, returns the number of the header row."""
    right = max(width - 3, 4)
    ws.cell(1, 1, "UBND TỈNH HÀ GIANG")
    ws.cell(1, right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    ws.cell(2, 1, office.printed.upper())
    ws.cell(2, right, "Độc lập - Tự do - Hạnh phúc")
    row = 4 + office.lead
    ws.cell(row, 1, "DANH SÁCH ĐĂNG KÝ HỌC TRỰC TUYẾN MOOC ĐỀ ÁN 06").font = Font(
        bold=True, size=14
    )
    ws.merge_cells(start_row=row, start_column=1, end_row=row, end_column=width)
    ws.cell(row + 1, 1, "(Kèm theo Công văn số 59/TCTTKĐA06 ngày 14/9/2023)")
    ws.merge_cells(start_row=row + 1, start_column=1, end_row=row + 1, end_column=width)
    return row + 3 - office.lead % 2


def _foot(ws, office: Office, row: int, width: int, count: int) -> None:
    """The total and, below it, the signatures: a name in the name column that is no learner."""
    rng = office.rng
    ws.cell(row, 1, rng.choice(("Tổng cộng", f"Tổng cộng: {count} người", "TỔNG CỘNG")))
    if office.lead:
        ws.cell(row, width - 1, count)
    ws.merge_cells(start_row=row, start_column=1, end_row=row, end_column=2)
    right = max(width - 2, 5)
    ws.cell(row + 2, right, "Hà Giang, ngày 18 tháng 9 năm 2023")
    ws.cell(row + 3, 2, "NGƯỜI LẬP BIỂU")
    ws.cell(row + 3, right, "THỦ TRƯỞNG ĐƠN VỊ")
    ws.cell(row + 4, 2, "(Ký, ghi rõ họ tên)")
    ws.cell(row + 4, right, "(Ký tên, đóng dấu)")
    for column in (2, right):
        ws.cell(
            row + 7, column, f"{rng.choice(FAMILY)} {rng.choice(MIDDLE_M)} {rng.choice(GIVEN_M)}"
        )


def _sheet(
    ws, office: Office, groups: list[list[Person]], mess: Mess, first_no: int
) -> list[Written]:
    width = len(office.order)
    head = _letterhead(ws, office, width)
    column = {c: n + 1 for n, c in enumerate(office.order)}
    for c, n in column.items():
        cell = ws.cell(head, n, office.titles[c])
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, horizontal="center")
        ws.column_dimensions[get_column_letter(n)].width = (
            24 if c in ("name", "email", "unit") else 14
        )
    row, no, out = head + 1, first_no, []
    for block, members in enumerate(groups):
        top = row
        entries = [(p, "") for p in members]
        again = [p for p in members if mess.listings[p.index].twice]
        for p in again:
            entries.insert(
                office.rng.randrange(entries.index((p, "")) + 1, len(entries) + 1),
                (p, mess.listings[p.index].twice),
            )
        for p, twice in entries:
            listing = mess.listings[p.index]
            values = {
                "no": no,
                "name": p.name.upper() if twice == "upper" else p.name,
                "born": office.born(p),
                "citizen": None if twice == "bare" else office.citizen(p, listing),
                "email": office.email(listing),
                "phone": office.phone(p) if listing.phone else None,
                "post": office.rng.choice(POSTS),
                "note": None,
                "unit": office.unit_text(block) if row == top or not office.merge else None,
                "group": office.group_text(p.group) if row == top or not office.merge else None,
            }
            for c, n in column.items():
                value = values[c]
                if isinstance(value, str) and office.code in DECOMPOSED and c == "name":
                    value = unicodedata.normalize("NFD", value)
                if value is None:
                    continue
                cell = ws.cell(row, n, value)
                if c == "born" and office.born_style == "date":
                    cell.number_format = "dd/mm/yyyy"
                elif c == "citizen" and isinstance(value, int):
                    cell.number_format = "0"
            fault = listing.fault if listing.fault != "listed_twice" or twice else ""
            out.append(
                Written(
                    office.file, ws.title, row, p.index, fault, listing.replacement if fault else ""
                )
            )
            row, no = row + 1, no + 1
        if office.merge and row - top > 1:
            for c in ("unit", "group"):
                ws.merge_cells(
                    start_row=top, start_column=column[c], end_row=row - 1, end_column=column[c]
                )
    _foot(ws, office, row, width, no - 1)
    return out


def write(world: World, mess: Mess, rng: random.Random, folder: Path) -> list[Written]:
    """Writes one workbook per unit into folder; returns every row written, in order."""
    folder.mkdir(parents=True, exist_ok=True)
    out: list[Written] = []
    for number, code in enumerate(world.units):
        office = Office(rng, code, world.printed[code], number)
        groups: dict[int, list[Person]] = {}
        for p in world.people:
            if p.unit == code:
                groups.setdefault(p.group, []).append(p)
        blocks = [groups[g] for g in sorted(groups)]
        book = Workbook()
        sheet = book.active
        if code == "HG-SYTE":  # sent in two goes, the second one as a sheet of its own
            sheet.title = "DS đợt chính"
            main = [b for b in blocks if b[0].group < 100]
            rest = [b for b in blocks if b[0].group >= 100]
            out += _sheet(sheet, office, main, mess, 1)
            out += _sheet(book.create_sheet("DS bổ sung"), office, rest, mess, 1)
        else:
            sheet.title = office.sheet
            out += _sheet(sheet, office, blocks, mess, 1)
            if number % 5 == 0:
                book.create_sheet("Sheet2")
        book.properties.creator = "Văn thư"
        book.properties.created = book.properties.modified = datetime(2023, 9, 18, 9)
        book.save(folder / office.file)
    return out
